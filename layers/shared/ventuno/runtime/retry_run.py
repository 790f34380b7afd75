"""Retry a failed run: failed steps run again, what is done answers from the store.

On another version a step's outcome is used again where the step, and all it can depend on, is unchanged.
Resetting comes before reopening, so a retry that was cut off is simply done again. With limits, the run may
have to wait for its turn again, as one that came when it first did; only the limit of an hour is not asked.
Source: reference §4.6 (Manual retryWorkflowRun); decisions, Engine (Stop, retry); architecture, Recovery
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from ventuno import errors
from ventuno.definition.model import TRIGGER
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import StepState, VersionRef
from ventuno.runtime.admission import as_limits_let
from ventuno.runtime.start_run import riders_at_start
from ventuno.runtime.versions import LoadedVersion, read_version
from ventuno.runtime.waiting_runs import start_in_turn
from ventuno.workflow.limits import NO_LIMITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ventuno.ports import RunStore
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services


_BATCH: Final = 100
LATEST: Final = "latest"
"""The version that is active, or was last."""


def retry_run(run_id: str, services: Services, on_version: int | Literal["latest"] | None = None) -> Run:
    """Run the failed steps of a FAILED run again, perhaps on another version.

    Raises: NotFoundError, WorkflowVersionError (a draft, or one that was never activated), ConflictError
    (it is not FAILED, or somebody else retries it), StoreUnavailableError
    """
    failed = services.runs.load(run_id, []).run
    if failed.status is not RunStatus.FAILED:
        raise errors.ConflictError(f"the run is {failed.status}; only a run that FAILED can be retried")
    old = read_version(failed.version, services.workflows, services.payloads)
    new = old if on_version is None else _other(failed, on_version, services)
    _Reset(failed, old, new).write(services.runs)
    workflow = services.workflows.get(failed.version.workflow_id)
    limits = workflow.limits if workflow else NO_LIMITS
    run = as_limits_let(_reopened(failed, new, services), limits, services)
    if not services.runs.reopen(run):
        raise errors.ConflictError("the run was retried by somebody else")
    start_in_turn(run, limits, services)
    return services.runs.load(run_id, []).run


def _batches(states: Iterator[StepState]) -> Iterator[list[StepState]]:
    while batch := list(islice(states, _BATCH)):
        yield batch


def _other(run: Run, wanted: int | Literal["latest"], services: Services) -> LoadedVersion:
    number = _latest(run.version.workflow_id, services) if wanted == LATEST else wanted
    ref = VersionRef(run.version.workflow_id, number)
    version = read_version(ref, services.workflows, services.payloads)
    if version.version.machine_arn is None:
        raise errors.WorkflowVersionError(f"version {number} was never activated, so it has no machine")
    return version


def _latest(workflow_id: str, services: Services) -> int:
    workflow = services.workflows.get(workflow_id)
    if workflow is None:
        raise errors.NotFoundError(f'there is no workflow "{workflow_id}"')
    number = workflow.active.number if workflow.active else workflow.last_published_number
    if number is None:
        raise errors.WorkflowVersionError("no version of the workflow was ever activated")
    return number


def _reopened(run: Run, version: LoadedVersion, services: Services) -> Run:
    """Return the run as it goes on; what is evaluated when a run starts is evaluated anew."""
    riders = riders_at_start(version, check_out(run.payload, services.payloads), services)
    return replace(
        run,
        version=version.version.ref,
        machine_arn=version.version.machine_arn or run.machine_arn,
        status=RunStatus.RUNNING,
        attempt=run.attempt + 1,
        start_riders=riders.states,
        failed=frozenset(state.place for state in riders.states if not state.harmless),
        broken=frozenset(),
        ended_at=None,
        error=None,
        refused=False,
    )


@dataclass(frozen=True)
class _Reset:
    """What becomes of the stored states of a run that goes on with the version `new`."""

    run: Run
    old: LoadedVersion
    new: LoadedVersion

    def write(self, runs: RunStore) -> None:
        """Store what changes, a batch at a time: a loop may have left more states than memory holds."""
        kept = self._kept()
        for batch in _batches(self._touched(runs)):
            changed = [
                after for state in batch if state.step_id in kept for after in self._after(state, kept)
            ]
            gone = [state.place for state in batch if state.step_id not in kept]
            runs.replace_steps(self.run, changed, gone)

    def _touched(self, runs: RunStore) -> Iterator[StepState]:
        """Yield the states that may change: on the same version those of failed steps and their hosts."""
        if self.new is not self.old:
            yield from runs.states(self.run.id)
            return
        places = {lies for place in self.run.failed for lies in self.old.places_of(place)}
        yield from runs.load(self.run.id, places).states

    def _after(self, state: StepState, kept: Collection[str]) -> Iterator[StepState]:
        """Yield what a state becomes: to be run again, or with those of its riders that need not run again.

        A rider of another version that rides no more stands alone from now on.
        """
        if state.status is StepStatus.FAILED and not state.rescued:
            yield StepState(state.step_id, StepStatus.NOT_STARTED, state.iteration, history=state.history)
            return
        done = [one for one in state.riders if one.status is not StepStatus.FAILED and one.step_id in kept]
        if not state.riders or (self.new is self.old and len(done) == len(state.riders)):
            return
        rides = (self.new.version.rides or {}).get(state.step_id, ())
        yield replace(state, riders=tuple(one for one in done if one.step_id in rides), riders_due=True)
        yield from (one for one in done if one.step_id not in rides)

    def _kept(self) -> frozenset[str]:
        """Name the steps whose outcomes stay: nothing in them, and nothing before them, has changed."""
        if self.new is self.old:
            return frozenset(step.id for step in self.new.definition.steps)
        before = {step.id: step for step in self.old.definition.steps}
        kept = {TRIGGER}
        for step_id in self.new.graph.order:
            if step_id == TRIGGER or step_id not in before:
                continue
            step = self.new.definition.step(step_id)
            same = step.type == before[step_id].type and step.settings.input == before[step_id].settings.input
            parents = {edge.source for edge in self.new.graph.into(step_id)}
            if same and parents == {edge.source for edge in self.old.graph.into(step_id)} <= kept:
                kept.add(step_id)
        return frozenset(kept - {TRIGGER})
