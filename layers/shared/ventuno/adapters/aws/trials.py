"""Trials on Lambda: the function `step_runner` tries a step, with the role that steps have.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_lambda import LambdaClient

    from ventuno.json_value import JsonObject, JsonValue

LONGEST_SECONDS: Final = 25
"""The gateway waits for 30 s, of which some are left to start and to answer."""
# One attempt: a second one would send the request twice.
CONFIG: Final = Config(connect_timeout=2, read_timeout=LONGEST_SECONDS, retries={"total_max_attempts": 1})


class LambdaTrials:
    """The function of one stage. The client is made on first use."""

    def __init__(self, client: Callable[[], LambdaClient], function_arn: str) -> None:
        self._client_of = client
        self._function_arn = function_arn

    def try_step(self, step: JsonObject, values: Mapping[str, JsonValue]) -> JsonObject:
        """Try a step. Raises: BadRequestError, StoreUnavailableError"""
        payload = json.dumps({"try": {"step": step, "values": dict(values)}}).encode()
        try:
            answer = self._client_of().invoke(FunctionName=self._function_arn, Payload=payload)
        except ReadTimeoutError as error:
            raise errors.BadRequestError(
                f"the step takes longer than {LONGEST_SECONDS} s; `ventuno try` waits for it"
            ) from error
        except (ClientError, BotoCoreError) as error:
            raise errors.StoreUnavailableError(f"the step cannot be tried now: {error}") from error
        told: Any = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise errors.StoreUnavailableError(f"the step cannot be tried now: {told.get('errorMessage')}")
        if "refused" in told:
            raise errors.BadRequestError(str(told["refused"]))
        tried: JsonObject = told["tried"]
        return tried
