"""Templates and data made to cost much: eight times the text may cost about eight times the work."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.expressions import UNDEFINED, PipeError, parse, resolve
from ventuno.expressions.pipeline import MOST_PIPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

SIZE = 10_000
FACTOR = 8
GENEROUS = 4 * FACTOR  # a quadratic parser needs FACTOR * FACTOR

SHAPES: dict[str, Callable[[int], str]] = {
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
    "many words": lambda size: "{{" + "a " * (size // 2) + "}}",
    "control characters": lambda size: "{{a.\x00\x1b" + "\x07" * size + "}}",
    "many pipes": lambda size: "{{a" + " | upper" * (size // 8) + "}}",
    "bars only": lambda size: "{{a" + "|" * size + "}}",
    "an unclosed call": lambda size: "{{a | default(" + "(" * size + "}}",
    "an unclosed string": lambda size: '{{a | default("' + "\\\\" * (size // 2) + "}}",
    "many arguments": lambda size: "{{a | default(" + "1," * (size // 2) + "1)}}",
    "bars in quotes": lambda size: "{{a '" + "|" * size + "}}",
    "spaces before a pipe": lambda size: "{{a" + " " * size + "| upper}}",
    "digits": lambda size: "{{a | default(" + "1" * size + ")}}",
    "named digits": lambda size: "{{a | default(" + "1" * size + "x)}}",
}
DATA: dict[str, tuple[str, Callable[[int], Any]]] = {
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


def cost(work: Callable[[], object]) -> float:
    """Return the least processor time of a few tries."""
    times = []
    for _ in range(3):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return max(min(times), 0.0005)  # below that the clock's grain decides


def tried(text: str, context: dict[str, Any]) -> object:
    try:
        return resolve(text, context)
    except PipeError as exc:
        return exc


def calls(work: Callable[[], object]) -> int:
    """Count the Python functions that are entered."""
    count = 0

    def entered(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(entered)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_a_template_costs_work_in_proportion_to_its_size(shape: str) -> None:
    small, large = SHAPES[shape](SIZE), SHAPES[shape](SIZE * FACTOR)

    assert cost(lambda: tried(large, {})) / cost(lambda: tried(small, {})) < GENEROUS
    assert calls(lambda: tried(large, {})) <= calls(lambda: tried(small, {})) * FACTOR * 1.1 + 100


@pytest.mark.parametrize("name", DATA)
def test_a_pipe_costs_work_in_proportion_to_its_value(name: str) -> None:
    pipe, value = DATA[name]
    small, large = ({"v": value(size)} for size in (SIZE, SIZE * FACTOR))
    template = f"{{{{v | {pipe}}}}}"

    assert cost(lambda: tried(template, large)) / cost(lambda: tried(template, small)) < GENEROUS


@pytest.mark.parametrize("shape", SHAPES)
def test_a_megabyte_of_anything_is_read_to_its_end(shape: str) -> None:
    template = parse(SHAPES[shape](1_000_000))

    assert "".join(part if isinstance(part, str) else part.raw for part in template.parts)
    assert all(len(token.shown) < 500 and token.shown.isprintable() for token in template.tokens[:10])


def test_a_chain_of_pipes_is_cut_while_it_is_read() -> None:
    (token,) = parse("{{a" + " | upper" * 100_000 + "}}").tokens

    assert len(token.pipes) == MOST_PIPES + 1


def test_a_path_of_a_hundred_thousand_keys_is_followed_as_far_as_it_goes() -> None:
    text = "{{a" + ".b" * 100_000 + "}}"

    assert resolve(text, {"a": {"b": {"b": 1}}}) is UNDEFINED
    assert resolve(text, {"a": {"b": None}}) is None
