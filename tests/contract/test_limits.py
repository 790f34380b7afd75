"""LimitStore: the same answers from every store, and never more than a limit, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ventuno.workflow.windows import SLOTS, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.ports import LimitStore

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_window_gives_as_many_as_it_has(limits: LimitStore) -> None:
    window = Window("w", 60, 2)
    turns = [limits.take(window, NOW) for _ in range(4)]

    assert [turn.counted for turn in turns] == [True, True, False, False]
    assert limits.take(replace(window, seconds=3600), NOW).counted
    assert limits.take(replace(window, owner="v"), NOW).counted


@pytest.mark.parametrize("seconds", [60, 3600])
def test_room_comes_a_slot_after_the_window_is_over_and_is_told_before(
    limits: LimitStore, seconds: int
) -> None:
    window = Window("w", seconds, 2)
    assert all(limits.take(window, after(at * seconds)).counted for at in (0, 0.5))
    full = limits.take(window, after(seconds * 0.75))

    assert not full.counted
    assert full.seconds == pytest.approx(seconds * (0.25 + 1 / SLOTS), abs=0.01)
    assert not limits.take(window, after(seconds)).counted
    at_last = after(seconds * 0.75 + full.seconds)
    assert [limits.take(window, at_last).counted for _ in range(2)] == [True, False]


def test_what_is_given_back_can_be_taken_again(limits: LimitStore) -> None:
    window = Window("w", 60, 1)
    turn = limits.take(window, NOW)
    assert turn.slot is not None
    limits.give_back(window, turn.slot)

    assert limits.take(window, NOW).counted
    assert not limits.take(window, NOW).counted


def test_what_is_given_back_too_late_makes_no_room(limits: LimitStore) -> None:
    window = Window("w", 60, 1)
    first = limits.take(window, NOW)
    assert first.slot is not None
    assert limits.take(window, after(61)).counted
    limits.give_back(window, first.slot)

    assert not limits.take(window, after(61)).counted


def test_a_limit_that_was_lowered_counts_at_once(limits: LimitStore) -> None:
    window, lower = Window("w", 60, 5), Window("w", 60, 2)
    for second in range(3):
        limits.take(window, after(second))
    turn = limits.take(lower, after(10))

    assert not turn.counted
    assert not limits.take(lower, after(61)).counted
    assert limits.take(lower, after(10 + turn.seconds)).counted


def test_a_clock_that_is_behind_counts_in_the_newest_slot(limits: LimitStore) -> None:
    window = Window("w", 60, 2)
    slots = [limits.take(window, after(at)).slot for at in (30, 25)]

    assert slots == [window.slot(after(30))] * 2
    assert not limits.take(window, after(25)).counted


def test_places_are_held_by_runs_and_holding_twice_takes_one(limits: LimitStore) -> None:
    assert [limits.hold("w", run, 2) for run in ("a", "a", "b", "c", "b")] == [True, True, True, False, True]
    limits.release("w", "a")
    limits.release("w", "a")
    limits.release("w", "nobody")

    assert limits.hold("w", "c", 2)
    assert not limits.hold("w", "a", 2)
    assert limits.hold("v", "a", 2)


def test_all_places_can_become_free_again(limits: LimitStore) -> None:
    limits.hold("w", "a", 1)
    limits.release("w", "a")

    assert limits.hold("w", "b", 1)


def test_many_at_once_never_pass_a_limit(limits: LimitStore) -> None:
    window = Window("w", 60, 7)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: limits.take(window, NOW).counted, range(40)))
        held = list(pool.map(lambda number: limits.hold("w", f"run-{number}", 7), range(40)))

    assert (sum(taken), sum(held)) == (7, 7)


def test_many_at_once_never_pass_a_limit_while_slots_begin_and_end(limits: LimitStore) -> None:
    window, random = Window("w", 60, 9), Random(21)  # noqa: S311 - the same moments each time
    moments = [after(second + random.random()) for second in range(0, 240, 3) for _ in range(3)]
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda now: limits.take(window, now), moments))
    slots = sorted(turn.slot for turn in turns if turn.slot is not None)

    assert len(slots) >= 3 * window.most
    assert most_in(slots, SLOTS + 1) == window.most


def most_in(slots: Sequence[int], together: int) -> int:
    """Count the most that lie in some stretch of so many slots."""
    return max(sum(one <= other < one + together for other in slots) for one in slots)


@dataclass
class Arrivals:
    """What a window is asked over time, and what it must not and what it need not refuse."""

    limits: LimitStore
    window: Window
    taken: list[tuple[datetime, int]] = field(default_factory=list)

    def ask(self, now: datetime) -> None:
        turn = self.limits.take(self.window, now)
        if turn.slot is not None:
            self.taken.append((now, turn.slot))
            assert self.counted(now, self.window.seconds) <= self.window.most
        else:
            assert self.counted(now, self.window.seconds * (1 + 1 / SLOTS)) >= self.window.most
            assert self.counted(now + timedelta(seconds=turn.seconds), self.window.seconds) < self.window.most

    def counted(self, now: datetime, seconds: float) -> int:
        return sum(now - at < timedelta(seconds=seconds) for at, _ in self.taken)

    def give_back(self, index: int) -> None:
        if self.taken:
            _, slot = self.taken.pop(index % len(self.taken))
            self.limits.give_back(self.window, slot)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    most=st.integers(1, 4),
    seconds=st.sampled_from([60, 3600]),
    steps=st.lists(
        st.one_of(
            st.floats(0, 0.02), st.floats(0, 0.5), st.floats(0.9, 1.1), st.floats(0, 3), st.integers(0, 9)
        ),
        max_size=25,
    ),
)
def test_whenever_runs_come_no_stretch_has_more_than_the_limit_and_none_is_refused_without_need(
    limits: LimitStore, most: int, seconds: int, steps: list[float | int]
) -> None:
    arrivals, now = Arrivals(limits, Window(str(uuid4()), seconds, most)), NOW
    for one in steps:  # a float is how many windows pass before the next comes, an integer gives one back
        if isinstance(one, int):
            arrivals.give_back(one)
        else:
            now += timedelta(seconds=one * seconds)
            arrivals.ask(now)
