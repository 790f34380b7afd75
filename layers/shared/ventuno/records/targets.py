"""The records that a write's relations point to: they must exist, deleted or not.

They are read with the rows that the write reads anyway, not checked in its transaction: a check there would
make every write contend with all others that point to the same record. So a target that is destroyed in the
same moment can be missed; readers take a relation that points nowhere for an empty one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records import layout
from ventuno.records.fields.relation import RelationType
from ventuno.records.input import refuse

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import RowKey


def targets_of(objects: ObjectModel, kind: ObjectType, values: JsonObject) -> dict[str, RowKey]:
    """Return the keys of the records that the relations among some values point to, by column."""
    return {
        field.column: layout.record_key(objects.get(field.type.target), str(values[field.column]))
        for field in kind.fields
        if isinstance(field.type, RelationType) and values.get(field.column) is not None
    }


def refuse_missing(
    kind: ObjectType,
    targets: Mapping[str, RowKey],
    there: Container[RowKey],
    before: JsonObject | None = None,
) -> None:
    """Refuse relations to records that are not there, unless they stay as they were.

    Raises: RecordInputError
    """
    ids = {column: key.pk.rpartition("#")[2] for column, key in targets.items() if key not in there}
    refuse(
        kind,
        {
            column: f"{column} points to no record: there is none with id {missing}"
            for column, missing in ids.items()
            if before is None or before[column] != missing
        },
    )
