"""A workflow, its versions, and the part of the active version that every trigger needs at once.

Source: reference §1.1; decisions, Lifecycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ventuno.runs.model import VersionRef

if TYPE_CHECKING:
    from ventuno.runs.model import Stored


class VersionStatus(StrEnum):
    """Where a version stands; at most one of a workflow is ACTIVE."""

    DRAFT = "DRAFT"
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
    """

    number: int
    machine_arn: str
    trigger_type: str
    trigger_settings: dict[str, Any]
    rides_at_start: bool
    topic: str | None = None
    schedules: tuple[str, ...] = ()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow: `slug` is the name people type, `id` is random and stands in public addresses.

    `stored_topic` is the topic that the store lists it under, which a save brings in line with `active`.
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

    @property
    def topic(self) -> str | None:
        """The record event that starts it, if one does."""
        return self.active.topic if self.active else None

    @property
    def statuses(self) -> tuple[VersionStatus, ...]:
        """The reference's `statuses`: DRAFT beside ACTIVE, DEACTIVATED only when none is active."""
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

    @property
    def ref(self) -> VersionRef:
        """The reference a run carries."""
        return VersionRef(self.workflow_id, self.number)
