"""Answer a webhook with the result of a step: wait for it as long as an HTTP call may.

The run's own store is looked at, at growing intervals; nothing is held open in the machine.
Source: decisions, Triggers
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.engine.statuses import StepStatus
from ventuno.runs.claim_check import check_out
from ventuno.runs.places import Place
from ventuno.runtime.reading import Reading
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import Run, StepState
    from ventuno.runtime.services import Services
    from ventuno.triggers.webhook import Respond

_FIRST_PAUSE: Final = 0.02  # seconds
_LONGEST_PAUSE: Final = 0.5
_GROWTH: Final = 1.3

_versions = VersionCache()


class NotYet:
    """The step has no result in time."""


def result_of(run: Run, respond: Respond, services: Services) -> JsonValue | NotYet:
    """Wait for a step's result.

    Raises: RunResultError when there will be none, PayloadLostError, StoreUnavailableError
    """
    version = _versions.load(run.version, services.workflows, services.payloads)
    wanted = Place(respond.from_)
    places = [wanted, *Reading(version, wanted, frozenset({respond.from_})).places()]
    until = services.clock.now() + timedelta(seconds=respond.timeout_seconds)
    pause = _FIRST_PAUSE
    ended = False
    while True:
        loaded = services.runs.load(run.id, places)
        state = loaded.by_place.get(wanted)
        if state is not None and state.result is not None:
            return check_out(state.result, services.payloads)
        if ended or _failed(state):
            raise errors.RunResultError(
                f"run {run.id} gave no result to answer with; look at the run for why"
            )
        if loaded.run.status.ended:
            ended = True  # the step may have been read just before it was stored
            continue
        if services.clock.now() + timedelta(seconds=pause) > until:
            return NotYet()
        services.pause(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


def _failed(state: StepState | None) -> bool:
    return state is not None and state.status in (StepStatus.FAILED, StepStatus.FAILED_SAFELY)
