"""Start a workflow with a MANUAL trigger on chosen records: one run each, or one run for all of them.

Records are chosen by id or by a filter. Runs for each record start a page at a time, because a caller's
patience ends somewhere: the answer tells where to go on.
Source: reference §2.2; decisions, Triggers
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.query import Query
from ventuno.runtime.run_manually import run_manually
from ventuno.triggers.manual import BulkRecords, Manual, ManualSettings, SingleRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.runtime.services import Services
    from ventuno.runtime.start_run import Started
    from ventuno.workflow.model import Workflow

PAGE: Final = 100
"""Runs that one call starts."""

MOST_IDS: Final = 200
MOST_IN_BULK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: those with some ids, or else all that meet a condition, if there is one.

    `cursor` is where a call before this one ended.
    """

    ids: tuple[str, ...] | None = None
    condition: Condition | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class StartedRuns:
    """The runs that were started, and the cursor to go on with when there are more records."""

    runs: tuple[Started, ...]
    cursor: str | None


def run_on_records(
    workflow: Workflow, selection: Selection, caller: str, services: Services, key: str | None = None
) -> StartedRuns:
    """Start the runs of a selection in the name of `caller`; the same key starts each of them once.

    Raises: WorkflowStatusError, WorkflowTriggerError, BadRequestError, NotFoundError, StepInputError,
    StoreUnavailableError
    """
    availability = _availability(workflow)
    if isinstance(availability, BulkRecords):
        kind = services.objects.get(availability.object_name_singular)
        records = _all(kind, selection, services)
        payload: JsonObject = {kind.plural: [*records]}
        return StartedRuns((run_manually(workflow, payload, caller, services, key),), None)
    page, cursor = _page(availability.object_name_singular, selection, services)
    keys = [None if key is None else f"{key}/{record['id']}" for record in page]
    runs = [
        run_manually(workflow, record, caller, services, each)
        for record, each in zip(page, keys, strict=True)
    ]
    return StartedRuns(tuple(runs), cursor)


def _availability(workflow: Workflow) -> SingleRecord | BulkRecords:
    active = workflow.active
    if active is None:
        raise errors.WorkflowStatusError(f'workflow "{workflow.slug}" is not active; activate it first')
    if active.trigger_type != Manual.wire_type:
        raise errors.WorkflowTriggerError(
            f'workflow "{workflow.slug}" starts by {active.trigger_type}, not by hand on records'
        )
    availability = ManualSettings.model_validate(active.trigger_settings).availability
    if not isinstance(availability, SingleRecord | BulkRecords):
        raise errors.BadRequestError(
            f'workflow "{workflow.slug}" runs without records; start it with a payload'
        )
    return availability


def _page(
    object_name: str, selection: Selection, services: Services
) -> tuple[Sequence[JsonObject], str | None]:
    if selection.ids is not None:
        return _by_ids(object_name, selection.ids, services), None
    query = Query(selection.condition, limit=PAGE, after=selection.cursor, counted=False)
    found = services.records.query(object_name, query)
    return found.records, found.cursor


def _all(kind: ObjectType, selection: Selection, services: Services) -> Sequence[JsonObject]:
    if selection.ids is not None:
        return _by_ids(kind.name, selection.ids, services)
    each = services.records.each(kind.name, selection.condition, kind.by_column)
    records = list(islice(each, MOST_IN_BULK + 1))
    if len(records) > MOST_IN_BULK:
        raise errors.BadRequestError(
            f"more than {MOST_IN_BULK:,} records; narrow the filter, or let the workflow run for each record"
        )
    return records


def _by_ids(object_name: str, ids: Sequence[str], services: Services) -> list[JsonObject]:
    """Read records in the order of their ids; one that is missing stops the whole selection."""
    if not 1 <= len(ids) <= MOST_IDS:
        raise errors.BadRequestError(f"choose 1 to {MOST_IDS} records by id, or any number by a filter")
    chosen = list(dict.fromkeys(each.lower() for each in ids))
    query = Query(Comparison(("id",), Operator.IN, [*chosen]), limit=MOST_IDS, counted=False)
    found = {record["id"]: record for record in services.records.query(object_name, query).records}
    missing = [each for each in chosen if each not in found]
    if missing:
        raise errors.NotFoundError(f"there is no {object_name} with the id {missing[0][:100]}")
    return [found[each] for each in chosen]
