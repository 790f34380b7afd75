"""From the columns of a file to the fields of a record: `E-mail=emails.primaryEmail`.

A cell of a CSV file is text; it is read as the field's type reads: numbers, true and false,
JSON for lists and objects. An empty cell is left out, so that an upsert does not clear what the file
does not know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.records.fields.boolean import BooleanType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.uuid import UuidType
from ventuno.spelling import meant
from ventuno_dev.importing.errors import ImportFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.object_type import ObjectType

SKIPPED = ""
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Target:
    """The field, or the part of it, that a column is written to."""

    field: str
    part: str | None
    type: FieldType


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Targets by column; columns that are not here are passed over."""

    targets: Mapping[str, Target]
    from_text: bool

    def record(self, row: Mapping[str, JsonValue]) -> JsonObject:
        """Return the fields that a row gives. Raises: ValueError with the reason"""
        record: JsonObject = {}
        for column, value in row.items():
            target = self.targets.get(column)
            if target is None or value in ("", None):
                continue
            read = _read(column, target.type, value) if self.from_text else value
            if target.part is None:
                record[target.field] = read
                continue
            there = record.setdefault(target.field, {})
            if not isinstance(there, dict):
                raise ValueError(f"{target.field} is given as a whole and by its part {target.part}")  # noqa: TRY004 - the row's fault, told like its others
            there[target.part] = read
        return record


def mapping_for(
    kind: ObjectType, columns: Iterable[str], given: Mapping[str, str], *, from_text: bool
) -> ColumnMapping:
    """Map the columns of a file: as given, else by their own names.

    Raises: ImportFileError when a column leads to no field
    """
    columns = list(columns)
    unknown = [column for column in given if column not in columns]
    if unknown:
        raise ImportFileError(
            f"--map names the column {unknown[0]!r}, which the file has not{meant(unknown[0], columns)}"
        )
    paths = {column: given.get(column, column) for column in columns}
    targets = {column: _target(kind, column, path) for column, path in paths.items() if path != SKIPPED}
    return ColumnMapping(targets, from_text)


def _target(kind: ObjectType, column: str, path: str) -> Target:
    name, _, part = path.partition(".")
    field = kind.by_input_name.get(name)
    if field is None:
        raise ImportFileError(
            f"column {column!r}: {kind.unknown_field(name)}; map it with --map '{column}=field', "
            f"or leave it out with --map '{column}='"
        )
    if not part:
        return Target(name, None, field.type)
    part_type = field.type.part(part)
    if part_type is None:
        raise ImportFileError(
            f"column {column!r}: {name} has no part {part}{meant(part, field.type.part_names)}"
        )
    return Target(name, part, part_type)


def _read(column: str, field_type: FieldType, value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if isinstance(field_type, NumberType):
        return _number(column, text)
    if isinstance(field_type, BooleanType):
        if text.lower() not in _BOOLEANS:
            raise ValueError(f"{column} must be true or false, not {text[:40]!r}")
        return _BOOLEANS[text.lower()]
    if field_type.sortable or field_type.textual or isinstance(field_type, UuidType):
        return value
    return _json(column, text)


def _number(column: str, text: str) -> JsonValue:
    try:
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError as exc:
        raise ValueError(f"{column} must be a number, not {text[:40]!r}") from exc


def _json(column: str, text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError as exc:
        raise ValueError(f'{column} must be JSON, such as ["a"]: {exc}') from exc
    return value
