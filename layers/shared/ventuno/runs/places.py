"""Where a step runs: in which iteration of which loops around it.

An iteration is written as the indexes of the loops around a step, outermost first, joined by dots: "3.0".
Outside loops it is "". In keys the indexes have a fixed width, so that rows stand in the order of iterations.
"""

from __future__ import annotations

from typing import NamedTuple

_WIDTH = 7  # an iterator takes up to 1,000,000 items

Indexes = tuple[int, ...]


class Place(NamedTuple):
    """A step in one iteration."""

    step_id: str
    iteration: str = ""

    def __str__(self) -> str:
        return f"{self.step_id}#{self.iteration}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read the text form back."""
        step_id, _, iteration = text.partition("#")
        return cls(step_id, iteration)


def indexes_of(iteration: str) -> Indexes:
    """Read an iteration. Raises: ValueError"""
    return tuple(int(index) for index in iteration.split(".")) if iteration else ()


def iteration_of(indexes: Indexes) -> str:
    """Write an iteration."""
    return ".".join(str(index) for index in indexes)


def sortable(iteration: str) -> str:
    """Write an iteration so that text order is the order of iterations."""
    return ".".join(index.zfill(_WIDTH) for index in iteration.split(".")) if iteration else ""
