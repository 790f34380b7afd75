"""Scopes: which steps belong to which loop, and which loops cannot be run."""

from __future__ import annotations

import pytest

from tests.builders import Json, defined, step
from tests.graphs.simulating import loop
from ventuno import errors
from ventuno.engine.scopes import loop_settings, scopes_of


def test_steps_belong_to_the_innermost_loop_around_them() -> None:
    root = scopes_of(
        defined(
            loop("outer", "a", [], "after"),
            step("a", then="inner"),
            loop("inner", "b", [], "c"),
            step("b", then="inner"),
            step("c", then="outer"),
            step("after"),
        )
    )
    outer = root.loops["outer"]

    assert root.members == ["outer", "after"]
    assert outer.members == ["a", "inner", "c"]
    assert outer.loops["inner"].members == ["b"]
    assert [edge.source for edge in outer.returns] == ["c"]
    assert root.way_to == {"a": "outer", "inner": "outer", "c": "outer", "b": "outer"}
    assert [scope.depth for scope in root.walk()] == [0, 1, 2]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([step("a", then="b"), step("b", then="a")], "leads back to itself"),
        ([loop("l", "a", [], "a"), step("a", then="l")], "across the border of a loop"),
        ([loop("l", "a", []), step("a", then=["l", "b"]), step("b", then="a")], "leads back to itself"),
        (
            [step("x", then=["l", "a"]), loop("l", "a", []), step("a", then="l")],
            "across the border of a loop",
        ),
        (
            [step("x", then=["l", "m"]), loop("l", "a", []), loop("m", "a", []), step("a", then=["l", "m"])],
            "overlap",
        ),
        ([loop("l", "m", []), loop("m", "l", [])], "overlap"),
        (
            [loop("l", "m", [], "z"), loop("m", "a", []), step("a", then=["m", "l"]), step("z")],
            "overlap",
        ),
    ],
)
def test_loops_that_overlap_and_circles_are_refused(steps: list[Json], sentence: str) -> None:
    with pytest.raises(errors.DefinitionError, match=sentence):
        scopes_of(defined(*steps))


@pytest.mark.parametrize(
    ("given", "limit", "continues"),
    [
        ({}, 1, False),
        ({"maxConcurrency": 5, "shouldContinueOnIterationFailure": True}, 5, True),
        ({"maxConcurrency": 0, "shouldContinueOnIterationFailure": "yes"}, 1, False),
        ({"maxConcurrency": True}, 1, False),
        ([], 1, False),
    ],
)
def test_settings_of_a_wrong_type_count_as_left_out(given: object, limit: int, *, continues: bool) -> None:
    settings = loop_settings(defined(step("l", "ITERATOR", given=given)).steps[0])

    assert (settings.max_concurrency, settings.continues) == (limit, continues)
