"""Run one step of one run: read what it needs, do its work once, store its output, answer the machine.

One read (the run, this step, the outputs it references) and one write (the step with its riders) of run
state. A step whose outcome is stored answers from the store: running a machine again costs only transitions.
Source: architecture, Recovery; reference §4.4, §4.6
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import RETRY, VersionRef
from ventuno.runtime.executing import Execution
from ventuno.runtime.reading import Reading, roots_of
from ventuno.runtime.riders import answers_of, tells_failure
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import StepEvent
    from ventuno.runtime.versions import LoadedVersion

_versions = VersionCache()


def run_step(event: StepEvent, services: Services) -> JsonObject:
    """Run a step and return what the machine reads: {"answers": {stepId: answer}, "count"?: items}.

    Raises: StepFailedError (the failure of the step or a rider is stored), RetryLaterError (the failure is
    stored and the author's retries are not used up), RunNotRunningError, StoreUnavailableError
    """
    services.calls.start()
    version = _versions.load(VersionRef.parse(event.version), services.workflows, services.payloads)
    reading = Reading(version, event.place, roots_of(version, (event.step, *event.rides)))
    loaded = services.runs.load(event.run, {event.place, *reading.places()}, reading.chunks())
    if loaded.run.status is not RunStatus.RUNNING:
        raise errors.RunNotRunningError(f"run {loaded.run.id} is {loaded.run.status}; no step may start")
    stored = loaded.by_place.get(event.place)
    if stored is None or stored.open:
        execution = Execution(event, version, loaded, reading, services)
        state = execution.execute(stored)
        stored = services.runs.save_step(loaded.run, state) or state
    answer = _answer(event, version, stored, services)
    if event.token is not None and not stored.open:
        services.machines.answer(event.token, to_text(answer))
    return answer


def _answer(event: StepEvent, version: LoadedVersion, state: StepState, services: Services) -> JsonObject:
    """Answer the machine from a stored state, the same way the first time and every later time."""
    broken = [one for one in (state, *state.riders) if not one.harmless]
    if failed := [one.place for one in broken if one.status is StepStatus.FAILED]:
        services.runs.mark_failed(event.run, failed)
    untold = [one for one in broken if one is state or not tells_failure(version, one)]
    if untold:
        raise errors.StepFailedError(f"{untold[0].step_id}: {to_text(untold[0].error)}")
    if state.waiting_for is not None and state.waiting_for["type"] == RETRY:
        raise errors.RetryLaterError(f"{state.step_id}: {to_text(state.error)}")
    read = (state, *state.riders) if version.kind(state.step_id).rides_along else state.riders
    counts = version.kind(state.step_id) is StepKind.LOOP
    return {"answers": answers_of(read)} | ({"count": state.count or 0} if counts else {})
