"""The reference's `outputSchema` form of a schema, for a variable picker, and schemas read back from it.

Shape: leaf {isLeaf: true, type, label, value}, node {isLeaf: false, type: "object", label, value: {…}},
record {object: {label, objectMetadataId}, fields: {…}, _outputSchemaType: "RECORD"}.
Source: reference §3.18
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ventuno.schemas.schema import ANY, Array, Object, Scalar, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.schemas.schema import Schema

_WORD_START: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")
_SEARCHABLE_ONLY: Final = frozenset({"position", "searchVector"})  # reference §3.18 leaves them out
_PLAIN: Final = {"string": "TEXT", "number": "NUMBER", "boolean": "BOOLEAN"}


def to_output_schema(schema: Schema) -> JsonObject:
    """Write the schema of a whole output; what is not an object has no members to pick."""
    if not isinstance(schema, Object):
        return {}
    return _record(schema) if schema.record else _members(schema.members)


def from_output_schema(written: JsonValue) -> Schema | None:
    """Read a schema back; None if the value is a plain sample instead."""
    if not isinstance(written, dict):
        return None
    if written.get("_outputSchemaType") == "RECORD" and isinstance(written.get("fields"), dict):
        written = written["fields"]
    if not isinstance(written, dict) or not written or not all(map(_is_described, written.values())):
        return None
    return Object({key: _read(member) for key, member in written.items()}, Unknown.UNLIKELY)


def label_of(key: str) -> str:
    """Make words out of a key: primaryLinkUrl becomes Primary link url."""
    words = " ".join(_WORD_START.sub(" ", key).split())
    return words[:1].upper() + words[1:].lower()


def _members(members: Mapping[str, Schema]) -> JsonObject:
    return {key: _described(key, member) for key, member in members.items()}


def _described(key: str, schema: Schema) -> JsonValue:
    if isinstance(schema, Object):
        value = _record(schema) if schema.record else _members(schema.members)
        return {"isLeaf": False, "type": "object", "label": label_of(key), "value": value}
    sample = schema.sample if isinstance(schema, Scalar) else None
    return {"isLeaf": True, "type": _leaf_type(schema), "label": label_of(key), "value": sample}


def _record(schema: Object) -> JsonObject:
    name = schema.record or ""
    fields = {key: member for key, member in schema.members.items() if key not in _SEARCHABLE_ONLY}
    about: JsonObject = {"label": label_of(name), "objectMetadataId": name, "fieldIdName": "id"}
    return {"object": about, "fields": _members(fields), "_outputSchemaType": "RECORD"}


def _leaf_type(schema: Schema) -> str:
    if isinstance(schema, Array):
        return "array"
    return schema.type if isinstance(schema, Scalar) else "unknown"


def _is_described(member: JsonValue) -> bool:
    return isinstance(member, dict) and ("isLeaf" in member or member.get("_outputSchemaType") == "RECORD")


def _read(member: JsonValue) -> Schema:
    if not isinstance(member, dict):
        return ANY
    if member.get("isLeaf") is not True:
        return from_output_schema(member.get("value", member)) or ANY
    kind = member.get("type")
    if kind == "array":
        return Array(ANY)
    name = _PLAIN.get(kind, kind) if isinstance(kind, str) else "unknown"
    return ANY if name in {"unknown", "RAW_JSON"} else Scalar(name, member.get("value"))
