"""Pure steps ride with the call before them: what they answer, and what their failure does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import Json, branches, create, passes, step
from ventuno.engine.statuses import StepStatus
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from tests.fakes.world import World

WRONG_FILTER: Json = {
    "stepFilters": [
        {"type": "BOOLEAN", "stepOutputKey": "{{trigger.on}}", "operand": "CONTAINS", "value": "x"}
    ]
}


def test_riders_are_evaluated_along_the_path_taken_and_answered(world: World) -> None:
    steps = [
        create("a", "i"),
        step("i", "IF_ELSE", given=branches("f", "g", on="{{trigger.branch}}")),
        step("f", "FILTER", "b", passes("{{a.name}}", "Acme")),
        step("g", "FILTER", "b", passes("{{a.name}}", "Other")),
        create("b"),
    ]
    run = world.begin(*steps, payload={"name": "Acme", "branch": 1})
    answer = world.call(run, rides=("i", "f", "g"))
    states = world.states(run.id)

    assert answer == {"answers": {"i": 1, "g": False}}
    assert {name: state.status.value for name, state in states.items()} == {
        "a": "SUCCESS",
        "i": "SUCCESS",
        "g": "STOPPED",
    }
    assert states["i"].branch == 1
    assert [rider.step_id for rider in states["a"].riders] == ["i", "g"]


def test_an_empty_step_that_rides_is_stored_as_a_success(world: World) -> None:
    run = world.begin(create("a", "e"), step("e"))

    assert world.call(run, rides=("e",)) == {"answers": {"e": True}}
    assert world.states(run.id)["e"].status is StepStatus.SUCCESS


def test_a_rider_that_fails_fails_the_run_and_is_not_tried_again(world: World) -> None:
    wrong = {
        "stepFilters": [{"type": "BOOLEAN", "stepOutputKey": "{{a.id}}", "operand": "CONTAINS", "value": "x"}]
    }
    run = world.begin(create("a", "f"), step("f", "FILTER", given=wrong))

    for _ in range(2):
        assert world.call(run, rides=("f",)) == {"answers": {"f": "failed"}}
    assert world.runs.load(run.id, []).run.failed == {Place("f")}
    states = world.states(run.id)
    assert states["a"].status is StepStatus.SUCCESS
    assert states["f"].status is StepStatus.FAILED
    assert states["f"].error
    assert len(world.companies()) == 1


def test_an_if_else_without_a_matching_branch_fails(world: World) -> None:
    one = branches("b", "b", on="{{trigger.n}}")
    one["branches"].pop()
    run = world.begin(
        create("a", "i"), step("i", "IF_ELSE", given=one), create("b"), payload={"name": "x", "n": 5}
    )

    assert world.call(run, rides=("i",)) == {"answers": {"i": "failed"}}
    assert world.states(run.id)["i"].error == "No matching branch found in if-else action"


def test_a_filter_that_fails_with_continue_on_failure_lets_the_run_go_on(world: World) -> None:
    run = world.begin(
        create("a", "f"), step("f", "FILTER", "b", WRONG_FILTER, continueOnFailure=True), create("b")
    )

    assert world.call(run, rides=("f",)) == {"answers": {"f": True}}
    state = world.states(run.id)["f"]
    assert (state.status, state.rescued) == (StepStatus.FAILED_SAFELY, True)


def test_an_if_else_that_fails_has_no_branch_to_go_on_with(world: World) -> None:
    given = {**WRONG_FILTER, "branches": [{"id": "x", "nextStepIds": ["b"], "filterGroupId": "g"}]}
    given["stepFilters"] = [{**given["stepFilters"][0], "stepFilterGroupId": "g"}]
    given["stepFilterGroups"] = [{"id": "g"}]
    run = world.begin(
        create("a", "i"), step("i", "IF_ELSE", given=given, continueOnFailure=True), create("b")
    )

    assert world.call(run, rides=("i",)) == {"answers": {"i": "failed"}}
