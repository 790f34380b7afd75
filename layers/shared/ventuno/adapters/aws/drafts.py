"""DraftSender on Lambda: the function `step_runner` sends, for it alone may read the passwords of accounts.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_lambda import LambdaClient

CONFIG: Final = Config(connect_timeout=2, read_timeout=25, retries={"total_max_attempts": 1})
"""The API has 29 s; a draft that takes longer is sent all the same."""
_TOLD: Final[dict[str, type[errors.ApiError]]] = {
    error.__name__: error for error in (errors.BadRequestError, errors.ConflictError, errors.NotFoundError)
}


class LambdaDraftSender:
    """The function of one stage. The client is made on first use."""

    def __init__(self, client: Callable[[], LambdaClient], function_arn: str) -> None:
        self._client_of = client
        self._function_arn = function_arn

    def send(self, draft_id: str, *, again: bool) -> None:
        """Send a draft. Raises: BadRequestError, ConflictError, NotFoundError, StoreUnavailableError"""
        event = {"sendDraft": draft_id, "again": again}
        try:
            answer = self._client_of().invoke(
                FunctionName=self._function_arn, Payload=json.dumps(event).encode()
            )
        except ReadTimeoutError as error:
            raise errors.StoreUnavailableError(
                "the draft is still being sent: look at it again in a minute"
            ) from error
        except (ClientError, BotoCoreError) as error:
            raise errors.StoreUnavailableError(f"the draft cannot be sent now: {error}") from error
        if answer.get("FunctionError"):
            raise _error(json.loads(answer["Payload"].read()))


def _error(told: Any) -> errors.VentunoError:  # noqa: ANN401 - what Lambda tells
    kind, message = str(told.get("errorType")), str(told.get("errorMessage"))
    if kind in _TOLD:
        return _TOLD[kind](message)
    return errors.StoreUnavailableError(f"the draft was not sent: {kind}: {message}")
