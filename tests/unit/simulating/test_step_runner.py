"""The simulated step_runner answers as the real one must, and no wrong call of a machine goes unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import branches, create, defined, passes, step
from tests.graphs.simulating import delay, loop
from ventuno.engine.circumstances import Circumstances
from ventuno.engine.outcomes import parse_outcomes
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.behaviour import ActionBehaviour
from ventuno_dev.asl.errors import StateError
from ventuno_dev.simulating.machine_course import MachineCourse
from ventuno_dev.simulating.step_runner import Call, StepRunner

if TYPE_CHECKING:
    from tests.builders import Json

RIDING = [
    create("a", ["f", "i"]),
    step("f", "FILTER", "wait", passes("{{trigger.name}}", "Ada")),
    step("i", "IF_ELSE", given=branches("x", "y")),
    delay("wait", "x", minutes=1),
    step("y", "EMPTY"),
    create("x"),
]


def runner(*steps: Json, outcomes: Json | None = None) -> StepRunner:
    definition = defined(*steps)
    given = Circumstances({"name": "Ada", "branch": 1}, parse_outcomes(outcomes or {}, definition))
    return StepRunner(MachineCourse(definition, ActionBehaviour(), given))


def call(runner: StepRunner, step_id: str, *iteration: int, rides: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - any JSON
    _, answer = runner.run(Call(step_id, iteration, rides, runner.course.timeline.now))
    return answer


def test_an_answer_tells_what_the_states_read_of_the_riders() -> None:
    answer = call(runner(*RIDING), "a", rides=("f", "i", "wait", "y"))

    assert answer == {"answers": {"f": True, "i": 1, "wait": "2026-01-01T00:01:00.000Z"}}


def test_riders_that_are_not_reached_have_no_answer() -> None:
    answer = call(runner(*RIDING, outcomes={"f": {"matches": False}}), "a", rides=("f", "wait"))

    assert answer == {"answers": {"f": False}}


def test_a_rider_that_runs_again_in_a_call_of_its_own_answers_from_the_store() -> None:
    playing = runner(*RIDING)
    call(playing, "a", rides=("f", "i", "wait"))

    assert call(playing, "i") == {"answers": {"i": 1}}
    assert playing.course.executions[2].step_id == "i"
    assert [done.step_id for done in playing.course.executions].count("i") == 1
    assert playing.faults == []


def test_an_iterators_answer_counts_its_items() -> None:
    playing = runner(loop("each", "b", [5, 6]), create("b", "each"))

    assert call(playing, "each") == {"answers": {}, "count": 2}
    assert call(playing, "b", 0) == {"answers": {}}


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "StepFailedError"),
        ({"retryOnFailure": 1}, "RetryLaterError"),
        ({"continueOnFailure": True}, None),
    ],
)
def test_a_failure_is_told_to_the_machine(options: dict[str, Any], name: str | None) -> None:
    playing = runner(create("a", "f", **options), step("f", "EMPTY"), outcomes={"a": {"error": "no"}})
    if name is None:
        assert call(playing, "a") == {"answers": {}}
        return
    with pytest.raises(StateError) as failed:
        call(playing, "a")

    assert failed.value.name == name


def test_a_rescued_filter_lets_its_path_go_on_and_a_rescued_delay_is_over() -> None:
    rescued: dict[str, Any] = {"continueOnFailure": True}
    playing = runner(
        create("a", ["f", "wait"]),
        step("f", "FILTER", given=passes("x", "y"), **rescued),
        step("wait", "DELAY", given={"delayType": "DURATION"}, **rescued),
        outcomes={"f": {"error": "no"}},
    )

    assert call(playing, "a", rides=("f", "wait")) == {
        "answers": {"f": True, "wait": "2026-01-01T00:00:00.000Z"}
    }


def test_a_failure_that_a_loop_rescues_ends_the_iteration_and_lets_the_next_one_begin() -> None:
    playing = runner(
        loop("each", "b", [5, 6], shouldContinueOnIterationFailure=True),
        create("b", "each"),
        outcomes={"b": [{"error": "no"}, {"result": 1}]},
    )
    call(playing, "each")
    with pytest.raises(StateError, match="StepFailedError"):
        call(playing, "b", 0)
    call(playing, "b", 1)

    assert playing.course.root.states["each"].status == "SUCCESS"


@pytest.mark.parametrize(
    ("step_id", "iteration"),
    [
        ("end", ()),  # before the loop has ended
        ("b", ()),  # outside its loop
        ("b", (2,)),  # after the last item
        ("b", (0, 0)),  # in a loop too many
        ("c", (0,)),  # before what leads to it
        ("each", ()),  # again, while it runs
    ],
)
def test_a_call_out_of_turn_is_a_fault(step_id: str, iteration: tuple[int, ...]) -> None:
    playing = runner(loop("each", "b", [5, 6], "end"), create("b", "c"), create("c", "each"), create("end"))
    call(playing, "each")
    with pytest.raises(StateError, match="RunNotRunningError"):
        call(playing, step_id, *iteration)

    assert len(playing.faults) == 1


def test_a_call_before_its_loop_began_is_a_fault() -> None:
    playing = runner(loop("each", "b", [5]), create("b", "each"))
    with pytest.raises(StateError):
        call(playing, "b", 0)

    assert "before its loop began" in playing.faults[0]


def test_iterations_may_begin_in_any_order() -> None:
    playing = runner(loop("each", "b", [5, 6, 7], maxConcurrency=3), create("b", "each"))
    call(playing, "each")
    for index in (2, 0, 1):
        call(playing, "b", index)

    assert playing.course.root.states["each"].status == "SUCCESS"
    assert [frame.iteration for frame in playing.course.root.loops["each"].iterations] == [(0,), (1,), (2,)]
    assert playing.faults == []


def test_a_call_after_a_hasty_failure_is_refused_and_no_fault() -> None:
    hasty = defined(step("r", then=["a", "b"]), create("a"), create("b")).model_copy(
        update={"fail_fast": True}
    )
    given = Circumstances({}, parse_outcomes({"a": {"error": "no"}}, hasty))
    playing = StepRunner(MachineCourse(hasty, ActionBehaviour(), given))
    playing.ride((), ("r",))
    with pytest.raises(StateError, match="StepFailedError"):
        call(playing, "a")
    with pytest.raises(StateError, match="RunNotRunningError"):
        call(playing, "b")

    assert playing.course.status is RunStatus.FAILED
    assert playing.faults == []


def test_riders_after_a_hasty_failure_are_left_out() -> None:
    hasty = defined(create("a", ["p", "q"]), step("p"), step("q")).model_copy(update={"fail_fast": True})
    given = Circumstances({}, parse_outcomes({"p": {"error": "no"}}, hasty))
    playing = StepRunner(MachineCourse(hasty, ActionBehaviour(), given))
    with pytest.raises(StateError, match="StepFailedError: p"):
        call(playing, "a", rides=("p", "q"))

    assert playing.course.root.states["q"].execution is None


def test_a_delay_ends_by_the_machines_clock() -> None:
    playing = runner(*RIDING)
    call(playing, "a", rides=("f", "i", "wait", "y"))
    states = playing.course.root.states
    playing.course.catch_up(59.9)
    before = states["wait"].status
    playing.course.catch_up(60.0)

    assert (before, states["wait"].status) == ("PENDING", "SUCCESS")
    assert call(playing, "x") == {"answers": {}}
