# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Dead letters: a dead-letter queue gets the event itself, with the error as message attributes."""

import json
import uuid
from typing import Any

from ministack.services import lambda_svc, sqs

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

ERROR_CODE = "200"  # the invocation worked, the function failed
MAX_ATTRIBUTE_CHARACTERS = 1024


def _apply() -> None:
    route = lambda_svc._route_async_failure

    def route_async_failure(target: str, name: str, event: Json, result: dict[str, Any]) -> None:
        queue = sqs._queue_by_arn(target) if ":sqs:" in target else None
        if queue is None or target != _dead_letter_arn(name):
            route(target, name, event, result)
            return
        failure = result["body"] if isinstance(result.get("body"), dict) else {}
        attributes = {
            "RequestID": failure.get("requestId") or str(uuid.uuid4()),
            "ErrorCode": ERROR_CODE,
            "ErrorMessage": str(failure.get("errorMessage", ""))[:MAX_ATTRIBUTE_CHARACTERS],
        }
        request = {
            "QueueUrl": queue["url"],
            "MessageBody": json.dumps(event),
            "MessageAttributes": {
                key: {"DataType": "Number" if key == "ErrorCode" else "String", "StringValue": value}
                for key, value in attributes.items()
                if value
            },
        }
        sqs._act_send_message(request, queue["url"])

    lambda_svc._route_async_failure = route_async_failure


def _dead_letter_arn(name: str) -> str | None:
    config = (lambda_svc._functions.get(name) or {}).get("config", {})
    arn: str | None = (config.get("DeadLetterConfig") or {}).get("TargetArn")
    return arn


FIX = Fix(
    name="lambda-dead-letters",
    problem="A dead-letter queue gets the record that is meant for an OnFailure destination.",
    aws="The dead-letter queue gets the event; RequestID, ErrorCode and ErrorMessage are message attributes.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    apply=_apply,
)
