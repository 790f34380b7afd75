"""Execute one step once, by its kind; the state that comes of it is what will be stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import StepCall
from ventuno.actions.step_log import StepLog
from ventuno.definition.durations import form_timeout_seconds
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.engine.timeline import told_instant
from ventuno.expressions import NOW
from ventuno.runs.claim_check import INLINE_LOG_BYTES, check_in, check_out, to_text
from ventuno.runs.items import store_items
from ventuno.runs.model import AWAITED, FORM, Inline, StepState
from ventuno.runs.places import Place, indexes_of
from ventuno.runtime.actors import actor_of
from ventuno.runtime.asking import stored_form
from ventuno.runtime.failing import failed_state
from ventuno.runtime.form_expiry import expired, expired_state
from ventuno.runtime.riders import Ride, evaluate, evaluate_riders, not_started
from ventuno.runtime.script_turns import wait_for_turn
from ventuno.runtime.services import instant
from ventuno.runtime.step_memory import StepMemory
from ventuno.runtime.work import At

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.definition.model import Step
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import LoadedRun, Stored
    from ventuno.runtime.reading import Reading
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import StepEvent
    from ventuno.runtime.versions import LoadedVersion

_SUBMIT_MARGIN_SECONDS = 1
"""A form closes a little before its state times out, so that an answer that was taken is never too late."""


@dataclass(frozen=True)
class Execution:
    """One try of one step."""

    event: StepEvent
    version: LoadedVersion
    loaded: LoadedRun
    reading: Reading
    services: Services
    log: StepLog = field(default_factory=StepLog)
    usage: dict[str, int] = field(default_factory=dict)

    def execute(self, stored: StepState | None) -> StepState:
        """Do the work, then evaluate the riders. `stored` is what an earlier try left."""
        before = stored or not_started(self.event.place)
        now = self.services.clock.now()
        over = expired(before, now)
        state = expired_state(self.version, before, now) if over else self._timed(before)
        if not state.open and state.harmless and state.count is None:
            state = self.with_riders(state)
        if state.asks and before.asks:  # it waits on as it was, with another token
            state = replace(before, token=state.token, rides=state.rides, alone=state.alone)
        return replace(state, calls=self.services.calls.counts_with_save())

    def _stored_log(self, step_id: str) -> Stored | None:
        """Store what the one task of a call logged."""
        log = self.log.to_value() if self.version.kind(step_id) is StepKind.TASK else None
        key = f"runs/{self.event.run}/{step_id}/{self.event.iteration or '-'}/log"
        return None if log is None else check_in(log, key, self.services.payloads, inline=INLINE_LOG_BYTES)

    def with_riders(self, state: StepState) -> StepState:
        """Evaluate the riders of a step that is done."""
        if self.event.step not in self._values and state.result is not None:
            self._values[self.event.step] = check_out(state.result, self.services.payloads)
        done = {rider.step_id: rider for rider in state.riders}
        for rider in state.riders:
            if rider.result is not None:
                self._values[rider.step_id] = check_out(rider.result, self.services.payloads)
        ride = Ride(self.version, self._values, self.services, done, self._timed)
        riders = evaluate_riders(state, self.event.rides, ride, alone=self.event.alone)
        return replace(state, riders=riders, riders_due=False)

    def _timed(self, before: StepState) -> StepState:
        """Do the work of the step, or of a task that rides with it."""
        started_at = instant(self.services.clock)
        state = self._attempt(before)
        return replace(
            state,
            history=state.history or before.history,
            started_at=started_at,
            ended_at=instant(self.services.clock),
            log=self._stored_log(before.step_id),
            usage=self._used(before),
        )

    def _used(self, before: StepState) -> dict[str, int]:
        """Add what the one task of a call used to what its earlier tries used."""
        now = self.usage if self.version.kind(before.step_id) is StepKind.TASK else {}
        return {name: before.usage.get(name, 0) + now.get(name, 0) for name in {**before.usage, **now}}

    def _attempt(self, before: StepState) -> StepState:
        kind = self.version.kind(before.step_id)
        if kind not in _WORK:
            return evaluate(self.version, before, self._values, self.services)
        step = self.version.definition.step(before.step_id)
        try:
            return _WORK[kind](self, step, At(indexes_of(self.event.iteration), before.tries))
        except errors.RetryableStepError:
            raise
        except errors.StepError as error:
            return failed_state(self.version, before, error, self.services.clock.now())

    @cached_property
    def _values(self) -> dict[str, Any]:
        """The outputs that the variables of this step and its riders name, and the current instant."""
        values = self.reading.values(self.loaded, self.services)
        values[NOW] = instant(self.services.clock)
        return values

    def _state(self, step: Step, status: StepStatus, **fields: Any) -> StepState:  # noqa: ANN401 - its fields
        return StepState(step.id, status, self.event.iteration, **fields)

    def _task(self, step: Step, at: At) -> StepState:
        result = self.services.work.run(step, at, self._values, self._call(step, at))
        name = f"runs/{self.event.run}/{step.id}/{self.event.iteration or '-'}"
        stored = check_in(result, name, self.services.payloads)
        self._values[step.id] = result
        return self._state(step, StepStatus.SUCCESS, result=stored)

    def _loop(self, step: Step, at: At) -> StepState:
        """Store the items, then their number; what becomes of the loop is told by its body."""
        services = self.services
        items = services.work.items(step, at, self._values)
        count = len(items) if self.version.settings_of(step.id).entries else 0
        place = Place(step.id, self.event.iteration)
        store_items(self.loaded.run, place, items[:count], services.runs, services.payloads)
        final: JsonObject = {"currentItemIndex": count, "hasProcessedAllItems": True}
        return self._state(step, StepStatus.RUNNING, count=count, result=Inline(to_text(final)))

    def _form(self, step: Step, at: At) -> StepState:
        """Wait for an answer, unless it is there; the token is stored and goes nowhere else."""
        answer = self.services.work.answer(step, at)
        if answer is not None:
            self._values[step.id] = answer.result
            return self._state(step, StepStatus.SUCCESS, result=Inline(to_text(answer.result)))
        now = self.services.clock.now()
        ends = now + timedelta(seconds=form_timeout_seconds(step) - _SUBMIT_MARGIN_SECONDS)
        asked = self.services.work.ask(step, self._values)
        waiting: JsonObject = {"type": FORM, "since": told_instant(now), "until": told_instant(ends)}
        event = self.event
        return self._state(
            step,
            StepStatus.PENDING,
            waiting_for=waiting | ({"assignee": asked.assignee} if asked.assignee else {}),
            token=event.token or AWAITED + self.services.ids.new_secret(),
            rides=event.rides,
            alone=event.alone,
            link=self.services.ids.new_secret(),
            form=stored_form(event.run, Place(step.id, event.iteration), asked.form, self.services),
        )

    def _call(self, step: Step, at: At) -> StepCall:
        run = self.loaded.run
        memory = f"runs/{run.id}/{step.id}/{self.event.iteration or '-'}/memory/{at.attempt}"
        return StepCall(
            objects=self.services.objects,
            records=self.services.records,
            actor=actor_of(run),
            key=f"{run.id}/{step.id}/{self.event.iteration}",
            causation=run.causation,
            values=self._values,
            now=self.services.clock.now(),
            outside=self.services.outside,
            log=self.log,
            script=self.version.scripts.get(step.id),
            workflow_id=run.version.workflow_id,
            attempt=run.attempt,
            memory=StepMemory(memory, self.services.payloads),
            usage=self.usage,
            pause=self.services.pause,
            script_turn=partial(wait_for_turn, self.services),
        )


_WORK: dict[StepKind, Callable[[Execution, Step, At], StepState]] = {
    StepKind.TASK: Execution._task,  # noqa: SLF001 - the table of its own methods
    StepKind.LOOP: Execution._loop,  # noqa: SLF001 - same
    StepKind.CALLBACK: Execution._form,  # noqa: SLF001 - same
}
