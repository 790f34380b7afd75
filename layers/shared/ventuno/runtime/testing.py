"""Test a draft: a real run of what it says now, with real effects, flagged and listed apart.

The run has a copy of the draft, so that the draft may change meanwhile. Nothing needs to be activated, and an
active version goes on.
Source: reference §7; decisions, Lifecycle
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ventuno.definition.durations import ONE_YEAR_SECONDS
from ventuno.runs.model import VersionRef
from ventuno.runtime.apply import refuse_archived
from ventuno.runtime.preparing import prepare
from ventuno.runtime.run_manually import given_by_hand
from ventuno.runtime.services import instant_of
from ventuno.runtime.start_run import RETENTION_SECONDS, Start, start_run
from ventuno.runtime.versions import read_version
from ventuno.triggers.webhook import Webhook

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.runtime.services import Services
    from ventuno.runtime.start_run import Started
    from ventuno.workflow.model import ActiveVersion, Workflow

_SNAPSHOT_LENGTH: Final = 12
_LOOKED_AT: Final = 100
_MACHINE_KEPT: Final = timedelta(hours=1)


def start_test(
    workflow: Workflow, payload: JsonValue | None, caller: str, services: Services, key: str | None = None
) -> Started:
    """Start a test of the draft, or else of the newest version, in the name of `caller`.

    Without a payload, a webhook's is the body that it expects, and any other's is empty.

    Raises: WorkflowStatusError (archived), DefinitionError, BadRequestError, StepInputError,
    StoreUnavailableError
    """
    refuse_archived(workflow)
    tested = _snapshot(workflow, services)
    given = _sample(tested) if payload is None else payload
    created_by, sent = given_by_hand(tested.trigger_type, given, caller)
    event_key = None if key is None else f"test:{key}"
    started = start_run(Start(workflow, sent, created_by, event_key, tested=tested), services)
    _delete_old_machines(workflow, tested.machine_arn, services)
    return started


def _delete_old_machines(workflow: Workflow, kept: str, services: Services) -> None:
    """Delete the machines of tests that ended long ago: an account may have 10,000."""
    tests = services.runs.by_workflow(workflow.id, _LOOKED_AT, None, tests=True).runs
    since = instant_of(services.clock.now() - _MACHINE_KEPT)
    in_use = {run.machine_arn for run in tests if not run.status.ended or run.started_at > since}
    for machine_arn in sorted({run.machine_arn for run in tests} - in_use - {kept}):
        services.machines.delete(machine_arn)


def _snapshot(workflow: Workflow, services: Services) -> ActiveVersion:
    """Store what the draft says now, with a machine of its own."""
    ref = VersionRef(workflow.id, workflow.latest_number)
    loaded = read_version(ref, services.workflows, services.payloads)
    digest = loaded.version.digest[:_SNAPSHOT_LENGTH]
    prepared = prepare(workflow, loaded, f"{workflow.slug}-draft-{digest}", services)
    kept = RETENTION_SECONDS + (ONE_YEAR_SECONDS if prepared.active.waits else 0)
    until = int(services.clock.now().timestamp()) + kept
    services.workflows.add_snapshot(replace(prepared.version, snapshot=digest, expires_at=until))
    return replace(prepared.active, snapshot=digest)


def _sample(tested: ActiveVersion) -> JsonValue:
    expected: JsonValue = tested.trigger_settings.get("expectedBody")
    return expected if tested.trigger_type == Webhook.wire_type and expected is not None else {}
