"""Trials on Lambda: what the function is sent, and what its answers and failures mean to a caller."""

from __future__ import annotations

import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import ANY, Stubber

from ventuno import errors
from ventuno.adapters.aws.trials import LambdaTrials

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:ventuno-test-step-runner"
STEP: Any = {"id": "a", "name": "A", "type": "CODE"}


def tried(payload: Any, **answer: Any) -> Any:  # noqa: ANN401 - any JSON
    made: Any = boto3.client
    client = made("lambda", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106 - no secret
    with Stubber(client) as stub:
        body = {"Payload": io.BytesIO(json.dumps(payload).encode()), **answer}
        stub.add_response("invoke", body, {"FunctionName": ARN, "Payload": ANY})
        return LambdaTrials(lambda: client, ARN).try_step(STEP, {"trigger": {}})


def test_the_outcome_is_what_the_function_answers() -> None:
    assert tried({"tried": {"success": True, "result": 5}}) == {"success": True, "result": 5}


def test_a_refusal_is_the_callers_mistake() -> None:
    with pytest.raises(errors.BadRequestError, match="cannot be tried"):
        tried({"refused": "cannot be tried"})


def test_a_function_that_failed_may_be_asked_again() -> None:
    with pytest.raises(errors.StoreUnavailableError, match="out of memory"):
        tried({"errorMessage": "out of memory"}, FunctionError="Unhandled")


class Slow:
    """A client whose function does not answer in time."""

    def invoke(self, **_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://lambda.example")


def test_a_step_that_takes_too_long_is_told_how_to_be_tried() -> None:
    slow: Any = Slow()
    with pytest.raises(errors.BadRequestError, match="ventuno try"):
        LambdaTrials(lambda: slow, ARN).try_step(STEP, {})
