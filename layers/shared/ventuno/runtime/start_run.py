"""Start one run of a workflow's active version: store the run, then start its execution.

The run is stored first, so an accepted event is never lost: when the execution cannot start for now,
the sweep starts it. The run's id follows from the event's key, so one event makes one run however often it
comes.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.durations import ONE_YEAR_SECONDS
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.expressions import NOW
from ventuno.runs.claim_check import check_in
from ventuno.runs.model import START, Run, StepState, VersionRef
from ventuno.runtime.admission import as_limits_let, count_hour, refusal
from ventuno.runtime.riders import Ride, evaluate_riders, tells_failure
from ventuno.runtime.services import Services, instant
from ventuno.runtime.versions import VersionCache
from ventuno.runtime.waiting_runs import start_in_turn

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.admission import Counted
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
    `tested` is what is run instead of an active version, in a test.
    """

    workflow: Workflow
    payload: JsonValue
    created_by: JsonObject
    key: str | None = None
    causation: tuple[str, ...] = ()
    tested: ActiveVersion | None = None


@dataclass(frozen=True, slots=True)
class RidersAtStart:
    """The steps evaluated when a run starts; `fatal` says that one failed and no machine could tell."""

    states: tuple[StepState, ...]
    fatal: bool


_NO_RIDERS = RidersAtStart((), fatal=False)


@dataclass(frozen=True, slots=True)
class Started:
    """The run an event belongs to; `fresh` is False when the event had started it before.

    `seconds` tells of a refused run when there may be room for it.
    """

    run: Run
    fresh: bool
    seconds: float = 0.0


def start_run(start: Start, services: Services) -> Started:
    """Start a run, or find the one this event started before.

    With limits, the run may have to wait, and then is NOT_STARTED, or be `refused`, and then is FAILED.

    Raises: WorkflowStatusError, StepInputError (payload too large), StoreUnavailableError
    """
    run_id = services.ids.new_id() if start.key is None else run_id_of(start.workflow.id, start.key)
    version = start.tested or version_for(start.workflow, run_id)
    hour = count_hour(start.workflow, services)
    refused = refusal(hour, start.workflow, services)
    run = _limited(_new_run(run_id, start, version, services), refused, start, services)
    number = services.workflows.next_run_number(start.workflow.id)
    run = replace(run, name=f"#{number} - {start.workflow.name}")
    existing = services.runs.create(run)
    if existing is not None:
        services.workflows.uncount_run(start.workflow.id, number)
        return _known(existing, start, hour, services)
    start_in_turn(run, start.workflow.limits, services)
    return Started(run, fresh=True, seconds=hour.seconds)


def refuse_if_limited(started: Started) -> None:
    """Tell who asked for a run that it was refused, and when to ask again. Raises: RunLimitError"""
    run = started.run
    if run.refused:
        wait = {"retry-after": str(math.ceil(started.seconds))}
        raise errors.RunLimitError(f"run {run.id} was refused: {run.error}", headers=wait)


def version_for(workflow: Workflow, run_id: str) -> ActiveVersion:
    """Choose the version of a run: the same one for the same run, in the shares of a rollout.

    Raises: WorkflowStatusError
    """
    active, rollout = workflow.active, workflow.rollout
    if active is None:
        raise errors.WorkflowStatusError(f'workflow "{workflow.slug}" is not active; activate it first')
    if rollout is not None and uuid.UUID(run_id).int % 100 < rollout.percent:
        return rollout.candidate
    return active


def _limited(run: Run, refused: str | None, start: Start, services: Services) -> Run:
    """Return the run as limits let it be: as it is, waiting, or refused."""
    if refused is not None:
        ended = replace(run, status=RunStatus.FAILED, error=refused, ended_at=run.started_at)
        return replace(ended, refused=True)
    return as_limits_let(run, start.workflow.limits, services)


def _known(existing: Run, start: Start, hour: Counted, services: Services) -> Started:
    """Return the run of an event that came again; one that was refused starts now, if it may."""
    if not existing.refused:
        hour.give_back(services)
        return Started(existing, fresh=False)
    refused = refusal(hour, start.workflow, services)
    if refused is not None:
        # When there may be room is later now.
        return Started(replace(existing, error=refused), fresh=False, seconds=hour.seconds)
    again = replace(existing, attempt=existing.attempt + 1, error=None, ended_at=None, refused=False)
    run = _limited(replace(again, status=RunStatus.RUNNING), None, start, services)
    if services.runs.reopen(run):
        start_in_turn(run, start.workflow.limits, services)
    return Started(services.runs.load(run.id, []).run, fresh=False)


def _new_run(run_id: str, start: Start, active: ActiveVersion, services: Services) -> Run:
    workflow = start.workflow
    ref = VersionRef(workflow.id, active.number, active.snapshot)
    payload = check_in(start.payload, f"runs/{run_id}/{START}", services.payloads, MAX_PAYLOAD_BYTES)
    riders = _NO_RIDERS
    if active.rides_at_start:
        version = _versions.load(ref, services.workflows, services.payloads)
        riders = riders_at_start(version, start.payload, services)
    now = instant(services.clock)
    rollout = workflow.rollout
    return Run(
        id=run_id,
        name=workflow.name,
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
        test=start.tested is not None,
        candidate=rollout is not None and active is rollout.candidate,
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
