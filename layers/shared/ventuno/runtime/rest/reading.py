"""List records and read one. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records.expansion import expanded
from ventuno.runtime.rest.parameters import depth_of, flag, query_of
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.query import Found
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

LISTING = ("filter", "order_by", "limit", "starting_after", "ending_before", "depth", "count", "explain")
ONE = ("depth",)


def list_records(request: Request, services: Services) -> Answer:
    """Find records. Raises: NotFoundError, BadRequestError, StepInputError"""
    kind, depth = request.kind(services), depth_of(request.query)
    explain = flag(request.query, "explain")
    query = query_of(request.query)
    found = services.records.query(kind.name, query)
    records = expanded(services.objects, services.records, kind, found.records) if depth else found.records
    body: JsonObject = {"data": {kind.plural: list(records)}, "pageInfo": page_info(found)}
    if query.counted:
        body["totalCount"] = found.total_count
    return Answer(200, body | ({"explain": found.work.to_value()} if explain else {}))


def get_record(request: Request, services: Services) -> Answer:
    """Read one record. Raises: NotFoundError, BadRequestError"""
    kind, depth = request.kind(services), depth_of(request.query)
    record = services.records.get(kind.name, request.place["id"])
    return Answer(200, {"data": {kind.name: shown(kind, record, depth, services)}})


def shown(kind: ObjectType, record: JsonObject, depth: int, services: Services) -> JsonObject:
    """Return a record as deep as was asked."""
    return expanded(services.objects, services.records, kind, [record])[0] if depth else record


def page_info(found: Found) -> JsonObject:
    """Say what lies on either side of a page."""
    return {
        "hasNextPage": found.has_next,
        "hasPreviousPage": found.has_previous,
        "startCursor": found.start_cursor,
        "endCursor": found.end_cursor,
    }
