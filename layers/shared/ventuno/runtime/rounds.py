"""Run what is ready of a part that no nesting expresses, one step after another, and tell what is next.

Nothing is remembered between calls but what is stored with the steps, the loops that are over, and the
instant that has come; so a call that comes again finds what an earlier one did, and goes on after it.
Source: architecture, Recovery; `compiler.rounds` is the other half
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.compiler.contract import Next
from ventuno.engine.reached import Reached
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.engine.timeline import told_instant
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import DELAY, FORM, RETRY, VersionRef
from ventuno.runs.places import Place
from ventuno.runtime.answering import note_failures
from ventuno.runtime.await_answer import await_answer
from ventuno.runtime.failing import goes_no_further
from ventuno.runtime.form_expiry import expired
from ventuno.runtime.loops_beside import end_loop, store_end
from ventuno.runtime.run_step import settled
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runs.model import LoadedRun, Run, StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import RoundsEvent
    from ventuno.runtime.versions import LoadedVersion

BUSY: Final = timedelta(seconds=8)
"""For how long a call begins further steps: a script may take 890 of the 900 seconds that a call may last."""
_LONGEST: Final = timedelta(days=365)
"""For how long a loop may wait: an execution lasts no longer."""
_GRACE: Final = timedelta(seconds=2)
"""A form is asked about a little after it has expired, so that it is judged expired."""

_versions = VersionCache()


def run_rounds(event: RoundsEvent, services: Services) -> JsonObject:
    """Run what is ready and return what is next, or wait with a token for an answer, or note a loop's end.

    Item:   {next, until?, timed, forms, at?, over, beside, count?}, as `compiler.round_states` reads it
    Raises: RetryableStepError, StepFailedError (where a failure ends what runs beside it at once),
            IterationFailedError, RunNotRunningError
    """
    version = _versions.load(VersionRef.parse(event.version), services.workflows, services.payloads)
    if event.token is not None:
        await_answer(event, event.token, version, services)
        return {}
    if event.over is not None:
        end_loop(event, event.over, version, services)
        return {}
    return _Round(event, version, services).run()


class _BusyError(Exception):
    """More is ready than this call has time for."""


class _Round:
    """One call. `_reached` tells what the steps of the part have come to, `_open` when waits are over."""

    def __init__(self, event: RoundsEvent, version: LoadedVersion, services: Services) -> None:
        self._event = event
        self._version = version
        self._services = services
        self._part = version.part(event.part)
        self._began = services.clock.now()
        came = event.rounds.until if event.rounds.next == Next.INSTANT else None
        self._at = max((at for at in (event.rounds.at, came) if at is not None), default=None)
        self._states: dict[str, StepState] = {}
        self._reached: dict[str, Reached] = {}
        self._open: list[tuple[str, datetime]] = []
        self._loops: list[StepState] = []
        self._ran = False

    def run(self) -> JsonObject:
        """Run what is ready, and tell what is next."""
        loaded = self._load()
        self._states = {place.step_id: state for place, state in loaded.by_place.items()}
        self._note(loaded.run, self._states.values())
        try:
            for step_id in self._part.component.steps:
                self._reached[step_id] = self._visit(loaded.run, step_id)
        except _BusyError:
            return self._told(Next.AGAIN)
        return self._next(loaded)

    def _load(self) -> LoadedRun:
        """Read what is stored of the part. Raises: RunNotRunningError, IterationFailedError"""
        event, steps = self._event, self._part.component.steps
        own = [Place(step_id, event.iteration) for step_id in steps]
        places = {lies for place in own for lies in self._version.places_of(place)}
        loaded = self._services.runs.load(event.run, places)
        if loaded.run.status is not RunStatus.RUNNING:
            raise errors.RunNotRunningError(f"run {event.run} is {loaded.run.status}; no step may start")
        begins = event.begins and loaded.by_place.keys().isdisjoint(own)
        if begins and goes_no_further(loaded.run, self._version, own[0]):
            raise errors.IterationFailedError("an iteration has failed; no further one begins")
        return loaded

    def _note(self, run: Run, states: Iterable[StepState]) -> None:
        """Note failures that the run does not know of. Raises: StepFailedError where one ends the rest"""
        fresh = [state for state in states if state.place not in run.failed]
        broken = note_failures(run.id, self._version, fresh, self._services)
        if broken and self._hasty:
            raise errors.StepFailedError(f"{broken[0].step_id}: {to_text(broken[0].error)}")

    @property
    def _hasty(self) -> bool:
        around = self._version.around[self._event.part[0]]
        goes_on = any(self._version.settings_of(loop).continues for loop in around)
        return self._version.definition.fail_fast and not goes_on

    @property
    def _now(self) -> datetime:
        """The current instant; one that the machine has waited for has come, whatever this clock says."""
        now = self._services.clock.now()
        return now if self._at is None else max(now, self._at)

    # --- one step -------------------------------------------------------------------------------------

    def _visit(self, run: Run, step_id: str) -> Reached:
        """Run a step if it is its turn, and tell what it has come to. Raises: _BusyError"""
        state = self._states.get(step_id)
        if state is None or state.status is StepStatus.NOT_STARTED:
            passed = self._part.passed_over(step_id, self._reached)
            if passed is not None:
                return passed
            state = self._run(run, step_id)
        elif state.riders_due or self._is_due(state):
            state = self._run(run, step_id)
        return self._come_to(state)

    def _run(self, run: Run, step_id: str) -> StepState:
        """Run a step with its riders, and no further one where the call before this one was lost."""
        if self._ran and self._services.clock.now() - self._began > BUSY:
            raise _BusyError
        self._ran = True
        _, state = settled(self._event.step(step_id, self._part.rides.get(step_id, ())), self._services)
        self._states |= {one.step_id: one for one in (state, *state.riders)}
        self._note(run, (state, *state.riders))
        if self._event.broken is not None:
            raise _BusyError
        return state

    def _is_due(self, state: StepState) -> bool:
        waiting: Any = state.waiting_for
        if state.status is not StepStatus.PENDING or waiting is None:
            return False
        if waiting["type"] == RETRY:
            return datetime.fromisoformat(waiting["at"]) <= self._now
        return expired(state, self._now)

    def _come_to(self, state: StepState) -> Reached:
        """Tell what a stored step has come to, and note what it waits for."""
        if state.count:
            return self._looped(state)
        status = StepStatus.SUCCESS if state.count == 0 else state.status
        if state.status is StepStatus.PENDING and state.waiting_for is not None:
            ends = _end_of(state.waiting_for)
            if state.waiting_for["type"] == DELAY and ends <= self._now:
                status = StepStatus.SUCCESS
            else:
                self._open.append((state.step_id, ends))
        return Reached(status, state.branch, state.rescued)

    def _looped(self, state: StepState) -> Reached:
        """Tell what a loop has come to; the store knows of one beside these rounds, once they began it."""
        begun = state.step_id in self._event.rounds.beside
        well = state.over if begun else self._event.rounds.over.get(state.step_id)
        if well is not None:
            return Reached(StepStatus.SUCCESS if well else StepStatus.FAILED)
        if begun:
            self._open.append((state.step_id, self._now + _LONGEST))
        else:
            self._loops.append(state)
        return Reached(StepStatus.RUNNING)

    # --- what is next ---------------------------------------------------------------------------------

    def _next(self, loaded: LoadedRun) -> JsonObject:
        if self._loops:
            return self._begin(
                loaded, min(self._loops, key=lambda loop: loop.step_id not in self._part.beside)
            )
        if self._open:
            forms: list[JsonValue] = [step_id for step_id, _ in self._open if self._is_told_of(step_id)]
            until = told_instant(min(ends for _, ends in self._open))
            told = Next.ANSWERS if forms else Next.INSTANT
            return self._told(told, until=until, forms=forms, timed=len(self._open) > len(forms))
        if any(self._failed(step_id) for step_id in self._reached):
            return self._told(Next.FAILED)
        return self._told(Next.LIVE if self._part.join_is_live(self._reached) else Next.DEAD)

    def _is_told_of(self, step_id: str) -> bool:
        """Whether somebody tells when what is open is over."""
        state = self._states[step_id]
        return state.asks or state.count is not None

    def _begin(self, loaded: LoadedRun, loop: StepState) -> JsonObject:
        """Let a loop begin, whatever an earlier execution stored of its end."""
        beside: list[JsonValue] = [*self._event.rounds.beside]
        if loop.step_id in self._part.beside:
            beside.append(loop.step_id)
            if loop.over is not None:
                store_end(loaded, loop.place, well=None, services=self._services)
        return self._told(loop.step_id, count=loop.count) | {"beside": beside}

    def _failed(self, step_id: str) -> bool:
        reached = self._reached[step_id]
        return reached.status in (StepStatus.FAILED, StepStatus.FAILED_SAFELY) and not reached.rescued

    def _told(self, what: str, **fields: JsonValue) -> JsonObject:
        over: JsonObject = {**self._event.rounds.over}
        beside: list[JsonValue] = [*self._event.rounds.beside]
        told: JsonObject = {"next": str(what), "over": over, "beside": beside, **fields}
        return told if self._at is None else told | {"at": told_instant(self._at)}


def _end_of(waiting: Any) -> datetime:  # noqa: ANN401 - JSON
    """Tell when a wait is over at the latest."""
    if waiting["type"] == RETRY:
        return datetime.fromisoformat(waiting["at"])
    return datetime.fromisoformat(waiting["until"]) + (_GRACE if waiting["type"] == FORM else timedelta())
