"""A compiled machine, walked, runs the steps that the run rules run, in their order, on random graphs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.asl_walker import TaskFailedError, walk
from tests.builders import Json, branches, defined, step
from tests.settling import settle
from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER
from ventuno.compiler.figures import LONGEST_FUNCTION_ARN
from ventuno.definition.graph import Graph
from ventuno.definition.model import TRIGGER, Definition
from ventuno.engine.reached import Reached
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from ventuno.definition.kinds import StepKind

S = StepStatus
TASK = "CREATE_RECORD"


@dataclass(frozen=True)
class Case:
    """A graph without forks and what each of its steps would come to."""

    definition: Definition
    outcomes: dict[str, Reached]

    def kind(self, step_id: str) -> StepKind:
        return KINDS[self.definition.step(step_id).type]

    def answer(self, step_id: str) -> Any:  # noqa: ANN401 - a truth value or an index
        outcome = self.outcomes[step_id]
        return outcome.branch if outcome.branch is not None else outcome.status is S.SUCCESS


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = [f"s{index}" for index in range(draw(st.integers(1, 12)))]
    steps: list[Json] = []
    outcomes: dict[str, Reached] = {}
    for index, name in enumerate(names):
        later = st.sampled_from([*names[index + 1 :], None])
        kind = draw(st.sampled_from([TASK, TASK, "FILTER", "EMPTY", "IF_ELSE"]))
        if kind == "IF_ELSE":
            targets = draw(st.lists(later, min_size=1, max_size=3))
            steps.append(step(name, kind, given=branches(*targets)))
            outcomes[name] = Reached(S.SUCCESS, draw(st.integers(0, len(targets) - 1)))
        else:
            steps.append(step(name, kind, draw(later) or ()))
            outcomes[name] = draw(_OUTCOMES[kind])
    return Case(_reachable_only(steps), outcomes)


_OUTCOMES = {
    TASK: st.sampled_from(
        [
            Reached(S.SUCCESS),
            Reached(S.SUCCESS),
            Reached(S.FAILED),
            Reached(S.FAILED_SAFELY, None, rescued=True),
        ]
    ),
    "FILTER": st.sampled_from([Reached(S.SUCCESS), Reached(S.STOPPED)]),
    "EMPTY": st.just(Reached(S.SUCCESS)),
}


def _reachable_only(steps: list[Json]) -> Definition:
    """Leave out what no path reaches, as the checks demand."""
    reachable = Graph(defined(*steps)).reachable
    return defined(*(item for item in steps if item["id"] in reachable))


def interpreted(case: Case) -> list[str]:
    """Run a case by the run rules alone; the steps in the order they ran, the failed one included."""
    graph = Graph(case.definition)
    reached: dict[str, Reached] = {}
    while ready := settle(graph, reached).ready:
        assert len(ready) == 1, "a graph without forks never has two steps ready"
        reached[ready[0]] = case.outcomes[ready[0]]
    return list(reached)


def walked(case: Case) -> tuple[list[str], str, list[str]]:
    """Run a case as its machine; every call answers for the pure steps on the path really taken."""
    compiled = compile_definition(case.definition, KINDS)
    graph = Graph(case.definition)
    ran: list[str] = []

    def answers(host: str, rides: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        branch = None
        todo = graph.children(host, branch)
        while todo and todo[0] in rides:
            step_id = todo[0]
            outcome = case.outcomes[step_id]
            ran.append(step_id)
            found[step_id] = case.answer(step_id)
            todo = [] if outcome.status is S.STOPPED else graph.children(step_id, outcome.branch)
        return found

    def task(payload: dict[str, Any]) -> dict[str, Any]:
        ran.append(payload["step"])
        if case.outcomes[payload["step"]].status is S.FAILED:
            raise TaskFailedError("StepFailedError")
        return {"answers": answers(payload["step"], payload.get("rides", []))}

    start = {
        "run": "r",
        "version": "w:v1",
        "answers": answers(TRIGGER, list(compiled.rides.get(TRIGGER, ()))),
    }
    done = walk(compiled.machine, json.dumps(start), task)
    return ran, done.execution.status, done.entered


@settings(max_examples=300)
@given(case=cases())
def test_a_machine_runs_the_steps_that_the_run_rules_run_in_their_order(case: Case) -> None:
    expected = interpreted(case)
    ran, status, _ = walked(case)

    assert ran == expected
    failed = any(case.outcomes[step_id].status is S.FAILED for step_id in expected)
    assert status == ("FAILED" if failed else "SUCCEEDED")


@settings(max_examples=100)
@given(case=cases())
def test_a_machine_enters_no_more_states_than_its_figures_promise(case: Case) -> None:
    compiled = compile_definition(case.definition, KINDS)
    _, _, entered = walked(case)

    assert len(entered) <= compiled.figures.transitions
    assert compiled.figures.states == len(compiled.machine["States"])
    arn = "a" * LONGEST_FUNCTION_ARN
    assert json.loads(compiled.deployed) == compiled.machine
    assert compiled.figures.definition_bytes == len(
        compiled.deployed.replace(STEP_RUNNER_PLACEHOLDER, arn).encode()
    )


@settings(max_examples=100)
@given(case=cases())
def test_a_machine_has_a_state_for_every_step_that_no_call_takes_along(case: Case) -> None:
    compiled = compile_definition(case.definition, KINDS)
    riding = {step_id for riders in compiled.rides.values() for step_id in riders}

    assert set(compiled.source_map.values()) | riding == {item.id for item in case.definition.steps}
