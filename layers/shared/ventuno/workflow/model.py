"""A workflow, its versions, and the part of the active version that every trigger needs at once.

Source: reference §1.1; decisions, Lifecycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ventuno.runs.model import VersionRef
from ventuno.workflow.address import FIRST_ADDRESS, HookAddress
from ventuno.workflow.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from ventuno.runs.model import Stored


class VersionStatus(StrEnum):
    """Where a version stands; at most one of a workflow is ACTIVE, and at most one CANDIDATE beside it.

    A CANDIDATE takes a part of the runs while it is rolled out; the reference has no such status.
    """

    DRAFT = "DRAFT"
    CANDIDATE = "CANDIDATE"
    ACTIVE = "ACTIVE"
    DEACTIVATED = "DEACTIVATED"
    ARCHIVED = "ARCHIVED"


@dataclass(frozen=True, slots=True)
class ActiveVersion:
    """What a trigger reads with the workflow itself, so that starting a run needs no second read.

    `rides_at_start` says that pure steps follow the trigger, which needs the whole definition.
    `topic` is the record event that starts it, `<object>.<event>`, if one does.
    `schedules` are the names of the schedules that may start it; any other schedule is out of date.
    `waits` says that a run of it may wait, for up to a year.
    `snapshot` is that of `VersionRef`, for the copy of a draft that a test runs.
    """

    number: int
    machine_arn: str
    trigger_type: str
    trigger_settings: dict[str, Any]
    rides_at_start: bool
    topic: str | None = None
    schedules: tuple[str, ...] = ()
    waits: bool = False
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Rollout:
    """A version that takes `percent` of the runs, by their ids, beside the active one.

    It is taken back when more than `most_failures_percent` of its runs failed, once `after_runs` have ended.
    Units: `started_at` is an ISO 8601 UTC instant.
    """

    candidate: ActiveVersion
    percent: int
    most_failures_percent: int
    after_runs: int
    started_at: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow: `slug` is the name people type, `id` is random and stands in public addresses.

    `stored_topic` is the topic that the store lists it under, which a save brings in line with `active`.
    `left_schedules` belong to no version any more; they start nothing and are to be deleted.
    `rollback` says why the last rollout was taken back.
    """

    id: str
    slug: str
    name: str
    latest_number: int = 0
    draft_number: int | None = None
    last_published_number: int | None = None
    active: ActiveVersion | None = None
    revision: int = 0
    stored_topic: str | None = None
    left_schedules: tuple[str, ...] = ()
    rollout: Rollout | None = None
    rollback: str | None = None
    limits: Limits = NO_LIMITS
    hook: HookAddress = FIRST_ADDRESS
    archived_at: str | None = None

    @property
    def topic(self) -> str | None:
        """The record event that starts it, if one does."""
        return self.active.topic if self.active else None

    @property
    def statuses(self) -> tuple[VersionStatus, ...]:
        """The reference's `statuses`: DRAFT beside ACTIVE, DEACTIVATED only when none is active."""
        if self.archived_at:
            return (VersionStatus.ARCHIVED,)
        draft = (VersionStatus.DRAFT,) if self.draft_number is not None else ()
        if self.active:
            return (*draft, VersionStatus.ACTIVE)
        return (*draft, VersionStatus.DEACTIVATED) if self.last_published_number is not None else draft


@dataclass(frozen=True, slots=True)
class Version:
    """One version: a draft may be replaced, any other is immutable but for its status.

    `digest` is the SHA-256 of the definition's canonical JSON.
    `rides` maps a host step to the pure steps its call evaluates; the trigger is a host too.
    `scripts` holds {step: script} for steps whose code is run in another form than it was written in.
    `snapshot` is the first part of the digest where this is the copy of a draft, made for a test;
    `expires_at`, in epoch seconds, is when that copy goes.
    """

    workflow_id: str
    number: int
    status: VersionStatus
    definition: Stored
    digest: str
    created_at: str
    machine_arn: str | None = None
    rides: dict[str, tuple[str, ...]] | None = None
    scripts: Stored | None = None
    snapshot: str = ""
    expires_at: int | None = None

    @property
    def ref(self) -> VersionRef:
        """The reference a run carries."""
        return VersionRef(self.workflow_id, self.number, self.snapshot)
