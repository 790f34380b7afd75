"""Retry and Catch: what becomes of an error of a Task, Parallel or Map.

JitterStrategy is ignored, so that waits can be compared.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import QUERY_EVALUATION_ERROR, StateError, matches
from ventuno_dev.asl.processes import Sleep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno_dev.asl.processes import Branch
    from ventuno_dev.asl.visit import Visit

_DEFAULT_ATTEMPTS, _DEFAULT_BACKOFF = 3, 2.0


def guarded(visit: Visit, attempt: Callable[[], Branch]) -> Branch:
    """Try until it works or no retrier is left; return the output and the next state."""
    tries = [0] * len(visit.state.get("Retry", ()))
    while True:
        try:
            result = yield from attempt()
            output = visit.leave(visit.state, result, result=result)
        except StateError as error:
            seconds = _wait(visit.state, error, tries)
            if error.name == QUERY_EVALUATION_ERROR:
                visit.around.history.event("EvaluationFailed")
            if seconds is None:
                return _caught(visit, error)
            visit.retries += 1
            visit.around.history.retries += 1
            yield Sleep(seconds)
        else:
            return output, visit.state.get("Next")


def _wait(state: Mapping[str, Any], error: StateError, tries: list[int]) -> float | None:
    """Return the seconds until the next try, or None when there is none."""
    for index, retrier in enumerate(state.get("Retry", ())):
        if not matches(retrier["ErrorEquals"], error.name):
            continue
        if tries[index] >= retrier.get("MaxAttempts", _DEFAULT_ATTEMPTS):
            return None
        seconds = (
            retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", _DEFAULT_BACKOFF) ** tries[index]
        )
        tries[index] += 1
        return float(min(seconds, retrier.get("MaxDelaySeconds", seconds)))
    return None


def _caught(visit: Visit, error: StateError) -> tuple[Any, str]:
    """Go where a catcher says. Raises: StateError when none takes the error"""
    for catcher in visit.state.get("Catch", ()):
        if matches(catcher["ErrorEquals"], error.name):
            told = {"Error": error.name, "Cause": error.cause}
            return visit.leave(catcher, told, errorOutput=told), catcher["Next"]
    raise error
