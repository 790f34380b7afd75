"""What the machine is told of a step, the same way the first time and every later time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import RETRY
from ventuno.runtime.failing import broken_loops
from ventuno.runtime.riders import answers_of, tells_failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion


def answer(run_id: str, version: LoadedVersion, state: StepState, services: Services) -> JsonObject:
    """Return what the machine reads: {"answers": {stepId: answer}}.

    Raises: StepFailedError (the step failed, or a rider whose failure no state can read), RetryLaterError,
    StoreUnavailableError
    """
    broken = note_failures(run_id, version, (state, *state.riders), services)
    untold = [one for one in broken if one is state or not tells_failure(version, one)]
    if untold:
        raise errors.StepFailedError(f"{untold[0].step_id}: {to_text(untold[0].error)}")
    if state.waiting_for is not None and state.waiting_for["type"] == RETRY:
        raise errors.RetryLaterError(f"{state.step_id}: {to_text(state.error)}")
    kind = version.kind(state.step_id)
    own_answer = kind.rides_along or kind is StepKind.CALLBACK
    read = (state, *state.riders) if own_answer else state.riders
    counts = {one.step_id: one.count or 0 for one in read if _counts(version, one)}
    return {"answers": answers_of(read) | counts}


def _counts(version: LoadedVersion, state: StepState) -> bool:
    """Whether the machine reads how many items there are: none of an iterator that failed harmlessly."""
    return state.harmless and version.kind(state.step_id) is StepKind.LOOP


def note_failures(
    run_id: str, version: LoadedVersion, states: Iterable[StepState], services: Services
) -> list[StepState]:
    """Note on the run which steps have failed for good; return those after which nothing may follow.

    Raises: StoreUnavailableError
    """
    broken = [one for one in states if not one.harmless]
    failed = [one.place for one in broken if one.status is StepStatus.FAILED]
    loops = {loop for one in broken for loop in broken_loops(version, one.place)}
    if failed or loops:
        services.runs.mark_failed(run_id, failed, loops)
    return broken


def send_answer(
    run_id: str, version: LoadedVersion, state: StepState, token: str, services: Services
) -> bool:
    """Let the machine that waits with a token go on, or fail; False when it waits no more.

    Raises: StoreUnavailableError
    """
    try:
        told = to_text(answer(run_id, version, state, services))
    except errors.StepFailedError as error:
        return services.machines.refuse(token, type(error).__name__, str(error))
    return services.machines.answer(token, told)
