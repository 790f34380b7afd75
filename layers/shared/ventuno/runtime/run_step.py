"""Run one step of one run: read what it needs, do its work once, store its output, answer the machine.

One read (the run, this step, the outputs it references) and one write (the step with its riders) of run
state. A step whose outcome is stored answers from the store: running a machine again costs only transitions.
Source: architecture, Recovery; reference §4.4, §4.6
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import VersionRef
from ventuno.runtime.answering import answer
from ventuno.runtime.executing import Execution
from ventuno.runtime.failing import goes_no_further
from ventuno.runtime.lost_calls import without_effects
from ventuno.runtime.reading import Reading, roots_of
from ventuno.runtime.services import instant
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import StepEvent
    from ventuno.runtime.versions import LoadedVersion

_versions = VersionCache()


def run_step(event: StepEvent, services: Services) -> JsonObject:
    """Run a step and return what the machine reads: {"answers": {stepId: answer}}.

    Raises: StepFailedError (the failure of the step or a rider is stored), RetryLaterError (the failure is
    stored and the author's retries are not used up; not of a call that was lost, whose answer is {"at": when
    its state may go on}), IterationFailedError (the loop goes no further),
    RunNotRunningError, StoreUnavailableError
    """
    version, stored = settled(event, services)
    if event.broken is not None and stored.tries:
        waiting: Any = stored.waiting_for
        return {"at": waiting["at"]}
    told = answer(event.run, version, stored, services)
    if event.token is not None and not stored.open:
        services.machines.answer(event.token, to_text(told))
    return told | ({"at": instant(services.clock)} if event.broken is not None else {})


def settled(event: StepEvent, services: Services) -> tuple[LoadedVersion, StepState]:
    """Run a step unless its outcome is stored, and return how it stands.

    Raises: RetryableStepError, IterationFailedError, RunNotRunningError,
            CallLostError (a step is done whose call was lost)
    """
    services.calls.start()
    if event.broken is not None:
        services = without_effects(services, event.broken)
    version = _versions.load(VersionRef.parse(event.version), services.workflows, services.payloads)
    reading = Reading(version, event.place, roots_of(version, (event.step, *event.rides)))
    loaded = services.runs.load(event.run, {event.place, *reading.places()}, reading.chunks())
    if loaded.run.status is not RunStatus.RUNNING:
        raise errors.RunNotRunningError(f"run {loaded.run.id} is {loaded.run.status}; no step may start")
    stored = loaded.by_place.get(event.place)
    if event.begins and stored is None and goes_no_further(loaded.run, version, event.place):
        raise errors.IterationFailedError("an iteration has failed; no further one begins")
    execution = Execution(event, version, loaded, reading, services)
    if stored is None or stored.open:
        state = execution.execute(stored)
        stored = services.runs.save_step(loaded.run, state) or state
    elif stored.riders_due:
        state = execution.with_riders(stored)
        stored = services.runs.save_step(loaded.run, state) or state
    elif event.broken is not None:  # making the call again and again would come to the same
        raise errors.CallLostError(f"{event.step} is done, but its call fails")
    return version, stored
