"""Schemas out of JSON schemas: what an author says that values look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ventuno.schemas.schema import ANY, Array, Object, Scalar, Unknown

if TYPE_CHECKING:
    from ventuno.schemas.schema import Schema

_SCALARS: Final = {"string": "TEXT", "number": "NUMBER", "integer": "NUMBER", "boolean": "BOOLEAN"}
_DEEPEST: Final = 20


def schema_of_json_schema(given: Any, depth: int = 0) -> Schema:  # noqa: ANN401 - author JSON
    """Return the schema of values that fit a JSON schema; what it does not say plainly may be anything."""
    if not isinstance(given, dict) or depth > _DEEPEST:
        return ANY
    kind = _kind(given.get("type"))
    if kind == "object" and isinstance(given.get("properties"), dict):
        members = {
            str(key): schema_of_json_schema(member, depth + 1) for key, member in given["properties"].items()
        }
        closed = given.get("additionalProperties") is False
        return Object(members, Unknown.REFUSED if closed else Unknown.UNLIKELY)
    if kind == "array":
        return Array(schema_of_json_schema(given.get("items"), depth + 1))
    return Scalar(_SCALARS[kind]) if kind in _SCALARS else ANY


def _kind(given: Any) -> str:  # noqa: ANN401 - author JSON
    """Return the one type beside null."""
    kinds = [one for one in given if one != "null"] if isinstance(given, list) else [given]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else ""
