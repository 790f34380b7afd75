"""What becomes of drafts and of whole workflows: discard, draft again, duplicate, archive, restore.

Each is one conditional write, so it happens whole or not at all, and may be repeated.
Source: reference §1.3, §1.4; decisions, Lifecycle
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.registry import ACTIONS
from ventuno.definition.copying import with_fresh_ids
from ventuno.runs.model import VersionRef
from ventuno.runtime.activate import stopped, stopped_versions
from ventuno.runtime.apply import check_slug, create_workflow, redraft, refuse_archived
from ventuno.runtime.checking import findings_here
from ventuno.runtime.schedules import delete_left
from ventuno.runtime.services import instant
from ventuno.runtime.versions import read_version

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.runtime.apply import Applied
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

_LITERAL = {kind: action.literal for kind, action in ACTIONS.items()}
_LONGEST_NAME, _LONGEST_SLUG = 200, 40
_SUFFIX = "-copy"


def discard_draft(workflow: Workflow, services: Services) -> Workflow:
    """Delete the draft; without one nothing happens. The next draft gets its number again.

    Raises: WorkflowVersionError (it is all there is), ConflictError, StoreUnavailableError
    """
    number = workflow.draft_number
    if number is None:
        return workflow
    if number == 1:
        raise errors.WorkflowVersionError(
            f'the draft is all there is of "{workflow.slug}"; archive the workflow instead'
        )
    published = VersionRef(workflow.id, workflow.last_published_number or number - 1)
    name = read_version(published, services.workflows, services.payloads).definition.name
    kept = replace(workflow, name=name, draft_number=None, latest_number=number - 1)
    return services.workflows.save(kept, [], [VersionRef(workflow.id, number)])


def draft_from(workflow: Workflow, number: int, services: Services) -> Applied:
    """Make a version's definition the draft, in place of the one there may be.

    Raises: NotFoundError, WorkflowStatusError (archived), ConflictError, StoreUnavailableError
    """
    refuse_archived(workflow)
    version = VersionRef(workflow.id, number)
    definition = read_version(version, services.workflows, services.payloads).definition
    findings = findings_here(definition, services)
    return redraft(workflow, definition, findings, services)


def duplicate(
    workflow: Workflow, services: Services, slug: str | None = None, number: int | None = None
) -> Applied:
    """Make a workflow of its own out of a version, the newest one if none is named, under fresh ids.

    Raises: BadRequestError (slug), NotFoundError, ConflictError, StoreUnavailableError
    """
    version = VersionRef(workflow.id, workflow.latest_number if number is None else number)
    original = read_version(version, services.workflows, services.payloads).definition
    copy = with_fresh_ids(_renamed(original), services.ids.new_id, _LITERAL)
    wanted = _free_slug(workflow.slug, services) if slug is None else slug
    check_slug(wanted)
    findings = findings_here(copy, services)
    return create_workflow(wanted, copy, findings, services)


def _renamed(definition: Definition) -> Definition:
    suffix = " (Duplicate)"
    name = definition.name[: _LONGEST_NAME - len(suffix)] + suffix
    return definition.model_copy(update={"name": name})


def _free_slug(slug: str, services: Services) -> str:
    for number in count(1):
        tail = _SUFFIX if number == 1 else f"{_SUFFIX}-{number}"
        free = slug[: _LONGEST_SLUG - len(tail)].rstrip("-") + tail
        if services.workflows.find(free) is None:
            return free
    raise AssertionError("there is always a next number")


def archive(workflow: Workflow, services: Services) -> Workflow:
    """Stop a workflow and put it away; its versions and runs stay.

    Raises: ConflictError, StoreUnavailableError
    """
    if workflow.archived_at:
        delete_left(workflow, services)
        return workflow
    away = replace(stopped(workflow, services), archived_at=instant(services.clock))
    saved = services.workflows.save(away, stopped_versions(workflow, services))
    delete_left(saved, services)
    return saved


def restore(workflow: Workflow, services: Services) -> Workflow:
    """Bring an archived workflow back; nothing starts it until it is activated again.

    Raises: ConflictError, StoreUnavailableError
    """
    if workflow.archived_at is None:
        return workflow
    return services.workflows.save(replace(workflow, archived_at=None), [])
