"""Start one run of a workflow's active version: store the run, then start its execution.

The run is stored first, so an accepted event is never lost: when the execution cannot start for now,
the sweep starts it. The run's id follows from the event's key, so one event makes one run however often it
comes.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.durations import ONE_YEAR_SECONDS
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.expressions import NOW
from ventuno.runs.claim_check import check_in, to_text
from ventuno.runs.model import START, Run, StepState, VersionRef
from ventuno.runtime.riders import Ride, answers_of, evaluate_riders, tells_failure
from ventuno.runtime.services import Services, instant
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.versions import LoadedVersion
    from ventuno.workflow.model import ActiveVersion, Workflow

RUN_NAMESPACE = uuid.UUID("6f0b2f0e-4ab5-5d0c-9d5e-2b1d4c7c2121")
"""Run ids are UUIDs of version 5 under this namespace; changing it would let old events start runs again."""

MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
RUN_FAILED = "WorkflowRun failed"
RETENTION_SECONDS = (90 + 2) * 86_400
"""A run is kept for the 90 days in which its event's key must find it, after the two it lasts at most unless
it waits."""

_versions = VersionCache()


@dataclass(frozen=True, slots=True)
class Start:
    """A request to start a run.

    `key` identifies the event: the same key for the same workflow gives the same run. None means a fresh run.
    """

    workflow: Workflow
    payload: JsonValue
    created_by: JsonObject
    key: str | None = None
    causation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RidersAtStart:
    """The steps evaluated when a run starts; `fatal` says that one failed and no machine could tell."""

    states: tuple[StepState, ...]
    fatal: bool


_NO_RIDERS = RidersAtStart((), fatal=False)


@dataclass(frozen=True, slots=True)
class Started:
    """The run an event belongs to; `fresh` is False when the event had started it before."""

    run: Run
    fresh: bool


def start_run(start: Start, services: Services) -> Started:
    """Start a run, or find the one this event started before.

    Raises: WorkflowStatusError, StepInputError (payload too large), StoreUnavailableError
    """
    active = start.workflow.active
    if active is None:
        raise errors.WorkflowStatusError(f'workflow "{start.workflow.slug}" is not active; activate it first')
    run = _new_run(start, active, services)
    existing = services.runs.create(run)
    if existing is not None:
        return Started(existing, fresh=False)
    if not run.status.ended:
        _start_execution(run, services)
    return Started(run, fresh=True)


def _new_run(start: Start, active: ActiveVersion, services: Services) -> Run:
    workflow = start.workflow
    run_id = services.ids.new_id() if start.key is None else run_id_of(workflow.id, start.key)
    ref = VersionRef(workflow.id, active.number)
    payload = check_in(start.payload, f"runs/{run_id}/{START}", services.payloads, MAX_PAYLOAD_BYTES)
    riders = _NO_RIDERS
    if active.rides_at_start:
        version = _versions.load(ref, services.workflows, services.payloads)
        riders = riders_at_start(version, start.payload, services)
    now = instant(services.clock)
    return Run(
        id=run_id,
        name=f"#{services.workflows.next_run_number(workflow.id)} - {workflow.name}",
        version=ref,
        machine_arn=active.machine_arn,
        status=RunStatus.FAILED if riders.fatal else RunStatus.RUNNING,
        payload=payload,
        created_by=start.created_by,
        started_at=now,
        expires_at=int(services.clock.now().timestamp()) + _kept_seconds(active),
        ended_at=now if riders.fatal else None,
        error=RUN_FAILED if riders.fatal else None,
        start_riders=riders.states,
        failed=frozenset(state.place for state in riders.states if not state.harmless),
        causation=(*start.causation, run_id),
    )


def _kept_seconds(active: ActiveVersion) -> int:
    return RETENTION_SECONDS + (ONE_YEAR_SECONDS if active.waits else 0)


def riders_at_start(version: LoadedVersion, payload: JsonValue, services: Services) -> RidersAtStart:
    """Evaluate the pure steps that follow the trigger."""
    rides = (version.version.rides or {}).get(START, ())
    host = StepState(START, StepStatus.SUCCESS)
    values = {START: payload, NOW: instant(services.clock)}
    states = evaluate_riders(host, rides, Ride(version, values, services))
    return RidersAtStart(states, any(not one.harmless and not tells_failure(version, one) for one in states))


def run_id_of(workflow_id: str, key: str) -> str:
    """Derive a run's id from the event that starts it."""
    return str(uuid.uuid5(RUN_NAMESPACE, f"{workflow_id}\n{key}"))


def _start_execution(run: Run, services: Services) -> None:
    """Start the execution; a refusal for now is left to the sweep, because the run is stored."""
    try:
        services.machines.start(run.machine_arn, run.execution_name, execution_input(run))
    except errors.StoreUnavailableError:
        return
    except errors.MachineMissingError as error:
        services.runs.close(run.id, run.attempt, RunStatus.FAILED, str(error), instant(services.clock))


def execution_input(run: Run) -> str:
    """Write the input of an execution: the run's id and the answers of the steps evaluated at its start.

    Event: {"run": id, "version": "<workflow id>:v<n>", "answers": {stepId: true | false | branch index}}
    """
    return to_text({"run": run.id, "version": str(run.version), "answers": answers_of(run.start_riders)})
