"""Retry, Catch, time limits and task tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.asl.machines import INVOKE, Json, answer, failing, machine, task
from ventuno_dev.asl.errors import QUERY_EVALUATION_ERROR, matches
from ventuno_dev.asl.simulation import Conditions, Simulation, TokenError, simulate

if TYPE_CHECKING:
    from ventuno_dev.asl.world import TaskCall

STEPPED = {"IntervalSeconds": 1, "BackoffRate": 5, "MaxDelaySeconds": 15}
LATER: Json = {"ErrorEquals": ["Later"], **STEPPED, "MaxAttempts": 3, "JitterStrategy": "FULL"}


@pytest.mark.parametrize(
    ("failures", "status", "seconds", "transitions", "events"),
    [
        (0, "SUCCEEDED", 0, 1, 7),
        (1, "SUCCEEDED", 1, 2, 10),
        (3, "SUCCEEDED", 21, 4, 16),
        (4, "FAILED", 21, 4, 15),
    ],
)
def test_a_retrier_waits_1_5_and_15_seconds(
    failures: int, status: str, seconds: float, transitions: int, events: int
) -> None:
    run = simulate(machine(a=task(Retry=[LATER])), None, failing("Later", failures))

    assert (run.status, run.virtual_seconds) == (status, seconds)
    assert (run.transitions, run.history_events) == (transitions, events)


def test_a_state_knows_how_often_it_was_retried() -> None:
    counted = task(Retry=[LATER], Arguments={"Payload": "{% $states.context.State.RetryCount %}"})

    assert simulate(machine(a=counted), None, failing("Later", 2)).output == 2


def test_each_retrier_counts_its_own_attempts() -> None:
    errors = iter(["A", "B", "A"])

    def fails(call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        name = next(errors, None)
        return call.payload if name is None else failing(name, 1)(call)

    retry = [{"ErrorEquals": [name], "MaxAttempts": 2, "IntervalSeconds": 3} for name in "AB"]
    run = simulate(machine(a=task(Retry=retry)), None, fails)

    assert run.status == "SUCCEEDED"
    assert run.virtual_seconds == 3 + 3 + 6


def test_a_catcher_goes_on_with_the_error_and_may_assign() -> None:
    catch = [
        {"ErrorEquals": ["Other"], "Next": "c"},
        {"ErrorEquals": ["States.ALL"], "Next": "b", "Assign": {"why": "{% $states.errorOutput.Cause %}"}},
    ]
    after = {"Type": "Pass", "Output": "{% [$states.input.Error, $why] %}", "End": True}
    run = simulate(
        machine(a=task(Catch=catch), b=after, c={"Type": "Succeed"}), None, failing("Mine", 1, "because")
    )

    assert run.output == ["Mine", "because"]
    assert run.history_events == 2 + 5 + 2


def test_a_query_that_fails_can_be_caught() -> None:
    catch = [{"ErrorEquals": [QUERY_EVALUATION_ERROR], "Next": "b"}]
    wrong = task(Arguments={"Payload": "{% $gone %}"}, Catch=catch)
    run = simulate(machine(a=wrong, b={"Type": "Succeed", "Output": "caught"}), None, answer)

    assert run.output == "caught"
    assert run.events["EvaluationFailed"] == 1
    assert "TaskScheduled" not in run.events


@pytest.mark.parametrize(
    ("names", "error", "taken"),
    [
        (["Mine"], "Mine", True),
        (["Mine"], "Other", False),
        (["States.ALL"], "Mine", True),
        (["States.TaskFailed"], "Mine", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.DataLimitExceeded", False),
        (["States.DataLimitExceeded"], "States.DataLimitExceeded", True),
    ],
)
def test_names_of_errors_match_as_step_functions_says(names: list[str], error: str, *, taken: bool) -> None:
    assert matches(names, error) is taken


@pytest.mark.parametrize(("seconds", "status"), [(5.0, "SUCCEEDED"), (61.0, "FAILED")])
def test_a_task_has_a_time_limit(seconds: float, status: str) -> None:
    run = simulate(machine(a=task(TimeoutSeconds=60)), None, answer, Conditions(duration=lambda _: seconds))

    assert run.status == status
    assert run.virtual_seconds == min(seconds, 60)


def callback(**more: Any) -> Json:  # noqa: ANN401 - any field
    return {
        "Type": "Task",
        "Resource": f"{INVOKE}.waitForTaskToken",
        "Arguments": {"Payload": {"token": "{% $states.context.Task.Token %}"}},
        "TimeoutSeconds": 3600,
        "End": True,
        **more,
    }


def waiting(**more: Any) -> tuple[Simulation, list[str]]:  # noqa: ANN401 - any field
    tokens: list[str] = []
    simulation = Simulation(
        machine(a=callback(**more)), None, lambda call: tokens.append(call.payload["token"])
    )
    return simulation, tokens


def test_a_callback_task_waits_for_its_token() -> None:
    simulation, tokens = waiting()
    simulation.at(60, lambda: simulation.send_success(tokens[0], {"answer": 42}))
    run = simulation.run()

    assert run.output == {"answer": 42}
    assert (run.virtual_seconds, run.history_events, run.transitions) == (60, 2 + 6, 1)


def test_a_token_may_come_back_before_its_call_returns() -> None:
    simulation = Simulation(
        machine(a=callback()), None, lambda call: simulation.send_success(call.payload["token"], 1)
    )

    assert simulation.run().output == 1


def test_a_token_can_fail_its_task() -> None:
    simulation, tokens = waiting(Catch=[{"ErrorEquals": ["Mine"], "Next": "a"}], TimeoutSeconds=10)
    simulation.at(1, lambda: simulation.send_failure(tokens[0], "Mine", "because"))
    run = simulation.run()

    assert run.error == "States.Timeout"
    assert len(tokens) == 2


def test_a_token_that_never_comes_back_times_out() -> None:
    simulation, _ = waiting()

    assert simulation.run().error == "States.Timeout"
    assert simulation.now == 3600


def test_without_deadlines_a_token_that_never_comes_back_leaves_the_execution_running() -> None:
    simulation, _ = waiting()
    run = simulation.run(deadlines=False)

    assert (run.status, run.virtual_seconds) == ("RUNNING", 0)


def test_a_token_can_be_sent_back_once_only() -> None:
    simulation, tokens = waiting()
    simulation.run(deadlines=False)
    simulation.send_success(tokens[0], 1)

    with pytest.raises(TokenError):
        simulation.send_success(tokens[0], 2)
    with pytest.raises(TokenError):
        simulation.send_failure("token-99", "Mine")


def test_the_token_of_a_cancelled_branch_is_closed() -> None:
    tokens: list[str] = []

    def called(call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        tokens.append(call.payload["token"])

    fails = {"Type": "Wait", "Seconds": 5, "Next": "f"}
    branches = [
        {"StartAt": "t", "States": {"t": callback()}},
        {"StartAt": "w", "States": {"w": fails, "f": {"Type": "Fail", "Error": "Mine"}}},
    ]
    simulation = Simulation(machine(a={"Type": "Parallel", "Branches": branches, "End": True}), None, called)
    run = simulation.run()

    assert (run.error, run.virtual_seconds) == ("Mine", 5)
    with pytest.raises(TokenError):
        simulation.send_success(tokens[0], 1)
