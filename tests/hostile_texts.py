"""Templates and data made to cost much, by size: what tests count the calls of, and benchmarks the time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES: Final[dict[str, Callable[[int], str]]] = {
    "opening braces": lambda size: "{" * size,
    "closing braces": lambda size: "}" * size,
    "nested braces": lambda size: "{{" * (size // 4) + "}}" * (size // 4),
    "unclosed tokens": lambda size: "{{a" * (size // 3),
    "one unclosed token": lambda size: "{{" + "a" * size,
    "half closed tokens": lambda size: "{{a}" * (size // 4),
    "many tokens": lambda size: "{{a.b}}" * (size // 7),
    "a long bad word": lambda size: "{{" + "a" * size + "!}}",
    "escaped quotes": lambda size: '{{"' + '\\"' * (size // 2) + "}}",
    "escaped brackets": lambda size: "{{[" + "\\]" * (size // 2) + "}}",
    "a deep path": lambda size: "{{a" + ".b" * (size // 2) + "}}",
    "prototype names": lambda size: "{{__proto__" + ".constructor" * (size // 12) + "}}",
    "many words": lambda size: "{{" + "a " * (size // 2) + "}}",
    "many named arguments": lambda size: "{{a " + "b=1 " * (size // 4) + "}}",
    "control characters": lambda size: "{{a.\x00\x1b" + "\x07" * size + "}}",
    "many pipes": lambda size: "{{a" + " | upper" * (size // 8) + "}}",
    "bars only": lambda size: "{{a" + "|" * size + "}}",
    "an unclosed call": lambda size: "{{a | default(" + "(" * size + "}}",
    "an unclosed string": lambda size: '{{a | default("' + "\\\\" * (size // 2) + "}}",
    "many arguments": lambda size: "{{a | default(" + "1," * (size // 2) + "1)}}",
    "bars in quotes": lambda size: "{{a '" + "|" * size + "}}",
    "spaces before a pipe": lambda size: "{{a" + " " * size + "| upper}}",
    "digits": lambda size: "{{a | default(" + "1" * size + ")}}",
    "a path of digits": lambda size: "{{a." + "1" * size + ".b}}",
    "named digits": lambda size: "{{a | default(" + "1" * size + "x)}}",
}
"""Texts of about a number of characters."""

VALUES: Final[dict[str, tuple[str, Callable[[int], Any]]]] = {
    "trim": ("trim", lambda size: "a" + " " * size + "b"),
    "number": ("number | default(1)", lambda size: "1" * size),
    "slug": ("slug", lambda size: "é-" * (size // 2)),
    "title": ("title", lambda size: "a " * (size // 2)),
    "replace": ('replace("aa", "b")', lambda size: "a" * size),
    "split": ('split("a")', lambda size: "a" * size),
    "join": ("join", lambda size: ["x"] * size),
    "json": ("json", lambda size: '"' * size),
    "date": ("date", lambda size: "2" * size),
}
"""Pipes, with values of about a number of characters or elements."""


def keys_with_tokens(size: int) -> dict[str, Any]:
    """Make an object whose keys hold tokens."""
    return {f"{{{{a}}}} {number}": "{{a}}" for number in range(size // 14)}


def nested_lists(size: int) -> list[Any]:
    """Make lists in lists with a token at the bottom."""
    value: list[Any] = ["{{a}}"]
    for _ in range(size // 2):
        value = [value]
    return value


def rich_text(size: int) -> str:
    """Make a stored document of variable nodes."""
    tag = {"type": "variableTag", "attrs": {"variable": "{{a}}"}}
    return json.dumps({"type": "doc", "content": [tag] * (size // 60)})
