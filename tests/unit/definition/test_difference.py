"""The difference of two definitions: what runs could tell apart, and nothing of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import branches, create, step, written
from ventuno.definition.difference import difference
from ventuno.definition.loading import definition_from

if TYPE_CHECKING:
    from tests.builders import Json

BEFORE = written(create("a", "b"), step("b"))


def between(before: Json | None, after: Json) -> Any:  # noqa: ANN401 - JSON
    old = None if before is None else definition_from(before)
    return difference(old, definition_from(after)).to_dict()


NOTHING: dict[str, list[object]] = {"settings": [], "steps": [], "edgesAdded": [], "edgesRemoved": []}


def test_a_definition_differs_from_itself_in_nothing() -> None:
    assert between(BEFORE, BEFORE) == NOTHING
    assert difference(definition_from(BEFORE), definition_from(BEFORE)).empty


def test_a_new_workflow_is_all_new() -> None:
    found = between(None, BEFORE)

    assert [(one["id"], one["kind"]) for one in found["steps"]] == [("a", "added"), ("b", "added")]
    assert found["edgesAdded"] == [
        {"from": "trigger", "to": "a", "label": ""},
        {"from": "a", "to": "b", "label": ""},
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"position": {"x": 1, "y": 2}},
        {"valid": True},
        {"nextStepIds": ["b"]},
    ],
)
def test_what_is_kept_for_the_page_is_no_difference(change: Json) -> None:
    steps = [{**BEFORE["steps"][0], **change}, BEFORE["steps"][1]]
    settings = {**BEFORE["trigger"]["settings"], "outputSchema": {"a": 1}}

    assert between(BEFORE, {**BEFORE, "steps": steps}) == NOTHING
    assert between(BEFORE, {**BEFORE, "trigger": {**BEFORE["trigger"], "settings": settings}}) == NOTHING


def test_values_of_a_step_are_told_with_their_paths() -> None:
    changed = create("a", "b", retryOnFailure=2)
    changed["name"] = "Other"
    changed["settings"]["input"] = {"objectName": "person", "objectRecord": {"n": [1, {"x": None}]}}
    found = between(BEFORE, written(changed, step("b")))
    (told,) = found["steps"]

    assert (told["id"], told["kind"]) == ("a", "changed")
    assert {one["path"]: (one["before"], one["after"]) for one in told["changes"]} == {
        "name": ("A", "Other"),
        "input.objectName": ("company", "person"),
        "input.objectRecord.name": ("{{trigger.name}}", None),
        "input.objectRecord.n": (None, [1, {"x": None}]),
        "retryOnFailure": (None, 2),
    }


def with_options(**options: Any) -> Json:  # noqa: ANN401 - author JSON
    """Write a step with error handling as its author did."""
    only = step("a")
    only["settings"]["errorHandlingOptions"] = {key: {"value": value} for key, value in options.items()}
    return written(only)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"retryOnFailure": 2}, (None, 2)),
        ({"retryOnFailure": 0}, {"retryOnFailure": 2}, (0, 2)),
        ({"retryOnFailure": 2}, {}, (2, None)),
        ({}, {"continueOnFailure": True}, (None, True)),
        ({"continueOnFailure": True}, {"continueOnFailure": False}, (True, False)),
        ({}, {"retryOnFailure": 0, "continueOnFailure": False}, None),
        ({"retryOnFailure": False}, {}, None),
    ],
)
def test_a_default_that_nobody_wrote_is_told_as_nothing_and_writing_it_is_no_change(
    before: Json, after: Json, told: tuple[Any, Any] | None
) -> None:
    found = between(with_options(**before), with_options(**after))
    changes = [change for one in found["steps"] for change in one["changes"]]

    assert [(change["before"], change["after"]) for change in changes] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(None, True, (None, True)), (False, True, (False, True)), (None, False, None)],
)
def test_fail_fast_is_told_as_it_was_written(
    before: object, after: object, told: tuple[Any, Any] | None
) -> None:
    sides = [BEFORE if value is None else {**BEFORE, "failFast": value} for value in (before, after)]
    changes = between(*sides)["settings"]

    assert [(change["before"], change["after"]) for change in changes] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ([1, 2], [1, 3], "[1]"),
        ([1], [1, 2], "[1]"),
        ([1, 2], [1], "[1]"),
        (1, True, ""),
        (1, 1.0, ""),
        ({}, [], ""),
    ],
)
def test_values_are_compared_as_json(before: Any, after: Any, path: str) -> None:  # noqa: ANN401 - any JSON
    old, new = (written(step("a", given={"v": value})) for value in (before, after))
    (told,) = between(old, new)["steps"]

    assert [change["path"] for change in told["changes"]] == [f"input.v{path}"]


def test_settings_of_the_trigger_and_the_workflow_are_told() -> None:
    after = written(create("a", "b"), step("b"), trigger={"type": "MANUAL", "settings": {}}, name="Other")
    found = between(BEFORE, {**after, "failFast": True})

    assert [change["path"] for change in found["settings"]] == [
        "$.name",
        "$.trigger.type",
        "$.trigger.settings.httpMethod",
        "$.trigger.settings.authentication",
        "$.failFast",
    ]


def test_edges_are_told_with_their_branch_or_loop_and_not_as_values() -> None:
    def forked(first: str, body: str) -> Json:
        return written(
            step("choose", "IF_ELSE", given=branches(first, "loop")),
            step("x"),
            step("y"),
            step("loop", "ITERATOR", given={"items": [], "initialLoopStepIds": [body]}),
        )

    found = between(forked("x", "x"), forked("y", "y"))

    assert found["steps"] == []
    assert found["edgesAdded"] == [
        {"from": "choose", "to": "y", "label": "branch b0"},
        {"from": "loop", "to": "y", "label": "loop"},
    ]
    assert [edge["to"] for edge in found["edgesRemoved"]] == ["x", "x"]


def test_removed_steps_are_told_and_definitions_with_errors_are_compared_too() -> None:
    broken = step("choose", "IF_ELSE", "nowhere", {"branches": ["no branch", {"nextStepIds": "x"}]})
    found = between(BEFORE, written(broken))

    assert [(one["id"], one["kind"]) for one in found["steps"]] == [
        ("choose", "added"),
        ("a", "removed"),
        ("b", "removed"),
    ]
