"""What can be wrong with the items of an ITERATOR, judged by the schema of what they resolve to.

Text may hold a JSON list, so a variable of type text is a warning; what can never be a list is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ventuno import strict_json
from ventuno.definition.findings import Finding, Severity
from ventuno.expressions import OPENING, Path, Token, parse
from ventuno.expressions.kinds import Kind
from ventuno.schemas import ANY, Array, Found, Object, Union, schema_of_sample, union_of
from ventuno.schemas.schema import kinds_of
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.schemas import Schema, Scope

CODE: Final = "ITERATOR_ITEMS_NOT_ARRAY"
_MOST_LISTS: Final = 200
_DEEPEST: Final = 5


def items_schema(items: Any, scope: Scope) -> Found:  # noqa: ANN401 - author JSON
    """Return the schema of what items resolve to, JSON text read as the list it holds."""
    token = _lone_token(items)
    if token is not None:
        found = scope.stages(token)[-1]
        return Found(_list_of(found.schema), found.certain)
    if isinstance(items, str):
        return Found(ANY if OPENING in items else schema_of_sample(_parsed(items)))
    return Found(_list_of(scope.of(items)))


def items_findings(items: Any, scope: Scope) -> Iterator[Finding]:  # noqa: ANN401 - author JSON
    """ITERATOR_ITEMS_NOT_ARRAY."""
    found = items_schema(items, scope)
    kinds = kinds_of(found.schema)
    if items is not None and (not kinds or Kind.LIST in kinds):
        return
    token = _lone_token(items)
    perhaps = token is not None and (Kind.TEXT in kinds or not found.certain)
    what = " or ".join(sorted(kinds)) or "nothing"
    message = f"items must be a list or text that holds a JSON list, not {what}; name a list"
    severity = Severity.WARNING if perhaps else Severity.ERROR
    yield Finding(CODE, ".items", message, _nearest_list(token, scope) if token else None, severity)


def _lone_token(items: Any) -> Token | None:  # noqa: ANN401 - author JSON
    return parse(items).lone_token if isinstance(items, str) else None


def _parsed(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Read JSON text; text that is none stays what it is, so that it is found."""
    try:
        return strict_json.parse(text)
    except ValueError:
        return text


def _list_of(schema: Schema) -> Schema:
    """Make the lists among several possible schemas one."""
    if not isinstance(schema, Union):
        return schema
    lists = [option.items for option in schema.options if isinstance(option, Array)]
    return Array(union_of(lists)) if lists else schema


def _nearest_list(token: Token, scope: Scope) -> str | None:
    """Suggest a list that the variable's root holds, one that is nested least."""
    operand = token.operand
    if not isinstance(operand, Path) or not operand.keys:
        return None
    paths = list(_lists(scope.roots(operand.keys[0]), operand.keys[0]))
    lists = [".".join(path) for path in paths if len(path) == len(paths[0])]
    best = nearest(".".join(operand.keys), lists) or next(iter(lists), None)
    return f"{{{{{best}}}}}" if best else None


def _lists(root: Schema, name: str) -> Iterator[tuple[str, ...]]:
    """Yield the paths to lists, shorter ones first; a key that needs brackets is left out."""
    todo: list[tuple[tuple[str, ...], Schema]] = [((name,), root)]
    seen = 0
    for path, schema in todo:
        if isinstance(schema, Array):
            yield path
            seen += 1
        elif isinstance(schema, Object) and len(path) < _DEEPEST and len(todo) < _MOST_LISTS:
            todo += [((*path, key), member) for key, member in schema.members.items() if key.isidentifier()]
        if seen == _MOST_LISTS:
            return
