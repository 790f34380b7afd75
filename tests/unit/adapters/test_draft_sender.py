"""LambdaDraftSender: what the function tells becomes the caller's error."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from ventuno import errors
from ventuno.adapters.aws.drafts import LambdaDraftSender

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class Function:
    """The Lambda service with one function that ends as it is told to."""

    def __init__(self, told: Any) -> None:  # noqa: ANN401 - an error or what Lambda tells of one
        self.told = told
        self.events: list[Any] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == "arn"
        self.events.append(json.loads(Payload))
        if isinstance(self.told, Exception):
            raise self.told
        failed = {"FunctionError": "Unhandled"} if "errorType" in self.told else {}
        return {**failed, "Payload": io.BytesIO(json.dumps(self.told).encode())}


def send(told: Any) -> list[Any]:  # noqa: ANN401 - as above
    function = Function(told)
    LambdaDraftSender(lambda: cast("LambdaClient", function), "arn").send("d", again=True)
    return function.events


def test_the_function_is_asked_once() -> None:
    assert send({"messageId": "<1@x>"}) == [{"sendDraft": "d", "again": True}]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"errorType": "ConflictError", "errorMessage": "it was sent"}, errors.ConflictError),
        ({"errorType": "BadRequestError", "errorMessage": "it was sent"}, errors.BadRequestError),
        ({"errorType": "NotFoundError", "errorMessage": "it was sent"}, errors.NotFoundError),
        ({"errorType": "StoreUnavailableError", "errorMessage": "it was sent"}, errors.StoreUnavailableError),
        ({"errorType": "KeyError", "errorMessage": "it was sent"}, errors.StoreUnavailableError),
        (ReadTimeoutError(endpoint_url="x"), errors.StoreUnavailableError),
        (
            ClientError({"Error": {"Code": "Throttled"}}, "Invoke"),
            errors.StoreUnavailableError,
        ),
    ],
)
def test_each_end_of_the_function_has_its_error(told: Any, error: type[Exception]) -> None:  # noqa: ANN401 - as above
    with pytest.raises(error):
        send(told)
