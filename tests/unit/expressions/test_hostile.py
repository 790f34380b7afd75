"""Templates and data made to cost much: eight times the text may cost about eight times the work.

Calls are counted here; `tests.bench` measures the time, and prints by how much it grows.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostile_texts import TEMPLATES, VALUES, keys_with_tokens, nested_lists, rich_text
from ventuno.expressions import UNDEFINED, PipeError, parse, resolve, resolve_rich_text
from ventuno.expressions.pipeline import MOST_PIPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

SIZE = 5_000  # longer than the texts that are kept parsed
FACTOR = 8


def tried(value: Any, context: dict[str, Any]) -> object:  # noqa: ANN401 - any JSON
    try:
        return resolve(value, context)
    except PipeError as exc:
        return exc


def calls(work: Callable[[], object]) -> int:
    """Count the functions that are entered, of Python and of C."""
    count = 0

    def entered(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(entered)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def grows_with(work: Callable[[int], object]) -> float:
    """Tell how many times the calls of a size FACTOR times its multiple takes."""
    small = calls(lambda: work(SIZE))  # first, for what it leaves parsed is little
    return calls(lambda: work(SIZE * FACTOR)) / (small * FACTOR + 100)


@pytest.mark.parametrize("shape", TEMPLATES)
def test_a_template_costs_calls_in_proportion_to_its_size(shape: str) -> None:
    texts = {size: TEMPLATES[shape](size) for size in (SIZE, SIZE * FACTOR)}

    assert grows_with(lambda size: tried(texts[size], {})) <= 1.1


@pytest.mark.parametrize("name", VALUES)
def test_a_pipe_costs_calls_in_proportion_to_its_value(name: str) -> None:
    pipe, made = VALUES[name]
    contexts = {size: {"v": made(size)} for size in (SIZE, SIZE * FACTOR)}

    assert grows_with(lambda size: tried(f"{{{{v | {pipe}}}}}", contexts[size])) <= 1.1


@pytest.mark.parametrize("made", [keys_with_tokens, nested_lists], ids=lambda made: made.__name__)
def test_a_value_costs_calls_in_proportion_to_its_size(made: Callable[[int], Any]) -> None:
    values = {size: made(size) for size in (SIZE, SIZE * FACTOR)}

    assert grows_with(lambda size: tried(values[size], {"a": 1})) <= 1.1


def test_a_document_costs_calls_in_proportion_to_its_size() -> None:
    documents = {size: rich_text(size) for size in (SIZE, SIZE * FACTOR)}

    assert grows_with(lambda size: resolve_rich_text(documents[size], {"a": "x\ny"})) <= 1.1


@pytest.mark.parametrize("shape", TEMPLATES)
def test_a_megabyte_of_anything_is_read_to_its_end(shape: str) -> None:
    text = TEMPLATES[shape](1_000_000)

    template = parse(text)

    assert "".join(part if isinstance(part, str) else part.raw for part in template.parts) == text
    assert all(len(token.shown) < 500 and token.shown.isprintable() for token in template.tokens[:10])


def test_a_chain_of_pipes_is_cut_while_it_is_read() -> None:
    (token,) = parse("{{a" + " | upper" * 100_000 + "}}").tokens

    assert len(token.pipes) == MOST_PIPES + 1


def test_a_path_of_a_hundred_thousand_keys_is_followed_as_far_as_it_goes() -> None:
    text = "{{a" + ".b" * 100_000 + "}}"

    assert resolve(text, {"a": {"b": {"b": 1}}}) is UNDEFINED
    assert resolve(text, {"a": {"b": None}}) is None
