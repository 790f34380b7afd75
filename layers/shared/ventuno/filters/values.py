"""The right value of a filter, resolved: what its variables bring in stays data.

A JSON array written as text is read before its elements resolve,
so a value with a quote in it cannot add elements to the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.expressions.javascript import json_text, parse_json
from ventuno.expressions.resolution import resolve
from ventuno.expressions.template import OPENING, parse
from ventuno.filters.operands import Operand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

    Context = Mapping[str, JsonValue]

_WITHOUT_VALUE: Final = {Operand.IS: Operand.IS_EMPTY, Operand.IS_NOT: Operand.IS_NOT_EMPTY}


def resolve_value(value: JsonValue, context: Context) -> Resolved:
    """Resolve an authored right value; arrays written as text stay text."""
    if isinstance(value, str) and OPENING in value and value.lstrip().startswith("["):
        listed = parse_json(value)
        if isinstance(listed, list):
            return json_text([element for item in listed for element in _elements(item, context)])
    return resolve(value, context)


def operand_for(operand: Operand, value: JsonValue, resolved: Resolved) -> Operand:
    """Turn IS into IS_EMPTY and IS_NOT into IS_NOT_EMPTY where a variable resolved to null.

    Source: decisions, FIND_RECORDS; reference §3.6
    """
    if resolved is None and value is not None:
        return _WITHOUT_VALUE.get(operand, operand)
    return operand


def _elements(item: JsonValue, context: Context) -> Iterator[JsonValue]:
    """Yield what one authored element stands for: a variable that is a list stands for its elements."""
    if not isinstance(item, str):
        yield item
        return
    template = parse(item)
    resolved = template.resolve(context)
    if template.lone_token and isinstance(resolved, list | tuple):
        yield from resolved
    else:
        yield template.text(context)
