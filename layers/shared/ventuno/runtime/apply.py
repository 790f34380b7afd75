"""Store a definition as the draft of its workflow, making the workflow when its slug is new."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.runs.claim_check import check_in
from ventuno.runs.model import VersionRef
from ventuno.runtime.checking import findings_here
from ventuno.runtime.services import instant
from ventuno.runtime.versions import canonical_definition
from ventuno.workflow.model import Version, VersionStatus, Workflow

if TYPE_CHECKING:
    from ventuno.definition.findings import Finding
    from ventuno.definition.model import Definition
    from ventuno.runtime.services import Services

SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did. `changed` is False when the newest version already says exactly this."""

    workflow: Workflow
    version: Version
    changed: bool
    findings: tuple[Finding, ...]


def apply_definition(slug: str, definition: Definition, services: Services) -> Applied:
    """Store the definition as a draft. A draft may have findings; activation refuses errors.

    Raises: BadRequestError (slug), WorkflowStatusError (archived), ConflictError, StoreUnavailableError
    """
    check_slug(slug)
    findings = findings_here(definition, services)
    workflow = services.workflows.find(slug)
    if workflow is None:
        return create_workflow(slug, definition, findings, services)
    refuse_archived(workflow)
    newest = services.workflows.version(VersionRef(workflow.id, workflow.latest_number))
    usable = newest is not None and newest.status is not VersionStatus.ARCHIVED
    if newest is not None and usable and newest.digest == digest_of(definition):
        return Applied(workflow, newest, changed=False, findings=findings)
    return redraft(workflow, definition, findings, services)


def check_slug(slug: str) -> None:
    """Raises: BadRequestError for what can be no slug"""
    if not SLUG.fullmatch(slug):
        raise errors.BadRequestError(
            f'"{slug[:100]}" cannot be a workflow\'s slug; use 1 to 40 of a-z, 0-9 and inner hyphens'
        )


def refuse_archived(workflow: Workflow) -> None:
    """Raises: WorkflowStatusError for an archived workflow"""
    if workflow.archived_at:
        raise errors.WorkflowStatusError(f'workflow "{workflow.slug}" is archived; restore it first')


def create_workflow(
    slug: str, definition: Definition, findings: tuple[Finding, ...], services: Services
) -> Applied:
    """Store a new workflow with its first draft. Raises: ConflictError (slug), StoreUnavailableError"""
    workflow_id = services.ids.new_id()
    draft = _draft(workflow_id, 1, definition, services)
    workflow = Workflow(workflow_id, slug, definition.name, latest_number=1, draft_number=1)
    services.workflows.create(workflow, draft)
    return Applied(workflow, draft, changed=True, findings=findings)


def redraft(
    workflow: Workflow, definition: Definition, findings: tuple[Finding, ...], services: Services
) -> Applied:
    """Store a definition as the draft, in place of the one there may be.

    Raises: ConflictError, StoreUnavailableError
    """
    number = workflow.draft_number or workflow.latest_number + 1
    draft = _draft(workflow.id, number, definition, services)
    changed = replace(workflow, latest_number=number, draft_number=number, name=definition.name)
    return Applied(services.workflows.save(changed, [draft]), draft, changed=True, findings=findings)


def _draft(workflow_id: str, number: int, definition: Definition, services: Services) -> Version:
    stored = check_in(definition.to_dict(), f"versions/{workflow_id}/{number}", services.payloads)
    now = instant(services.clock)
    return Version(workflow_id, number, VersionStatus.DRAFT, stored, digest_of(definition), now)


def digest_of(definition: Definition) -> str:
    """Return the SHA-256 that identifies a definition's content."""
    return hashlib.sha256(canonical_definition(definition).encode()).hexdigest()
