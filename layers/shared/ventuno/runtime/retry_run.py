"""Retry a failed run: failed steps run again, what is done answers from the store.

On another version a step's outcome is used again where the step, and all it can depend on, is unchanged.
Resetting comes before reopening, so a retry that was cut off is simply done again.
Source: reference §4.6 (Manual retryWorkflowRun); decisions, Engine (Stop, retry); architecture, Recovery
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from ventuno import errors
from ventuno.definition.model import TRIGGER
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import StepState, VersionRef
from ventuno.runtime.launching import launch
from ventuno.runtime.start_run import riders_at_start
from ventuno.runtime.versions import LoadedVersion, read_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.runs.model import LoadedRun, Run
    from ventuno.runs.places import Place
    from ventuno.runtime.services import Services


LATEST: Final = "latest"
"""The version that is active, or was last."""


def retry_run(run_id: str, services: Services, on_version: int | Literal["latest"] | None = None) -> Run:
    """Run the failed steps of a FAILED run again, perhaps on another version.

    Raises: NotFoundError, WorkflowVersionError (a draft, or one that was never activated), ConflictError
    (it is not FAILED, or somebody else retries it), StoreUnavailableError
    """
    loaded = services.runs.load_all(run_id)
    if loaded.run.status is not RunStatus.FAILED:
        raise errors.ConflictError(f"the run is {loaded.run.status}; only a run that FAILED can be retried")
    old = read_version(loaded.run.version, services.workflows, services.payloads)
    new = old if on_version is None else _other(loaded.run, on_version, services)
    reset = _Reset(loaded, old, new)
    services.runs.replace_steps(loaded.run, list(reset.states()), list(reset.gone()))
    run = _reopened(loaded.run, new, services)
    if not services.runs.reopen(run):
        raise errors.ConflictError("the run was retried by somebody else")
    launch(run, services)
    return services.runs.load(run_id, []).run


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

    loaded: LoadedRun
    old: LoadedVersion
    new: LoadedVersion

    def states(self) -> Iterator[StepState]:
        """Yield the states that change: failed ones to run again, done ones whose riders are due."""
        kept = self._kept()
        for state in self.loaded.states:
            if state.step_id not in kept:
                continue
            if not state.harmless and state.status is StepStatus.FAILED:
                yield StepState(state.step_id, StepStatus.NOT_STARTED, state.iteration, history=state.history)
            elif state.riders and self._riders_due(state):
                yield replace(state, riders=(), riders_due=True)

    def gone(self) -> Iterator[Place]:
        """Yield the states that cannot be used any more."""
        kept = self._kept()
        yield from (state.place for state in self.loaded.states if state.step_id not in kept)

    def _riders_due(self, state: StepState) -> bool:
        return self.new is not self.old or any(not rider.harmless for rider in state.riders)

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
