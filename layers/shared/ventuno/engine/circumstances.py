"""What a simulated run is given; everything left out has a fixed value, so that runs repeat themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ventuno.engine.outcomes import Outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.json_value import JsonValue

START = datetime(2026, 1, 1, tzinfo=UTC)


def no_time(step_id: str, iteration: tuple[int, ...]) -> float:
    """Let every step take no time."""
    del step_id, iteration
    return 0.0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a simulated run is given. Units: `duration` returns the virtual seconds one attempt takes."""

    payload: JsonValue = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=Outcomes)
    start_time: datetime = START
    duration: Callable[[str, tuple[int, ...]], float] = no_time
