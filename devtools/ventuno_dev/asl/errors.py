"""Errors of running machines, by the names that Retry and Catch compare.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = "States.ALL"
TASK_FAILED = "States.TaskFailed"
TIMEOUT = "States.Timeout"
NO_CHOICE_MATCHED = "States.NoChoiceMatched"
QUERY_EVALUATION_ERROR = "States.QueryEvaluationError"
DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
RUNTIME = "States.Runtime"
FAILURE_THRESHOLD = "States.ExceedToleratedFailureThreshold"

_NEVER_CAUGHT = (DATA_LIMIT_EXCEEDED, RUNTIME)


class StateError(Exception):
    """A state failed; a Task callback raises it to fail its Task."""

    def __init__(self, name: str, cause: str = "") -> None:
        self.name = name
        self.cause = cause
        super().__init__(f"{name}: {cause}" if cause else name)


class UnsupportedMachineError(Exception):
    """The machine uses something that this interpreter does not know."""


def matches(names: Sequence[str], error: str) -> bool:
    """Whether a retrier or catcher with these ErrorEquals takes an error."""
    if error in names:
        return True
    if error in _NEVER_CAUGHT:
        return False
    return ALL in names or (TASK_FAILED in names and error != TIMEOUT)
