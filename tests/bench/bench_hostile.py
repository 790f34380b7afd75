"""Time of hostile texts and data of a megabyte, and by how much it grows; prints `name value unit n` lines.

Growth is the time of eight times the size, by eight times the time: 1 is linear, 8 quadratic.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tests.hostile_texts import TEMPLATES, VALUES, keys_with_tokens, nested_lists, rich_text
from ventuno.expressions import PipeError, resolve, resolve_rich_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Work = Callable[[], object]

SIZE: Final = 125_000
FACTOR: Final = 8
ROUNDS: Final = 5


def _works() -> Iterator[tuple[str, Callable[[int], Work]]]:
    for name in TEMPLATES:
        yield name, partial(_template, name)
    for name in VALUES:
        yield f"pipe {name}", partial(_pipe, name)
    yield "keys with tokens", lambda size: _tried(keys_with_tokens(size), {"a": 1})
    yield "nested lists", lambda size: _tried(nested_lists(size), {"a": 1})
    yield "rich text", _document


def _template(name: str, size: int) -> Work:
    return _tried(TEMPLATES[name](size), {})


def _pipe(name: str, size: int) -> Work:
    pipe, made = VALUES[name]
    return _tried(f"{{{{v | {pipe}}}}}", {"v": made(size)})


def _tried(value: Any, context: dict[str, Any]) -> Work:  # noqa: ANN401 - any JSON
    def work() -> object:
        try:
            return resolve(value, context)
        except PipeError as exc:
            return exc

    return work


def _document(size: int) -> Work:
    text = rich_text(size)
    return lambda: resolve_rich_text(text, {"a": "x\ny"})


def _seconds(work: Work) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    """Measure each shape at two sizes."""
    for name, made in _works():
        small, large = _seconds(made(SIZE)), _seconds(made(SIZE * FACTOR))
        word = name.replace(" ", "_")
        sys.stdout.write(f"hostile.megabyte.{word} {large * 1000:.2f} ms {ROUNDS}\n")
        sys.stdout.write(f"hostile.growth.{word} {large / small / FACTOR:.2f} times {ROUNDS}\n")


if __name__ == "__main__":
    main()
