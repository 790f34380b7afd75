"""The live records that point at some records, found through the index that every relation has."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.fields.relation import RelationType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.json_value import JsonValue
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.reading import RecordReading
    from ventuno.records.service import RecordService
    from ventuno.records.writes import Write

MOST_RELATED: Final = 1_000
"""How many of them are changed within one call; more would not be done before its caller gives up."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """One relation of one record: the join column `column` of the record `record_id`."""

    object_name: str
    column: str
    record_id: str


def pointing_at(
    objects: ObjectModel, records: RecordReading, object_name: str, ids: Sequence[JsonValue]
) -> Iterator[Pointer]:
    """Walk over what points at the records of an object that have these ids, a page at a time.

    Raises: QueryBudgetError, StoreUnavailableError
    """
    for other in objects:
        for field in other.fields:
            if isinstance(field.type, RelationType) and field.type.target == object_name:
                asked = Comparison((field.column,), Operator.IN, list(ids))
                for record in records.each(other.name, asked, ()):
                    yield Pointer(other.name, field.column, str(record["id"]))


def clear_pointers(objects: ObjectModel, service: RecordService, destroy: Write, record_id: str) -> None:
    """Clear the relations that point at a record, each in a write of its own; the record itself stays.

    Raises: RecordConflictError when there are more than one call clears, StoreUnavailableError
    """
    name, keyless = destroy.kind.name, replace(destroy.context, key=None)
    for number, pointer in enumerate(pointing_at(objects, service, name, [record_id])):
        if number == MOST_RELATED:
            raise errors.RecordConflictError(
                f"More than {MOST_RELATED:,} records point at {name} {record_id}. "
                f"{MOST_RELATED:,} of them do no longer: repeat the call for the others"
            )
        if pointer.record_id != record_id:
            with suppress(errors.RecordNotFoundError):  # deleted since it was found
                service.update(pointer.object_name, pointer.record_id, {pointer.column: None}, keyless)
