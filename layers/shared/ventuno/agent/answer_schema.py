"""JSON schemas that authors give, and values held against them.

A schema reaches nothing outside itself, and has no regular expressions: those of an author, run on what
others send, could take for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonValue

MOST_PROBLEMS: Final = 10
_EXPRESSIONS: Final = ("pattern", "patternProperties")
_ELSEWHERE: Final = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$schema")


def schema_problem(schema: JsonValue) -> str | None:
    """Say what is wrong with a schema, or None."""
    import jsonschema  # noqa: PLC0415 - 60 ms that only schemas are worth

    if not isinstance(schema, dict):
        return (
            'a schema is an object, such as {"type": "object", "properties": {"total": {"type": "number"}}}'
        )
    try:
        problem = next(_refused(schema), None)
        if problem is None:
            jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        return f"{'.'.join(map(str, error.absolute_path)) or 'schema'}: {error.message[:300]}"
    except RecursionError:
        return "the schema is nested too deeply"
    return problem


def _refused(value: JsonValue) -> Iterator[str]:
    """Yield what a schema may not have; keys of `properties` are names, not keywords, but rarely these."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in _EXPRESSIONS and not isinstance(member, bool) and _is_keyword(key, member):
                yield f'"{key}" is not used here: regular expressions are not; describe the text instead'
            elif key in _ELSEWHERE and isinstance(member, str) and key != "$schema":
                yield f'"{key}" is not used here; write the schema in one piece'
            elif key == "$ref" and isinstance(member, str) and not member.startswith("#/"):
                yield 'a "$ref" may only lead into the same schema, such as "#/$defs/line"'
            yield from _refused(member)
    elif isinstance(value, list):
        for member in value:
            yield from _refused(member)


def _is_keyword(key: str, member: JsonValue) -> bool:
    return isinstance(member, str) if key == "pattern" else isinstance(member, dict)


def problems_of(value: JsonValue, schema: JsonValue) -> list[str]:
    """Say what of a value does not fit a schema, up to ten sentences."""
    import jsonschema  # noqa: PLC0415 - as above
    import referencing  # noqa: PLC0415 - as above

    checker: Any = jsonschema.Draft202012Validator(schema, registry=referencing.Registry())
    found: list[str] = []
    try:
        for error in checker.iter_errors(value):
            place = ".".join(map(str, error.absolute_path))
            found.append(f"{place or 'the value'}: {error.message[:300]}")
            if len(found) == MOST_PROBLEMS:
                break
    except (RecursionError, referencing.exceptions.Unresolvable, jsonschema.exceptions.UndefinedTypeCheck):
        found.append("the value cannot be held against the schema")
    return found
