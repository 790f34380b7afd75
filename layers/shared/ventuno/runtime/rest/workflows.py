"""Workflows over the API: read, define, draft, switch, put away.

What compiles is imported where it is called, so that a cold start for records or runs does not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.definition.findings import errors_of
from ventuno.definition.loading import definition_from, definition_from_json
from ventuno.definition.remainder import ShapeError
from ventuno.runs.model import VersionRef
from ventuno.runtime.hook_address import hook_path
from ventuno.runtime.rest.parameters import flag
from ventuno.runtime.rest.route import Answer
from ventuno.runtime.versions import read_version
from ventuno.runtime.workflows import find_workflow, workflow_view

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.runtime.apply import Applied
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Version, Workflow


def list_workflows(request: Request, services: Services) -> Answer:
    """List the workflows; archived ones only where asked for. Raises: StepError, ApiError"""
    archived = flag(request.query, "archived")
    found = [one for one in services.workflows.all() if (one.archived_at is not None) == archived]
    return Answer(200, {"workflows": [workflow_view(workflow) for workflow in found]})


def show(request: Request, services: Services) -> Answer:
    """Show a workflow with its versions. Raises: StepError, ApiError"""
    workflow = _named(request, services)
    versions = [version_view(version) for version in services.workflows.versions(workflow.id)]
    return Answer(200, {**_view(workflow, services), "versions": [*versions]})


def show_version(request: Request, services: Services) -> Answer:
    """Show a version with its definition. Raises: StepError, ApiError"""
    ref = VersionRef(_named(request, services).id, _number(request.place["number"]))
    loaded = read_version(ref, services.workflows, services.payloads)
    return Answer(200, {**version_view(loaded.version), "definition": loaded.definition.to_dict()})


def version_view(version: Version) -> JsonObject:
    """Return a version as callers see it, without its definition."""
    return {
        "number": version.number,
        "status": version.status.value,
        "createdAt": version.created_at,
        "machineArn": version.machine_arn,
        "digest": version.digest,
    }


def create(request: Request, services: Services) -> Answer:
    """Store a new workflow: {slug, definition}. Raises: StepError, ApiError, DefinitionError"""
    from ventuno.runtime.apply import apply_definition  # noqa: PLC0415 - the compiler, which few calls need

    slug, definition = _values(request, {"slug": str, "definition": dict}, {})
    if services.workflows.find(slug) is not None:
        raise errors.ConflictError(f'there is a workflow "{slug}" already')
    return Answer(201, _applied(apply_definition(slug, _read(definition, services), services), services))


def put_draft(request: Request, services: Services) -> Answer:
    """Store a definition, the body, as the draft. Raises: StepError, ApiError, DefinitionError"""
    from ventuno.runtime.apply import apply_definition  # noqa: PLC0415 - as above

    workflow = _named(request, services)
    applied = apply_definition(workflow.slug, _read(request.fields(), services), services)
    return Answer(200, _applied(applied, services))


def _read(value: JsonObject, services: Services) -> Definition:
    """Read a definition; one of the wrong shape is told with what else is wrong. Raises: DefinitionError"""
    try:
        return definition_from(value)
    except ShapeError as error:
        from ventuno.runtime.checking import findings_here  # noqa: PLC0415 - as above

        others = () if error.remainder is None else findings_here(error.remainder, services)
        raise errors.DefinitionError((*error.findings, *errors_of(others))) from error


def draft_again(request: Request, services: Services) -> Answer:
    """Make a version the draft: {version}. Raises: StepError, ApiError"""
    from ventuno.runtime.lifecycle import draft_from  # noqa: PLC0415 - as above

    (number,) = _values(request, {"version": int}, {})
    return Answer(200, _applied(draft_from(_named(request, services), number, services), services))


def duplicate(request: Request, services: Services) -> Answer:
    """Copy a version into a workflow of its own: {slug?, version?}. Raises: StepError, ApiError"""
    from ventuno.runtime.lifecycle import duplicate as copy  # noqa: PLC0415 - as above

    slug, number = _values(request, {}, {"slug": str, "version": int})
    return Answer(201, _applied(copy(_named(request, services), services, slug, number), services))


def discard(request: Request, services: Services) -> Answer:
    """Delete the draft. Raises: StepError, ApiError"""
    from ventuno.runtime.lifecycle import discard_draft  # noqa: PLC0415 - as above

    return _done(request, services, discard_draft)


def activate(request: Request, services: Services) -> Answer:
    """Make the draft the version that triggers start. Raises: StepError, ApiError, DefinitionError"""
    from ventuno.runtime.activate import activate as switch_on  # noqa: PLC0415 - as above

    return _done(request, services, switch_on)


def deactivate(request: Request, services: Services) -> Answer:
    """Stop triggers from starting runs. Raises: StepError, ApiError"""
    from ventuno.runtime.activate import deactivate as switch_off  # noqa: PLC0415 - as above

    return _done(request, services, switch_off)


def archive(request: Request, services: Services) -> Answer:
    """Stop a workflow and put it away. Raises: StepError, ApiError"""
    from ventuno.runtime.lifecycle import archive as put_away  # noqa: PLC0415 - as above

    return _done(request, services, put_away)


def restore(request: Request, services: Services) -> Answer:
    """Bring an archived workflow back. Raises: StepError, ApiError"""
    from ventuno.runtime.lifecycle import restore as bring_back  # noqa: PLC0415 - as above

    return _done(request, services, bring_back)


def schemas(request: Request, services: Services) -> Answer:
    """Tell what the trigger and the steps of a workflow result in. Raises: StepError, ApiError"""
    return Answer(200, newest_schemas(_named(request, services), services))


def newest_schemas(workflow: Workflow, services: Services) -> JsonObject:
    """Tell what the newest version's trigger and steps result in, its draft's if it has one.

    Item: {"trigger" or step id: schema as in `ventuno.schemas.picker`, empty if nothing is known}
    Raises: PayloadTooLargeError, StoreUnavailableError
    """
    from ventuno.runtime.checking import schemas_here  # noqa: PLC0415 - as above

    ref = VersionRef(workflow.id, workflow.latest_number)
    definition = read_version(ref, services.workflows, services.payloads).definition
    return schemas_here(definition, services)


def schemas_of_definition(request: Request, services: Services) -> Answer:
    """Tell the same of the definition in the body, whatever is wrong with it.

    Raises: StepError, ApiError, DefinitionError
    """
    from ventuno.runtime.checking import schemas_here  # noqa: PLC0415 - as above

    return Answer(200, schemas_here(definition_from_json(request.body), services))


def plan(request: Request, services: Services) -> Answer:
    """Tell what activating the draft would change. Raises: StepError, ApiError"""
    from ventuno.runtime.plan import plan_of_draft  # noqa: PLC0415 - as above

    return Answer(200, plan_of_draft(_named(request, services), services).to_dict())


def plan_definition(request: Request, services: Services) -> Answer:
    """Tell what a definition would change: {slug, definition}; nothing is stored.

    Raises: StepError, ApiError, DefinitionError
    """
    from ventuno.runtime.plan import plan_of  # noqa: PLC0415 - as above

    slug, definition = _values(request, {"slug": str, "definition": dict}, {})
    workflow = services.workflows.find(slug)
    return Answer(200, plan_of(workflow, _read(definition, services), services).to_dict())


def export_version(request: Request, services: Services) -> Answer:
    """Write a version as a CloudFormation template; query: version. Raises: StepError, ApiError"""
    from ventuno.runtime.export import export  # noqa: PLC0415 - as above

    workflow = find_workflow(request.place["slug"], services)
    number = _number(request.query.get("version", str(workflow.latest_number)))
    ref = VersionRef(workflow.id, number)
    definition = read_version(ref, services.workflows, services.payloads).definition
    return Answer(200, export(workflow.slug, definition, workflow.limits, services))


def import_version(request: Request, services: Services) -> Answer:
    """Store a version exported from Twenty as a draft: {slug, name?, export}.

    Raises: StepError, ApiError, DefinitionError
    """
    from ventuno.definition.twenty import definition_from_twenty  # noqa: PLC0415 - as above
    from ventuno.runtime.apply import apply_definition  # noqa: PLC0415 - as above

    slug, exported, name = _values(request, {"slug": str, "export": dict}, {"name": str})
    applied = apply_definition(slug, definition_from_twenty(exported, name), services)
    return Answer(201, _applied(applied, services))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 8:  # noqa: PLR2004 - the digits of its key
        raise errors.NotFoundError(f"{text[:100]} is no number of a version")
    return int(text)


def _done(request: Request, services: Services, work: Callable[[Workflow, Services], Workflow]) -> Answer:
    return Answer(200, _view(work(_named(request, services), services), services))


def _named(request: Request, services: Services) -> Workflow:
    return find_workflow(request.place["slug"], services)


def _view(workflow: Workflow, services: Services) -> JsonObject:
    return {**workflow_view(workflow), "webhookPath": hook_path(workflow, services.workspace_id)}


def _applied(applied: Applied, services: Services) -> JsonObject:
    return {
        "workflow": _view(applied.workflow, services),
        "version": version_view(applied.version),
        "changed": applied.changed,
        "findings": [finding.to_dict() for finding in applied.findings],
    }


def _values(request: Request, needed: dict[str, type], known: dict[str, type]) -> list[Any]:
    """Read the values of a body, those that may be left out as None. Raises: BadRequestError"""
    body = request.fields() if request.body.strip() else {}
    expected = needed | known
    wrong = [name for name in body if type(body[name]) is not expected.get(name)]
    if wrong or set(needed) - set(body):
        raise errors.BadRequestError(f"the body must have {_told(needed, known)}, and nothing else")
    return [body.get(name) for name in expected]


def _told(needed: Collection[str], known: Collection[str]) -> str:
    named = [*(f'"{name}"' for name in needed), *(f'"{name}", which may be left out' for name in known)]
    return " and ".join(named) or "nothing"
