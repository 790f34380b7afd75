"""Workflows, versions and API keys as plain rows and back; both stores keep exactly these.

Item:   workflow {PK: WORKFLOW#<id>, SK: META, …}    slug {PK: WORKFLOWS, SK: <slug>, id}
        version  {PK: WORKFLOW#<id>, SK: VERSION#<n, 8 digits>, …}
        snapshot {PK: WORKFLOW#<id>, SK: TESTED#<n, 8 digits>#<digest>, …}: a draft as a test ran it
        listener {PK: LISTENERS#<object>, SK: <event>#<workflow id>, id}
        rollout  {PK: ROLLOUTS, SK: <workflow id>}
        counter  {PK: WORKFLOW#<id>, SK: RUNS, count}
        key      {PK: KEYS, SK: <id>, …} and {PK: KEY#<token hash>, SK: META, …}
Source: architecture, Data
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.access.model import ApiKey, Role
from ventuno.runs.fields import stored_from, stored_value
from ventuno.workflow.address import FIRST_ADDRESS, HookAddress
from ventuno.workflow.limits import NO_LIMITS, Limits
from ventuno.workflow.model import ActiveVersion, Rollout, Version, VersionStatus, Workflow

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import VersionRef

SLUGS = "WORKFLOWS"
KEYS = "KEYS"
VERSIONS = "VERSION#"
ROLLOUTS = "ROLLOUTS"


def workflow_key(workflow_id: str) -> JsonObject:
    """Return the key of a workflow."""
    return {"PK": f"WORKFLOW#{workflow_id}", "SK": "META"}


def counter_key(workflow_id: str) -> JsonObject:
    """Return the key of a workflow's count of runs.

    Apart from the workflow, so counting never blocks a switch.
    """
    return {"PK": f"WORKFLOW#{workflow_id}", "SK": "RUNS"}


def slug_row(workflow: Workflow) -> JsonObject:
    """Write the row that reserves a slug and lists the workflow."""
    return {"PK": SLUGS, "SK": workflow.slug, "id": workflow.id}


def version_key(ref: VersionRef) -> JsonObject:
    """Return the key of a version."""
    number = f"{ref.number:08d}"
    sort_key = f"TESTED#{number}#{ref.snapshot}" if ref.snapshot else f"{VERSIONS}{number}"
    return {"PK": f"WORKFLOW#{ref.workflow_id}", "SK": sort_key}


def listener_rows(workflow: Workflow) -> list[JsonObject]:
    """Write the row under which record events find the workflow; none when no record event starts it."""
    topic = workflow.topic
    return [] if topic is None else [listener_key(topic, workflow.id) | _present(id=workflow.id)]


def listener_key(topic: str, workflow_id: str) -> JsonObject:
    """Return the key of the row that lists a workflow under a topic."""
    object_name, _, event = topic.partition(".")
    return {"PK": listeners_of(object_name), "SK": f"{event}#{workflow_id}"}


def old_listener_keys(workflow: Workflow) -> list[JsonObject]:
    """Return the key of the listener row that a save of the workflow must remove, if there is one."""
    old = workflow.stored_topic
    return [] if old is None or old == workflow.topic else [listener_key(old, workflow.id)]


def rollout_rows(workflow: Workflow) -> list[JsonObject]:
    """Write the row that lists a workflow of which a version is being rolled out."""
    return [{"PK": ROLLOUTS, "SK": workflow.id}] if workflow.rollout else []


def ended_rollout_keys(workflow: Workflow) -> list[JsonObject]:
    """Return the key of that row where there must be none."""
    return [] if workflow.rollout else [{"PK": ROLLOUTS, "SK": workflow.id}]


def listeners_of(object_name: str) -> str:
    """Return the partition that lists the workflows an object's events start."""
    return f"LISTENERS#{object_name}"


def workflow_row(workflow: Workflow) -> JsonObject:
    """Write a workflow as a row."""
    active = workflow.active
    return workflow_key(workflow.id) | _present(
        id=workflow.id,
        slug=workflow.slug,
        name=workflow.name,
        latestNumber=workflow.latest_number,
        draftNumber=workflow.draft_number,
        lastPublishedNumber=workflow.last_published_number,
        active=_active_fields(active) if active else None,
        revision=workflow.revision,
        leftSchedules=list(workflow.left_schedules) or None,
        rollout=_rollout_fields(workflow.rollout) if workflow.rollout else None,
        rollback=workflow.rollback,
        limits=workflow.limits.to_dict() or None,
        hook=workflow.hook.to_dict() if workflow.hook != FIRST_ADDRESS else None,
        archivedAt=workflow.archived_at,
    )


def _rollout_fields(rollout: Rollout) -> JsonObject:
    return {
        "candidate": _active_fields(rollout.candidate),
        "percent": rollout.percent,
        "mostFailuresPercent": rollout.most_failures_percent,
        "afterRuns": rollout.after_runs,
        "startedAt": rollout.started_at,
    }


def _rollout_from(fields: Any) -> Rollout:  # noqa: ANN401 - a row's nested fields
    return Rollout(
        _active_from(fields["candidate"]),
        fields["percent"],
        fields["mostFailuresPercent"],
        fields["afterRuns"],
        fields["startedAt"],
    )


def _active_fields(active: ActiveVersion) -> JsonObject:
    return _present(
        number=active.number,
        machineArn=active.machine_arn,
        triggerType=active.trigger_type,
        triggerSettings=active.trigger_settings,
        ridesAtStart=active.rides_at_start,
        topic=active.topic,
        schedules=list(active.schedules) or None,
        waits=active.waits or None,
    )


def workflow_from(row: JsonObject) -> Workflow:
    """Read a workflow back."""
    fields: Any = row
    active = _active_from(fields["active"]) if "active" in fields else None
    return Workflow(
        id=fields["id"],
        slug=fields["slug"],
        name=fields["name"],
        latest_number=fields["latestNumber"],
        draft_number=fields.get("draftNumber"),
        last_published_number=fields.get("lastPublishedNumber"),
        active=active,
        revision=fields["revision"],
        stored_topic=active.topic if active else None,
        left_schedules=tuple(fields.get("leftSchedules", ())),
        rollout=_rollout_from(fields["rollout"]) if "rollout" in fields else None,
        rollback=fields.get("rollback"),
        limits=Limits.from_dict(fields["limits"]) if "limits" in fields else NO_LIMITS,
        hook=HookAddress.from_dict(fields["hook"]) if "hook" in fields else FIRST_ADDRESS,
        archived_at=fields.get("archivedAt"),
    )


def _active_from(fields: Any) -> ActiveVersion:  # noqa: ANN401 - a row's nested fields
    return ActiveVersion(
        number=fields["number"],
        machine_arn=fields["machineArn"],
        trigger_type=fields["triggerType"],
        trigger_settings=fields["triggerSettings"],
        rides_at_start=fields["ridesAtStart"],
        topic=fields.get("topic"),
        schedules=tuple(fields.get("schedules", ())),
        waits=fields.get("waits", False),
    )


def version_row(version: Version) -> JsonObject:
    """Write a version as a row."""
    return version_key(version.ref) | _present(
        workflowId=version.workflow_id,
        number=version.number,
        status=version.status.value,
        definition=stored_value(version.definition),
        digest=version.digest,
        createdAt=version.created_at,
        machineArn=version.machine_arn,
        rides=None if version.rides is None else {host: list(steps) for host, steps in version.rides.items()},
        scripts=stored_value(version.scripts) if version.scripts else None,
        snapshot=version.snapshot or None,
        expiresAt=version.expires_at,
    )


def version_from(row: JsonObject) -> Version:
    """Read a version back."""
    fields: Any = row
    rides = fields.get("rides")
    return Version(
        workflow_id=fields["workflowId"],
        number=fields["number"],
        status=VersionStatus(fields["status"]),
        definition=stored_from(fields["definition"]),
        digest=fields["digest"],
        created_at=fields["createdAt"],
        machine_arn=fields.get("machineArn"),
        rides=None if rides is None else {host: tuple(steps) for host, steps in rides.items()},
        scripts=stored_from(fields["scripts"]) if "scripts" in fields else None,
        snapshot=fields.get("snapshot", ""),
        expires_at=fields.get("expiresAt"),
    )


def key_rows(key: ApiKey) -> tuple[JsonObject, JsonObject]:
    """Write an API key twice: once to be listed, once to be found by its token's hash."""
    fields: JsonObject = {
        "id": key.id,
        "name": key.name,
        "role": key.role.value,
        "tokenHash": key.token_hash,
        "createdAt": key.created_at,
    }
    return {"PK": KEYS, "SK": key.id, **fields}, {**token_key(key.token_hash), **fields}


def token_key(token_hash: str) -> JsonObject:
    """Return the key under which a token's hash is looked up."""
    return {"PK": f"KEY#{token_hash}", "SK": "META"}


def key_from(row: JsonObject) -> ApiKey:
    """Read an API key back."""
    fields: Any = row
    return ApiKey(
        fields["id"], fields["name"], Role(fields["role"]), fields["tokenHash"], fields["createdAt"]
    )


def _present(**fields: Any) -> JsonObject:  # noqa: ANN401 - JSON of any depth
    return {key: value for key, value in fields.items() if value is not None}
