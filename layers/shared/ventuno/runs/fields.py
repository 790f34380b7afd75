"""Fields of rows: values, errors and earlier tries as they are stored, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ventuno.engine.statuses import StepStatus
from ventuno.runs.model import Attempt, Inline, PayloadRef, Stored

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue


def attempt_fields(attempt: Attempt) -> JsonObject:
    """Write an earlier try of a step."""
    return present(
        status=attempt.status.value,
        error=error_value(attempt.error),
        result=stored_value(attempt.result) if attempt.result else None,
        retryAttempt=attempt.retry_attempt,
    )


def attempt_from(fields: Any) -> Attempt:  # noqa: ANN401 - a row's nested fields
    """Read an earlier try of a step back."""
    result = stored_from(fields["result"]) if "result" in fields else None
    return Attempt(
        StepStatus(fields["status"]), error_from(fields.get("error")), result, fields.get("retryAttempt")
    )


def error_value(error: JsonValue) -> JsonValue:
    """Write an error: text as it is, a server's answer as JSON text, deeper than a store may take."""
    return error if error is None or isinstance(error, str) else {"json": json.dumps(error)}


def error_from(value: Any) -> JsonValue:  # noqa: ANN401 - a row's field
    """Read an error back."""
    error: JsonValue = json.loads(value["json"]) if isinstance(value, dict) else value
    return error


def stored_value(stored: Stored) -> JsonValue:
    """Write a stored value. Item: JSON text, or {"$ref", "sha256", "bytes"}"""
    if isinstance(stored, Inline):
        return stored.text
    return {"$ref": stored.key, "sha256": stored.sha256, "bytes": stored.size_bytes}


def stored_from(value: Any) -> Stored:  # noqa: ANN401 - a row's field
    """Read a stored value back."""
    if isinstance(value, str):
        return Inline(value)
    return PayloadRef(value["$ref"], value["sha256"], value["bytes"])


def present(**fields: JsonValue) -> JsonObject:
    """Keep the fields that say something; an absent one costs no bytes."""
    return {key: value for key, value in fields.items() if value is not None and value not in ([], {})}
