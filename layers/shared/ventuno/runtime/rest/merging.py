"""Merge records into one of them. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.runtime.rest.parameters import depth_of
from ventuno.runtime.rest.reading import shown
from ventuno.runtime.rest.route import Answer, capital

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

_FIELDS: Final = frozenset({"ids", "conflictPriorityIndex", "dryRun"})


def merge(request: Request, services: Services) -> Answer:
    """Merge the records with the given `ids`; `dryRun` only shows the result. Raises: StepError, ApiError"""
    kind, depth, body = request.kind(services), depth_of(request.query), request.fields()
    ids, priority, dry_run = _asked(body)
    record = services.records.merge(kind.name, ids, priority, request.write(), dry_run=dry_run)
    return Answer(200, {"data": {f"merge{capital(kind.plural)}": shown(kind, record, depth, services)}})


def _asked(body: JsonObject) -> tuple[list[str], int, bool]:
    ids, priority, dry_run = body.get("ids"), body.get("conflictPriorityIndex"), body.get("dryRun", False)
    texts = [item for item in ids if isinstance(item, str)] if isinstance(ids, list) else []
    if set(body) - _FIELDS or not isinstance(ids, list) or len(texts) < len(ids):
        raise errors.BadRequestError('the body must have "ids" (a list of texts) and "conflictPriorityIndex"')
    if isinstance(priority, bool) or not isinstance(priority, int):
        raise errors.BadRequestError(
            "conflictPriorityIndex must be the place in ids, from 0, of what is kept"
        )
    if not isinstance(dry_run, bool):
        raise errors.BadRequestError("dryRun must be true or false")
    return texts, priority, dry_run
