"""Create or upsert up to 200 records in one call. Source: reference §10.6

What is wrong in any of them is found before one is written. A race lost in the middle leaves the others:
with an Idempotency-Key the same call may be sent again, and writes only what is missing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.expansion import expanded
from ventuno.runtime.rest.parameters import depth_of, flag
from ventuno.runtime.rest.route import Answer, capital

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

MAX_RECORDS = 200


def create_many(request: Request, services: Services) -> Answer:
    """Create records, or upsert them one by one. Raises: StepError, ApiError"""
    kind, upsert = request.kind(services), flag(request.query, "upsert")
    depth, records, write = depth_of(request.query), _records(request), request.write()
    if upsert:
        services.records.check_many(kind.name, records)
        keys = [f"{write.key}#{index}" if write.key else None for index in range(len(records))]
        done = [
            services.records.upsert(kind.name, values, replace(write, key=key))
            for values, key in zip(records, keys, strict=True)
        ]
    else:
        done = services.records.create_many(kind.name, records, write)
    if depth:
        done = expanded(services.objects, services.records, kind, done)
    return Answer(201, {"data": {f"create{capital(kind.plural)}": list(done)}})


def _records(request: Request) -> list[JsonObject]:
    body = request.json()
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise errors.BadRequestError("the body must be a list of objects, one for each record")
    if not 1 <= len(body) <= MAX_RECORDS:
        raise errors.BadRequestError(f"the body must have 1 to {MAX_RECORDS} records, not {len(body)}")
    return body
