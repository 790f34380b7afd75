"""The workflow of an exported template, as CloudFormation makes, changes and deletes it.

An event may come again and does nothing then. A workflow that is there already is not taken over, because
deleting the stack would put it away.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ventuno import errors, strict_json
from ventuno.definition.loading import definition_from_json
from ventuno.runs.model import VersionRef
from ventuno.runtime.activate import activate, deactivate
from ventuno.runtime.apply import apply_definition, digest_of
from ventuno.runtime.hook_address import hook_path
from ventuno.runtime.lifecycle import archive, restore
from ventuno.runtime.limiting import limits_from, set_limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

NOT_MADE: Final = "not-made"
"""The id of a resource whose creation failed, so that there is nothing to delete."""
_LONGEST_REASON: Final = 2000


class Properties(BaseModel):
    """What the template says of the workflow; everything is text."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    Slug: str
    Definition: str
    Activate: Literal["true", "false"] = "true"
    Limits: str = "{}"


class ResourceEvent(BaseModel):
    """What CloudFormation sends."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    RequestType: Literal["Create", "Update", "Delete"]
    ResponseURL: str
    StackId: str
    RequestId: str
    LogicalResourceId: str
    PhysicalResourceId: str = NOT_MADE
    ResourceProperties: dict[str, Any]


def handle(event: ResourceEvent, services: Services, answer: Callable[[str, JsonObject], None]) -> str:
    """Do what CloudFormation asks for and answer it, also where it cannot be done; return the status."""
    told: JsonObject = {
        "PhysicalResourceId": event.PhysicalResourceId,
        "StackId": event.StackId,
        "RequestId": event.RequestId,
        "LogicalResourceId": event.LogicalResourceId,
    }
    try:
        done = _deleted(event, services) if event.RequestType == "Delete" else _made(event, services)
    except (errors.VentunoError, ValidationError) as error:
        told |= {"Status": "FAILED", "Reason": str(error)[:_LONGEST_REASON]}
    else:
        told |= {"Status": "SUCCESS", **done}
    answer(event.ResponseURL, told)
    return str(told["Status"])


def _deleted(event: ResourceEvent, services: Services) -> JsonObject:
    workflow = services.workflows.get(event.PhysicalResourceId)
    if workflow is not None:
        archive(workflow, services)
    return {}


def _made(event: ResourceEvent, services: Services) -> JsonObject:
    given = Properties.model_validate(event.ResourceProperties)
    definition = definition_from_json(given.Definition)
    there = services.workflows.find(given.Slug)
    if there is not None:
        _refuse_foreign(event, there, definition, services)
        restore(there, services)
    applied = apply_definition(given.Slug, definition, services)
    switch = activate if given.Activate == "true" else deactivate
    workflow = switch(applied.workflow, services)
    workflow = set_limits(workflow, limits_from(_limits(given.Limits)), services)
    data: JsonObject = {
        "Id": workflow.id,
        "Version": str(applied.version.number),
        "WebhookPath": hook_path(workflow, services.workspace_id),
    }
    return {"PhysicalResourceId": workflow.id, "Data": data}


def _refuse_foreign(
    event: ResourceEvent, there: Workflow, definition: Definition, services: Services
) -> None:
    """Refuse a workflow that this resource has not made, unless it was put away or says the same."""
    mine = event.RequestType == "Update" and event.PhysicalResourceId == there.id
    if mine or there.archived_at:
        return
    newest = services.workflows.version(VersionRef(there.id, there.latest_number))
    if newest is None or newest.digest != digest_of(definition):
        raise errors.ConflictError(
            f'there is a workflow "{there.slug}" already, which this stack has not made; choose another slug'
        )


def _limits(text: str) -> JsonObject:
    try:
        value = strict_json.parse(text)
    except ValueError as error:
        raise errors.BadRequestError(f"Limits is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise errors.BadRequestError("Limits must be a JSON object")
    return value
