"""Deep resolution: every string of an authored value, keys included, with its tokens replaced.

The author's nesting is walked with an explicit stack, so depth cannot exhaust the interpreter's.

Source: reference §5
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.expressions.javascript import string_of
from ventuno.expressions.template import OPENING, parse
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

    Context = Mapping[str, JsonValue]
    Todo = list[tuple[JsonValue, "dict[str, JsonValue] | list[JsonValue]"]]


def resolve(value: JsonValue, context: Context) -> Resolved:
    """Resolve a whole authored value; `context` holds results by step id, the trigger's payload, and NOW.

    Members of objects that resolve to UNDEFINED disappear, elements of arrays become null, as in JSON.
    Raises: PipeError
    """
    if isinstance(value, str):
        return parse(value).resolve(context) if OPENING in value else value
    if not isinstance(value, dict | list | tuple):
        return value
    todo: Todo = []
    result = _begun(value, todo)
    while todo:
        source, target = todo.pop()
        if isinstance(source, dict) and isinstance(target, dict):
            _fill_object(source, target, context, todo)
        elif isinstance(source, list | tuple) and isinstance(target, list):
            for member in source:
                resolved = _member(member, context, todo)
                target.append(None if resolved is UNDEFINED else resolved)
    return result


def _fill_object(
    source: dict[str, JsonValue], target: dict[str, JsonValue], context: Context, todo: Todo
) -> None:
    for key, member in source.items():
        resolved = _member(member, context, todo)
        if resolved is not UNDEFINED:
            target[_key(key, context)] = resolved


def _member(value: JsonValue, context: Context, todo: Todo) -> Resolved:
    if isinstance(value, dict | list | tuple):
        return _begun(value, todo)
    return resolve(value, context)


def _begun(value: JsonValue, todo: Todo) -> dict[str, JsonValue] | list[JsonValue]:
    """Return the empty copy of a container, to be filled later from `todo`."""
    empty: dict[str, JsonValue] | list[JsonValue] = {} if isinstance(value, dict) else []
    todo.append((value, empty))
    return empty


def _key(key: str, context: Context) -> str:
    return string_of(parse(key).resolve(context)) if OPENING in key else key
