"""What the HTTP API answers; every function takes the text of a request and gives the body of the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ventuno import errors, strict_json
from ventuno.engine.statuses import RunStatus
from ventuno.runs.places import indexes_of, iteration_of
from ventuno.runtime.rest.parameters import flag
from ventuno.runtime.show_iterations import Wanted, show_iterations
from ventuno.runtime.show_run import list_runs, show_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.services import Services
    from ventuno.runtime.start_run import Started
    from ventuno.workflow.model import Rollout, Workflow

DEFAULT_LIMIT = 60
MAX_LIMIT = 200
_LONGEST_INDEX = 7
_ITERATION = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,7}){0,20}", re.ASCII)


def workflow_view(workflow: Workflow) -> JsonObject:
    """Return one workflow as the API and the command line show it."""
    active, rollout = workflow.active, workflow.rollout
    return {
        "id": workflow.id,
        "slug": workflow.slug,
        "name": workflow.name,
        "statuses": [status.value for status in workflow.statuses],
        "activeVersion": active.number if active else None,
        "draftVersion": workflow.draft_number,
        "latestVersion": workflow.latest_number,
        "trigger": active.trigger_type if active else None,
        "limits": workflow.limits.to_dict(),
        "rollout": rollout_view(rollout) if rollout else None,
        "rollback": workflow.rollback,
        "archivedAt": workflow.archived_at,
    }


def rollout_view(rollout: Rollout) -> JsonObject:
    """Return a rollout as callers see it."""
    return {
        "version": rollout.candidate.number,
        "percent": rollout.percent,
        "mostFailuresPercent": rollout.most_failures_percent,
        "afterRuns": rollout.after_runs,
        "startedAt": rollout.started_at,
    }


def find_workflow(name: str, services: Services) -> Workflow:
    """Find a workflow by slug or id. Raises: NotFoundError"""
    workflow = services.workflows.find(name) or services.workflows.get(name)
    if workflow is None:
        raise errors.NotFoundError(f'there is no workflow "{name}"')
    return workflow


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


def runs(query: Mapping[str, str], services: Services) -> JsonObject:
    """List runs; query: workflow, status, tests, limit, cursor. Raises: BadRequestError, NotFoundError"""
    name = query.get("workflow")
    wanted = find_workflow(name, services) if name else None
    limit, tests = limit_from(query.get("limit")), flag(query, "tests")
    return list_runs(services, wanted, _status(query.get("status")), limit, query.get("cursor"), tests=tests)


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
