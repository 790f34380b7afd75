"""LimitStore: the same answers from every store, and never more than a limit, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.ports import LimitStore

LATER = 1_800_000_000


def test_a_window_gives_as_many_as_it_has(limits: LimitStore) -> None:
    taken = [limits.take("w", "60S#1", 2, LATER) for _ in range(4)]

    assert taken == [True, True, False, False]
    assert limits.take("w", "60S#2", 2, LATER)
    assert limits.take("v", "60S#1", 2, LATER)


def test_what_is_given_back_can_be_taken_again(limits: LimitStore) -> None:
    limits.take("w", "60S#1", 1, LATER)
    limits.give_back("w", "60S#1")

    assert limits.take("w", "60S#1", 1, LATER)
    assert not limits.take("w", "60S#1", 1, LATER)


def test_a_limit_that_was_lowered_counts_at_once(limits: LimitStore) -> None:
    for _ in range(3):
        limits.take("w", "60S#1", 5, LATER)

    assert not limits.take("w", "60S#1", 2, LATER)


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
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: limits.take("w", "60S#1", 7, LATER), range(40)))
        held = list(pool.map(lambda number: limits.hold("w", f"run-{number}", 7), range(40)))

    assert (sum(taken), sum(held)) == (7, 7)
