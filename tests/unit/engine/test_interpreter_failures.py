"""Failures and waiting: retries, continue, siblings, fail fast, delays, forms, stop and a user's retry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, defined, step
from tests.graphs.simulating import delay, loop, simulated, started, statuses
from ventuno.engine.outcomes import Outcomes
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus

if TYPE_CHECKING:
    from ventuno.definition.model import Definition

ERROR = {"error": "no"}


def attempt(number: int) -> Json:
    return {"status": "FAILED", "error": "no", "retryAttempt": number}


def test_the_trigger_is_nobodys_parent() -> None:
    definition = defined(step("f", "FILTER", "b"), step("b", "CODE"))
    both = definition.model_copy(
        update={"trigger": definition.trigger.model_copy(update={"next_step_ids": ("f", "b")})}
    )

    assert statuses(simulated(both, {"f": {"matches": False}})) == {"f": "STOPPED", "b": "SKIPPED"}
    assert simulated(both, {"f": {"matches": True}}).order == ["f", "b"]


@pytest.mark.parametrize(
    ("failures", "retries", "status", "seconds"),
    [
        (0, 0, "SUCCESS", 0),
        (1, 0, "FAILED", 0),
        (1, 1, "SUCCESS", 1),
        (2, 2, "SUCCESS", 6),
        (3, 3, "SUCCESS", 21),
        (4, 3, "FAILED", 21),
        (2, 1, "FAILED", 1),
    ],
)
def test_a_failed_step_runs_again_after_1_5_and_15_seconds(
    failures: int, retries: int, status: str, seconds: float
) -> None:
    run = simulated(defined(step("a", "CODE", retryOnFailure=retries)), {"a": [ERROR] * failures})

    assert run.steps["a"]["status"] == status
    assert run.virtual_seconds == seconds
    assert run.steps["a"].get("history", []) == [attempt(n + 1) for n in range(min(failures, retries))]
    assert run.order == ["a"]


def test_a_step_between_two_tries_is_pending_and_says_until_when() -> None:
    interpreter = started(defined(step("a", "CODE", retryOnFailure=3)), {"a": [ERROR, ERROR]})
    interpreter.run(until=2.0)

    assert interpreter.status is RunStatus.RUNNING
    assert interpreter.simulated().steps["a"] == {
        "status": "PENDING",
        "error": "no",
        "waitingFor": {"type": "RETRY", "attempt": 2, "of": 3, "at": "2026-01-01T00:00:06.000Z"},
        "history": [attempt(1), attempt(2)],
    }


def test_a_wrong_input_is_not_retried() -> None:
    run = simulated(defined(step("d", "DELAY", given={}, retryOnFailure=3)))

    assert run.steps["d"] == {"status": "FAILED", "error": "Duration is required for duration delay"}


def test_children_of_a_step_that_continues_after_its_failure_run() -> None:
    definition = defined(
        step("a", "CODE", ["b", "c"], continueOnFailure=True), step("b", "CODE", "c"), step("c", "CODE")
    )
    run = simulated(definition, {"a": ERROR})

    assert run.status is RunStatus.COMPLETED
    assert run.steps["a"] == {"status": "FAILED_SAFELY", "error": "no"}
    assert run.order == ["a", "b", "c"]


def test_an_if_else_does_not_continue_after_its_failure() -> None:
    choice = step("i", "IF_ELSE", given=branches("a", "b"), continueOnFailure=True)
    run = simulated(defined(choice, step("a"), step("b")), {"i": ERROR})

    assert statuses(run) == {"i": "FAILED", "a": "NOT_STARTED", "b": "NOT_STARTED"}


def forked(*, fail_fast: bool = False) -> Definition:
    definition = defined(
        step("fork", "CODE", ["bad", "good"]),
        step("bad", "CODE", "join"),
        step("good", "CODE", "next"),
        step("next", "CODE", "join"),
        step("join", "CODE"),
    )
    return definition.model_copy(update={"fail_fast": fail_fast})


def test_siblings_of_a_failed_step_run_to_their_end_and_its_descendants_never_start() -> None:
    run = simulated(forked(), {"bad": ERROR})

    assert run.status is RunStatus.FAILED
    assert run.order == ["fork", "bad", "good", "next"]
    assert statuses(run)["join"] == "NOT_STARTED"


@pytest.mark.parametrize("sibling", [step("slow", "FORM", given=[]), delay("slow", days=1)])
def test_a_run_with_a_failed_step_goes_on_while_a_sibling_waits(sibling: Json) -> None:
    definition = defined(step("fork", "CODE", ["bad", "slow"]), step("bad", "CODE"), sibling)
    interpreter = started(definition, {"bad": ERROR})
    interpreter.run(until=60.0)

    assert interpreter.status is RunStatus.RUNNING
    assert statuses(interpreter.simulated()) == {"fork": "SUCCESS", "bad": "FAILED", "slow": "PENDING"}


def test_with_fail_fast_a_failure_ends_running_siblings_at_once() -> None:
    interpreter = started(
        forked(fail_fast=True), {"bad": ERROR}, duration=lambda name, _: 9.0 if name == "good" else 1.0
    )
    interpreter.run()
    run = interpreter.simulated()

    assert run.status is RunStatus.FAILED
    assert run.steps["good"] == {"status": "FAILED", "error": ENDED_BEFORE}
    assert run.steps["next"] == {"status": "NOT_STARTED"}
    assert run.virtual_seconds == 2.0


def test_a_delay_moves_virtual_time_and_says_until_when_it_waits() -> None:
    interpreter = started(defined(delay("d", "a", days=3), step("a", "CODE")))
    interpreter.run(until=1.0)
    waiting = interpreter.simulated().steps["d"]
    interpreter.run()

    assert waiting == {
        "status": "PENDING",
        "waitingFor": {"type": "DELAY", "until": "2026-01-04T00:00:00.000Z"},
    }
    assert interpreter.simulated().steps["d"] == {"status": "SUCCESS", "result": {"success": True}}
    assert interpreter.simulated().virtual_seconds == 3 * 86_400


def test_a_form_waits_until_an_outcome_answers_it() -> None:
    definition = defined(step("form", "FORM", "a", []), step("a", "CODE"))
    waiting, answered = simulated(definition), simulated(definition, {"form": {"result": {"name": "Ada"}}})

    assert waiting.status is RunStatus.RUNNING
    assert waiting.steps["form"]["waitingFor"] == {"type": "FORM", "since": "2026-01-01T00:00:00.000Z"}
    assert answered.status is RunStatus.COMPLETED
    assert answered.steps["form"] == {"status": "SUCCESS", "result": {"name": "Ada"}}


def test_a_stop_lets_the_running_step_end_and_starts_nothing_new() -> None:
    definition = defined(
        step("fork", "CODE", ["a", "d", "e"]),
        step("a", "CODE", "b"),
        step("b", "CODE"),
        delay("d", hours=1),
        delay("e", "b", seconds=5),
    )
    interpreter = started(definition, duration=lambda name, _: 9.0 if name == "a" else 0.0)
    interpreter.run(until=1.0)
    interpreter.stop()
    stopping = interpreter.status
    interpreter.run()
    run = interpreter.simulated()

    assert stopping is RunStatus.STOPPING
    assert run.status is RunStatus.STOPPED
    assert statuses(run) == {
        "fork": "SUCCESS",
        "a": "SUCCESS",
        "b": "NOT_STARTED",
        "d": "FAILED",
        "e": "FAILED",
    }
    assert run.virtual_seconds == 9.0


def test_a_stop_stops_running_iterators() -> None:
    definition = defined(loop("loop", "a", [1, 2]), step("a", "CODE", "loop"))
    interpreter = started(definition, duration=lambda *_: 9.0)
    interpreter.run(until=1.0)
    interpreter.stop()
    interpreter.run()

    assert interpreter.status is RunStatus.STOPPED
    assert statuses(interpreter.simulated()) == {"loop": "STOPPED", "a": "SUCCESS"}


def test_a_retry_runs_what_failed_and_what_it_held_up() -> None:
    interpreter = started(forked(), {"bad": ERROR})
    interpreter.run()
    interpreter.retry(Outcomes())
    interpreter.run()
    run = interpreter.simulated()

    assert run.status is RunStatus.COMPLETED
    assert run.order == ["fork", "bad", "good", "next", "bad", "join"]
    assert set(statuses(run).values()) == {"SUCCESS"}


def test_a_retry_of_a_fail_fast_run_also_runs_what_was_cut_off() -> None:
    interpreter = started(forked(fail_fast=True), {"bad": ERROR})
    interpreter.run()
    interpreter.retry(Outcomes())
    interpreter.run()

    assert interpreter.status is RunStatus.COMPLETED
    assert set(statuses(interpreter.simulated()).values()) == {"SUCCESS"}


def test_a_retry_goes_on_with_parallel_iterations_where_they_stood() -> None:
    definition = defined(
        loop("loop", "a", [1, 2, 3], "z", maxConcurrency=2), step("a", "CODE", "loop"), step("z")
    )
    interpreter = started(definition, {"a": [ERROR]})
    interpreter.run()
    interpreter.retry(Outcomes())
    interpreter.run()
    run = interpreter.simulated()
    of_a = [done.iteration for done in run.executions if done.step_id == "a"]

    assert run.status is RunStatus.COMPLETED
    assert of_a == [(0,), (1,), (0,), (2,)]
    assert run.steps["loop"]["result"] == {"currentItemIndex": 3, "hasProcessedAllItems": True}


def test_a_retry_resets_an_iterator_that_itself_failed() -> None:
    definition = defined(loop("loop", "a", [1]), step("a", "CODE", "loop"))
    interpreter = started(definition, {"loop": ERROR})
    interpreter.run()
    interpreter.retry(Outcomes())
    interpreter.run()

    assert interpreter.simulated().order == ["loop", "loop", "a"]


def durations(*pairs: Any) -> Any:  # noqa: ANN401 - a duration function
    table = dict(pairs)
    return lambda name, _: table.get(name, 0.0)


@pytest.mark.parametrize("slow", ["bad", "good", "next", "fork"])
def test_without_fail_fast_durations_change_no_outcome(slow: str) -> None:
    interpreter = started(forked(), {"bad": ERROR}, duration=durations((slow, 7.0)))
    interpreter.run()

    assert interpreter.simulated().steps == simulated(forked(), {"bad": ERROR}).steps


def test_continue_on_failure_of_an_iterator_is_about_its_own_error_only() -> None:
    def run_of(items: Any, outcomes: Json) -> Any:  # noqa: ANN401 - author JSON
        iterator = loop("loop", "a", items, "after")
        iterator["settings"]["errorHandlingOptions"] = {"continueOnFailure": {"value": True}}
        return simulated(defined(iterator, step("a", "CODE", "loop"), step("after", "CODE")), outcomes)

    own, of_the_body = run_of("no list", {}), run_of([1], {"a": ERROR})

    assert statuses(own) == {"loop": "FAILED_SAFELY", "a": "FAILED_SAFELY", "after": "SUCCESS"}
    assert of_the_body.status is RunStatus.FAILED
