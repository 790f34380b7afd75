# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Retry: MaxDelaySeconds limits the wait, and no hidden limit does; JitterStrategy FULL spreads it."""

import random
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

NOT_IN_ALL = ("States.DataLimitExceeded", "States.Runtime")


def _apply() -> None:
    find = sfn._find_matching_retrier
    matches = sfn._error_matches

    def find_matching_retrier(retriers: list[dict[str, Any]], error: str, counts: dict[int, int]) -> Json:
        retrier, index = find(retriers, error, counts)
        if retrier is None:
            return retrier, index
        # The caller cuts its own wait at 60 s, so the wait happens here and the caller is told 0.
        sfn._scaled_sleep(_delay(retrier, counts.get(index, 0)))
        return {**retrier, "IntervalSeconds": 0}, index

    def error_matches(names: list[str], error: str) -> bool:
        if error in NOT_IN_ALL:
            return error in names
        return bool(matches(names, error))

    sfn._find_matching_retrier = find_matching_retrier
    sfn._error_matches = error_matches


def _delay(retrier: dict[str, Any], retries: int) -> float:
    delay = float(retrier.get("IntervalSeconds", 1)) * float(retrier.get("BackoffRate", 2.0)) ** retries
    delay = min(delay, float(retrier.get("MaxDelaySeconds", delay)))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay  # noqa: S311 - no secret


FIX = Fix(
    name="sfn-retry",
    problem="MaxDelaySeconds and JitterStrategy are ignored, waits end at 60 s, States.ALL matches all.",
    aws="Waits grow up to MaxDelaySeconds; States.ALL never matches DataLimitExceeded or Runtime.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
    apply=_apply,
)
