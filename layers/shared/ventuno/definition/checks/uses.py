"""Every text of a definition that holds variables: found once, then judged by several rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from ventuno.definition.model import TRIGGER
from ventuno.expressions import OPENING, WHOLE_CONTEXT, Token, references, templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.definition.model import Definition
    from ventuno.expressions import Template

    Place = tuple["Place", str | int] | None

_LONGEST_KEY: Final = 200  # characters of a key in a path; author keys can be as long as a definition


@dataclass(frozen=True, slots=True)
class Use:
    """One text with `{{`: of which step or of the trigger, where, its tokens and the roots they name.

    `key` is the key of the step's input below which the text stands, "" for an input that is no object.
    `unread` is the text from braces on that open no token.
    """

    step_id: str
    path: str
    key: str
    length: int
    tokens: tuple[Token, ...]
    roots: frozenset[str]
    unread: str | None = None


def uses_of(definition: Definition, literal: Mapping[str, frozenset[str]]) -> Iterator[Use]:
    """Yield the texts with `{{` of the trigger's filter and of every step, in the order of the steps.

    `literal` holds the keys of the input that are no templates, by step type.
    """
    yield from _uses(TRIGGER, "$.trigger.settings.filter", definition.trigger.settings.get("filter"))
    for position, step in enumerate(definition.steps):
        for use in _uses(step.id, f"$.steps[{position}].settings.input", step.settings.input):
            if use.key not in literal.get(step.type, ()):
                yield use


def _uses(owner: str, root: str, value: Any) -> Iterator[Use]:  # noqa: ANN401 - author JSON
    for place, text in _texts(value):
        found = _templates(text)
        held = tuple(chain.from_iterable(each.tokens for each in found))
        unread = next((each.unread for each in found if each.unread), None)
        roots = frozenset(ref.root for ref in references(text) if ref != WHOLE_CONTEXT)
        yield Use(owner, root + _path(place), _top(place), len(text), held, roots, unread)


def _texts(value: Any) -> Iterator[tuple[Place, str]]:  # noqa: ANN401 - author JSON
    """Yield every string with its place, object keys included."""
    todo: list[tuple[Any, Place]] = [(value, None)]
    while todo:
        item, place = todo.pop()
        if isinstance(item, str):
            if OPENING in item:
                yield place, item
        elif isinstance(item, dict):
            todo += [(key, (place, key)) for key in reversed(item)]
            todo += [(member, (place, key)) for key, member in reversed(item.items())]
        elif isinstance(item, list | tuple):
            todo += [(member, (place, index)) for index, member in reversed(list(enumerate(item)))]


def _path(place: Place) -> str:
    parts: list[str] = []
    while place is not None:
        place, key = place
        parts.append(f"[{key}]" if isinstance(key, int) else f".{key[:_LONGEST_KEY]}")
    return "".join(reversed(parts))


def _top(place: Place) -> str:
    key: str | int = ""
    while place is not None:
        place, key = place
    return key if isinstance(key, str) else ""


def _templates(text: str) -> tuple[Template, ...]:
    """Read a text, and a stored document string by string, where quotes are plain."""
    if "\\" in text and text.startswith(("{", "[")):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            document = None
        if isinstance(document, dict | list):
            return tuple(templates(document))
    return tuple(templates(text))
