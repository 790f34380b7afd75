"""What the HTTP API answers; every function takes the text of a request and gives the body of the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from ventuno import errors, strict_json
from ventuno.definition.loading import definition_from_json, findings_from
from ventuno.engine.statuses import RunStatus
from ventuno.runs.model import VersionRef
from ventuno.runs.places import indexes_of, iteration_of
from ventuno.runtime.checking import schemas_here
from ventuno.runtime.rest.parameters import filter_of
from ventuno.runtime.run_manually import run_manually
from ventuno.runtime.run_on_records import Selection, run_on_records
from ventuno.runtime.show_iterations import Wanted, show_iterations
from ventuno.runtime.show_run import list_runs, show_run
from ventuno.runtime.versions import read_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services
    from ventuno.runtime.start_run import Started
    from ventuno.workflow.model import Workflow

DEFAULT_LIMIT = 60
MAX_LIMIT = 200
_LONGEST_INDEX = 7
_ITERATION = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,7}){0,20}", re.ASCII)


def workflows(services: Services) -> JsonObject:
    """List the workflows. Item: {id, slug, name, statuses, activeVersion, latestVersion}"""
    return {"workflows": [workflow_view(workflow) for workflow in services.workflows.all()]}


def workflow_view(workflow: Workflow) -> JsonObject:
    """Return one workflow as the API and the command line show it."""
    return {
        "id": workflow.id,
        "slug": workflow.slug,
        "name": workflow.name,
        "statuses": [status.value for status in workflow.statuses],
        "activeVersion": workflow.active.number if workflow.active else None,
        "latestVersion": workflow.latest_number,
        "trigger": workflow.active.trigger_type if workflow.active else None,
    }


def find_workflow(name: str, services: Services) -> Workflow:
    """Find a workflow by slug or id. Raises: NotFoundError"""
    workflow = services.workflows.find(name) or services.workflows.get(name)
    if workflow is None:
        raise errors.NotFoundError(f'there is no workflow "{name}"')
    return workflow


def workflow_schemas(name: str, services: Services) -> JsonObject:
    """Tell what the newest version's trigger and steps result in, its draft's if it has one.

    Item: {"trigger" or step id: schema as in `ventuno.schemas.picker`, empty if nothing is known}
    Raises: NotFoundError
    """
    workflow = find_workflow(name, services)
    ref = VersionRef(workflow.id, workflow.latest_number)
    definition = read_version(ref, services.workflows, services.payloads).definition
    return schemas_here(definition, services)


def definition_schemas(body: bytes, services: Services) -> JsonObject:
    """Tell what the trigger and the steps of a definition result in, stored or not, whatever else is wrong.

    Raises: DefinitionError
    """
    return schemas_here(definition_from_json(body), services)


def run(slug: str, body: str | None, key: str | None, services: Services) -> JsonObject:
    """Start a run. Raises: NotFoundError, WorkflowStatusError, BadRequestError"""
    started = run_manually(find_workflow(slug, services), payload_from(body), "API", services, key)
    return started_view(started)


class RecordsChosen(BaseModel):
    """Which records to run on.

    Event: {"ids": [id]} or {"filter": "<as in REST, empty for all>", "cursor"?: text}
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: tuple[str, ...] | None = None
    filter: str | None = None
    cursor: str | None = None

    def selection(self) -> Selection:
        """Return what is meant. Raises: BadRequestError, StepInputError"""
        if (self.ids is None) == (self.filter is None):
            raise errors.BadRequestError('send either "ids" or "filter"; an empty filter takes all records')
        if self.filter is None:
            return Selection(self.ids)
        return Selection(condition=filter_of({"filter": self.filter}), cursor=self.cursor)


def run_on(slug: str, body: str | None, key: str | None, services: Services) -> JsonObject:
    """Start runs on chosen records. Item: {"runs": [{workflowRunId, name, fresh}], "cursor": text or null}

    Raises: NotFoundError, WorkflowStatusError, WorkflowTriggerError, BadRequestError, StepInputError
    """
    try:
        chosen = RecordsChosen.model_validate(payload_from(body))
    except ValidationError as error:
        told = "; ".join(f"{found.path}: {found.message}" for found in findings_from(error, "the body"))
        raise errors.BadRequestError(told) from error
    done = run_on_records(find_workflow(slug, services), chosen.selection(), "API", services, key)
    return {"runs": [started_view(started) for started in done.runs], "cursor": done.cursor}


def started_view(started: Started) -> JsonObject:
    """Return a run that was started as callers see it."""
    return {"workflowRunId": started.run.id, "name": started.run.name, "fresh": started.fresh}


def payload_from(text: str | None) -> JsonValue:
    """Read a JSON payload; nothing is `{}`. Raises: BadRequestError"""
    if not text or not text.strip():
        return {}
    try:
        return strict_json.parse(text)
    except ValueError as error:
        raise errors.BadRequestError(f"the payload is not JSON: {error}") from error


def runs(
    workflow: str | None, status: str | None, limit: str | None, cursor: str | None, services: Services
) -> JsonObject:
    """List runs of a workflow, of a status, or of both. Raises: BadRequestError, NotFoundError"""
    wanted = find_workflow(workflow, services) if workflow else None
    return list_runs(services, wanted, _status(status), limit_from(limit), cursor)


def _status(text: str | None) -> RunStatus | None:
    if text is None:
        return None
    try:
        return RunStatus(text.upper())
    except ValueError as error:
        raise errors.BadRequestError(f'"{text}" is no status; use one of {", ".join(RunStatus)}') from error


def limit_from(text: str | None) -> int:
    """Read a page size. Raises: BadRequestError"""
    if text is None:
        return DEFAULT_LIMIT
    if not text.isdecimal() or not 1 <= int(text) <= MAX_LIMIT:
        raise errors.BadRequestError(f"limit must be a number from 1 to {MAX_LIMIT}")
    return int(text)


def run_detail(run_id: str, services: Services) -> JsonObject:
    """Show a run. Raises: NotFoundError"""
    return show_run(run_id, services)


def run_iterations(run_id: str, iterator: str, query: Mapping[str, str], services: Services) -> JsonObject:
    """Show iterations of a loop; query: from, limit, within. Raises: BadRequestError, NotFoundError"""
    within = within_from(query.get("within"))
    wanted = Wanted(iterator, _first(query.get("from")), limit_from(query.get("limit")), within)
    return show_iterations(run_id, wanted, services)


def _first(text: str | None) -> int:
    if text is None:
        return 0
    if not text.isdecimal() or len(text) > _LONGEST_INDEX:
        raise errors.BadRequestError("from must be the number of an iteration, counted from 0")
    return int(text)


def within_from(text: str | None) -> str:
    """Read an iteration, such as 3, or 3.0 of two loops; nothing is outside loops. Raises: BadRequestError"""
    if not text:
        return ""
    if not _ITERATION.fullmatch(text):
        raise errors.BadRequestError(f'"{text[:100]}" is no iteration; write 3, or 3.0 inside two loops')
    return iteration_of(indexes_of(text))


def records(plural: str, limit: str | None, cursor: str | None, services: Services) -> JsonObject:
    """List the records of an object. Source: reference §10.6. Raises: NotFoundError, BadRequestError"""
    singular = _singular(plural, services)
    found = services.records.find(singular, None, limit_from(limit), cursor)
    page = {"hasNextPage": found.cursor is not None, "endCursor": found.cursor}
    return {"data": {plural: list(found.records)}, "totalCount": found.total_count, "pageInfo": page}


def record(plural: str, record_id: str, services: Services) -> JsonObject:
    """Read one record. Source: reference §10.6. Raises: NotFoundError"""
    singular = _singular(plural, services)
    return {"data": {singular: services.records.get(singular, record_id)}}


def _singular(plural: str, services: Services) -> str:
    kind = services.objects.by_plural(plural)
    if kind is None:
        raise errors.NotFoundError(f'there is no object "{plural}"')
    return kind.name
