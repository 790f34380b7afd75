"""CodeRunner on Lambda: the function `code_runner`, whose role may do nothing.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from ventuno import errors
from ventuno.sandbox.call import (
    LONGEST_SECONDS,
    CodeCall,
    CodeOutcome,
    Failure,
    Prepared,
    timeout_message,
)
from ventuno.sandbox.packing import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_lambda import LambdaClient

    from ventuno.json_value import JsonObject

# One attempt: a second one would run the script twice. The client waits as long as a script may take.
CONFIG: Final = Config(connect_timeout=2, read_timeout=900, retries={"total_max_attempts": 1})
_KEPT_CODES: Final = 64
_TIMED_OUT: Final = "Sandbox.Timedout"


class LambdaCodeRunner:
    """The function of one stage. The client is made on first use: most calls run no code."""

    def __init__(self, client: Callable[[], LambdaClient], function_arn: str) -> None:
        self._client_of = client
        self._function_arn = function_arn
        self._prepared: dict[str, Prepared] = {}

    def run(self, call: CodeCall) -> CodeOutcome:
        """Run a script. Raises: StoreUnavailableError"""
        seconds = min(call.timeout_seconds, LONGEST_SECONDS)
        asked = CodeCall(call.code, call.params, seconds, call.key)
        try:
            answer = self._invoked({"run": packed(asked.to_value())})
        except ReadTimeoutError:
            return _failed(timeout_message(seconds), timed_out=True)
        if "errorType" in answer:
            return _lost(answer, seconds)
        return CodeOutcome.from_value(unpacked(answer))

    def prepare(self, code: str) -> Prepared:
        """Take types out of code and find what cannot be parsed. Raises: StoreUnavailableError"""
        if code not in self._prepared:
            try:
                answer = self._invoked({"prepare": packed(code)})
            except ReadTimeoutError as error:
                raise errors.StoreUnavailableError("the code runner did not answer; try again") from error
            if "errorType" in answer:
                raise errors.StoreUnavailableError(f"the code runner failed: {answer.get('errorMessage')}")
            if len(self._prepared) >= _KEPT_CODES:
                self._prepared.clear()
            self._prepared[code] = Prepared(**unpacked(answer))
        return self._prepared[code]

    def _invoked(self, event: JsonObject) -> Any:  # noqa: ANN401 - JSON
        """Call the function and return its answer, or the error that Lambda tells of it."""
        try:
            answer = self._client_of().invoke(
                FunctionName=self._function_arn, Payload=json.dumps(event).encode()
            )
        except ReadTimeoutError:
            raise
        except (ClientError, BotoCoreError) as error:
            raise errors.StoreUnavailableError(f"the code runner refused: {error}") from error
        told = json.loads(answer["Payload"].read())
        return {"errorType": "Unknown", **told} if answer.get("FunctionError") else told


def _lost(error: JsonObject, seconds: float) -> CodeOutcome:
    """Explain a call of which Lambda itself says that it ended."""
    told = f"{error['errorType']}: {error.get('errorMessage', '')}"
    if _TIMED_OUT in told or "Task timed out" in told:
        return _failed(timeout_message(seconds), timed_out=True)
    return _failed(f"the code runner ended before the script did ({told.strip(': ')})")


def _failed(message: str, *, timed_out: bool = False) -> CodeOutcome:
    return CodeOutcome(None, Failure(message, timed_out=timed_out))
