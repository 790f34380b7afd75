"""How an update writes a field that has a value already: over it (the default), behind it, or not at all.

The mode is applied to the record that the write is based on, so two appends at once both count.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ventuno.records.fields.base import FieldValueError
from ventuno.records.input import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType


class WriteMode(StrEnum):
    """What an update may do with a field instead of replacing its value."""

    APPEND = "append"
    ONLY_IF_EMPTY = "only_if_empty"


def under_modes(
    kind: ObjectType, before: JsonObject, given: JsonObject, modes: Mapping[str, WriteMode]
) -> JsonObject:
    """Return the values to write, by column, after the modes of their fields were applied.

    Raises: RecordInputError naming the fields that nothing can be appended to
    """
    by_column = {kind.by_input_name[name].column: mode for name, mode in modes.items()}
    written: JsonObject = {}
    wrong: dict[str, str] = {}
    for column, value in given.items():
        field = kind.by_column[column]
        try:
            written.update(_written(field, before[column], value, by_column.get(column)))
        except FieldValueError as error:
            wrong[column] = f"{column} {error}"
    refuse(kind, wrong)
    return written


def _written(field: Field, before: JsonValue, value: JsonValue, mode: WriteMode | None) -> JsonObject:
    """Return what is written of one field; nothing where it stays as it is."""
    empty = field.type.stored(before) is None
    if mode is None or (empty and value is not None):
        return {field.column: value}
    if mode is WriteMode.ONLY_IF_EMPTY or value is None:
        return {}
    if not field.type.appendable:
        raise FieldValueError(f"holds one {field.type.wire_name}, to which nothing can be appended")
    return {field.column: field.type.appended(before, value)}
