"""Create, update, delete and restore one record. Source: reference §10.6"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.runtime.rest.parameters import depth_of, flag
from ventuno.runtime.rest.reading import shown
from ventuno.runtime.rest.route import Answer, capital

if TYPE_CHECKING:
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

CREATING = ("upsert", "depth")
CHANGING = ("depth",)
DELETING = ("soft_delete",)


def create(request: Request, services: Services) -> Answer:
    """Create a record, or update the one with its unique values. Raises: StepError, ApiError"""
    kind, upsert = request.kind(services), flag(request.query, "upsert")
    write = services.records.upsert if upsert else services.records.create
    depth = depth_of(request.query)
    record = write(kind.name, request.fields(), request.write())
    return Answer(201, {"data": {f"create{capital(kind.name)}": shown(kind, record, depth, services)}})


def update(request: Request, services: Services) -> Answer:
    """Write some fields of a record. Raises: StepError, ApiError"""
    kind, depth = request.kind(services), depth_of(request.query)
    record = services.records.update(kind.name, request.place["id"], request.fields(), request.write())
    return Answer(200, {"data": {f"update{capital(kind.name)}": shown(kind, record, depth, services)}})


def delete(request: Request, services: Services) -> Answer:
    """Remove a record for good, or softly. Raises: StepError, ApiError"""
    kind, soft = request.kind(services), flag(request.query, "soft_delete")
    remove = services.records.delete if soft else services.records.destroy
    record = remove(kind.name, request.place["id"], request.write())
    return Answer(200, {"data": {f"delete{capital(kind.name)}": record}, "softDelete": soft})


def restore(request: Request, services: Services) -> Answer:
    """Undo a soft delete. Raises: StepError, ApiError"""
    kind, depth = request.kind(services), depth_of(request.query)
    record = services.records.restore(kind.name, request.place["id"], request.write())
    return Answer(200, {"data": {f"restore{capital(kind.name)}": shown(kind, record, depth, services)}})
