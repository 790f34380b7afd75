"""Run one step of one run: read what it needs, do its work once, store its output, answer the machine.

One read (the run, this step, the outputs it references) and one write (the step with its riders) of run
state.
A step that finished before answers from the store: running a machine again costs only transitions.
Source: architecture, Recovery; reference §4.4, §4.6
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from ventuno import errors
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.registry import ACTIONS
from ventuno.definition.loading import findings_from
from ventuno.definition.model import TRIGGER
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.expressions import NOW, resolve
from ventuno.runs.claim_check import check_in, check_out, to_text
from ventuno.runs.model import Attempt, LoadedRun, StepState, VersionRef
from ventuno.runtime.actors import actor_of
from ventuno.runtime.references import hosts_of, roots_of
from ventuno.runtime.riders import evaluate_riders
from ventuno.runtime.services import Services, instant
from ventuno.runtime.start_run import answers_of
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.definition.model import Step
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.versions import LoadedVersion

MAX_ERROR_LENGTH = 10_000

_versions = VersionCache()


class StepEvent(BaseModel):
    """What a Task state sends.

    Event: {"run": id, "version": "<workflow id>:v<n>", "step": id, "rides"?: [step id]}
    `rides` are the pure steps to evaluate after the step.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    version: str
    step: str
    rides: tuple[str, ...] = ()


def run_step(event: StepEvent, services: Services) -> JsonObject:
    """Run a step and return the answers of its riders: {"answers": {stepId: answer}}.

    Raises: StepFailedError (the failure of the step or a rider is stored), RetryLaterError (the failure is
    stored and the author's retries are not used up), RunNotRunningError, StoreUnavailableError
    """
    services.calls.start()
    version = _versions.load(VersionRef.parse(event.version), services.workflows, services.payloads)
    loaded = _load(event, version, services)
    if loaded.run.status is not RunStatus.RUNNING:
        raise errors.RunNotRunningError(f"run {loaded.run.id} is {loaded.run.status}; no step may start")
    stored = loaded.by_step().get(event.step)
    if stored is None or not stored.finished:
        state = _Work(event, version, loaded, services).execute(stored)
        stored = services.runs.save_step(loaded.run, state) or state
    return _answer(stored)


def _load(event: StepEvent, version: LoadedVersion, services: Services) -> LoadedRun:
    roots = roots_of(version, (event.step, *event.rides))
    wanted = {event.step, *hosts_of(version, roots)}
    return services.runs.load(event.run, [(step_id, "") for step_id in sorted(wanted)])


def _answer(state: StepState) -> JsonObject:
    """Answer the machine from a stored state, the same way the first time and every later time."""
    for ridden in (state, *state.riders):
        if ridden.status is StepStatus.FAILED:
            raise errors.StepFailedError(f"{ridden.step_id}: {to_text(ridden.error)}")
    if state.status is StepStatus.PENDING:
        raise errors.RetryLaterError(f"{state.step_id}: {to_text(state.error)}")
    return {"answers": answers_of(state.riders)}


@dataclass(frozen=True, slots=True)
class _Work:
    """One try of one step."""

    event: StepEvent
    version: LoadedVersion
    loaded: LoadedRun
    services: Services

    def execute(self, before: StepState | None) -> StepState:
        """Do the work, then evaluate the riders; the state that comes back is what will be stored."""
        step = self.version.definition.step(self.event.step)
        started_at = instant(self.services.clock)
        values = self._values()
        state = self._try(step, values, before)
        if state.finished and state.status is not StepStatus.FAILED:
            riders = evaluate_riders(self.version, state, self.event.rides, values, self.services)
            state = replace(state, riders=riders.states)
        ended_at = instant(self.services.clock)
        return replace(
            state, started_at=started_at, ended_at=ended_at, calls=self.services.calls.counts_with_save()
        )

    def _values(self) -> dict[str, Any]:
        """Gather the outputs that the variables of this step and its riders name, and the current instant."""
        roots = roots_of(self.version, (self.event.step, *self.event.rides))
        payloads = self.services.payloads
        values: dict[str, Any] = {
            step_id: check_out(state.result, payloads)
            for step_id, state in self.loaded.by_step().items()
            if step_id in roots and state.result is not None
        }
        if TRIGGER in roots:
            values[TRIGGER] = check_out(self.loaded.run.payload, payloads)
        values[NOW] = instant(self.services.clock)
        return values

    def _try(self, step: Step, values: dict[str, Any], before: StepState | None) -> StepState:
        history = before.history if before else ()
        try:
            result = self._result(step, values)
            stored = check_in(result, f"runs/{self.event.run}/{step.id}", self.services.payloads)
        except errors.RetryableStepError:
            raise
        except errors.StepError as error:
            return _failed(step, error, history)
        values[step.id] = result
        return StepState(step.id, StepStatus.SUCCESS, result=stored, history=history)

    def _result(self, step: Step, values: dict[str, Any]) -> JsonValue:
        action = ACTIONS[step.type]
        if not isinstance(action, TaskAction):
            raise TypeError(f"{step.type} has no call of its own")
        try:
            settings = action.settings_type.model_validate(_resolved(step.settings.input, action, values))
        except ValidationError as error:
            raise errors.StepInputError(_sentence(error)) from error
        result: JsonValue = action.run(settings, self._call(step, values))
        return result

    def _call(self, step: Step, values: dict[str, Any]) -> StepCall:
        run = self.loaded.run
        return StepCall(
            objects=self.services.objects,
            records=self.services.records,
            actor=actor_of(run),
            key=f"{run.id}/{step.id}/",
            causation=run.causation,
            values=values,
            now=self.services.clock.now(),
        )


def _resolved(authored: Any, action: TaskAction[Any], values: dict[str, Any]) -> Any:  # noqa: ANN401 - author JSON
    if not isinstance(authored, dict):
        return resolve(authored, values)
    own = {key: value for key, value in authored.items() if key in action.resolved_by_itself}
    rest = {key: value for key, value in authored.items() if key not in own}
    return {**cast("dict[str, Any]", resolve(rest, values)), **own}


def _failed(step: Step, error: errors.StepError, history: tuple[Attempt, ...]) -> StepState:
    """Decide what an error makes of the step: PENDING while retries are left, else rescued or FAILED."""
    options = step.settings.error_handling_options
    told = str(error)[:MAX_ERROR_LENGTH]
    tries = len(history) + 1
    if tries <= options.retry_on_failure.value and not isinstance(error, errors.StepInputError):
        attempt = Attempt(StepStatus.FAILED, told, retry_attempt=tries)
        return StepState(step.id, StepStatus.PENDING, error=told, history=(*history, attempt))
    if options.continue_on_failure.value:
        return StepState(step.id, StepStatus.FAILED_SAFELY, error=told, rescued=True, history=history)
    return StepState(step.id, StepStatus.FAILED, error=told, history=history)


def _sentence(error: ValidationError) -> str:
    return "; ".join(f"{found.path}: {found.message}" for found in findings_from(error, "input"))
