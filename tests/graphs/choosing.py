"""Where random choices come from: a seeded generator, or hypothesis, which can shrink them.

Every choice shrinks towards its first or smallest value, so a construction should put the plain case first.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Chooser(Protocol):
    """Makes choices."""

    def number(self, least: int, most: int) -> int:
        """Choose a whole number, both ends included."""

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of the options."""

    def chance(self, percent: int) -> bool:
        """Choose true in so many of a hundred cases."""


class Seeded:
    """Choices of a pseudo-random generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - cases are no secret

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent


class Drawn:
    """Choices of hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))

    def pick(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        return self._draw(st.integers(0, 99)) >= 100 - percent
