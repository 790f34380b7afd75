"""Variables in stored rich text: nodes of type `variableTag` become text, tokens in other strings too.

A document is text, so nothing in it keeps a type: a number between quotes stays between quotes.
One pass does both, so that text a variable brings in is never scanned again.
The document is resolved as a tree and written anew, so a value cannot break out of its node.

Source: reference §5, last paragraph
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.expressions.javascript import json_text, string_of
from ventuno.expressions.resolution import resolve
from ventuno.expressions.template import OPENING, parse
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.expressions.undefined import Resolved
    from ventuno.json_value import JsonValue

    Context = Mapping[str, JsonValue]

VARIABLE_TAG: Final = "variableTag"
DEEPEST: Final = 100
"""Levels of objects and arrays; an editor makes about ten."""

_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_HARD_BREAK: Final = {"type": "hardBreak"}


def resolve_rich_text(text: str, context: Context) -> Resolved:
    """Resolve a document stored as JSON text and return JSON text; other text resolves like any string.

    Raises: StepInputError if it is nested too deeply
    """
    if OPENING not in text:
        return text
    try:
        document = json.loads(text)
    except ValueError:
        return resolve(text, context)
    except RecursionError as exc:
        raise _too_deep() from exc
    if not isinstance(document, dict | list):
        return resolve(text, context)
    return json_text(resolve_document(document, context))


def resolve_document(document: JsonValue, context: Context, *, depth: int = 0) -> JsonValue:
    """Resolve a parsed document.

    Raises: StepInputError if it is nested too deeply
    """
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(document, dict):
        if _is_variable(document):
            return _nodes(document, context)[0]
        return {key: resolve_document(member, context, depth=depth + 1) for key, member in document.items()}
    if isinstance(document, list):
        return [node for child in document for node in _children(child, context, depth + 1)]
    if isinstance(document, str) and OPENING in document:
        return parse(document).text(context)
    return document


def _children(child: JsonValue, context: Context, depth: int) -> list[JsonValue]:
    if isinstance(child, dict) and _is_variable(child):
        return _nodes(child, context)
    return [resolve_document(child, context, depth=depth)]


def _too_deep() -> errors.StepInputError:
    return errors.StepInputError(f"The rich text is nested deeper than {DEEPEST} levels; flatten it.")


def _is_variable(node: dict[str, JsonValue]) -> bool:
    attributes = node.get("attrs")
    return (
        node.get("type") == VARIABLE_TAG
        and isinstance(attributes, dict)
        and isinstance(attributes.get("variable"), str)
    )


def _nodes(tag: dict[str, JsonValue], context: Context) -> list[JsonValue]:
    """Turn one tag into text nodes with hard breaks between its lines."""
    lines = _LINE_BREAK.split(_variable_text(tag, context))
    nodes: list[JsonValue] = []
    for position, line in enumerate(lines):
        if position:
            nodes.append(dict(_HARD_BREAK))
        if line or len(lines) == 1:  # editors refuse empty text nodes, so blank lines are breaks only
            nodes.append(_text_node(line, tag))
    return nodes


def _variable_text(tag: dict[str, JsonValue], context: Context) -> str:
    attributes = tag["attrs"]
    variable = attributes["variable"] if isinstance(attributes, dict) else ""
    value = resolve(variable, context)
    if value is None or value is UNDEFINED:
        return ""
    return json_text(value) if isinstance(value, dict | list | tuple) else string_of(value)


def _text_node(text: str, tag: dict[str, JsonValue]) -> JsonValue:
    """Make a text node that keeps the tag's marks (bold, link …)."""
    marks = {"marks": tag["marks"]} if "marks" in tag else {}
    return {"type": "text", "text": text, **marks}
