"""Transitions per executed step, and how long simulations take; run it with `make bench`.

A transition is a state entered or a retry. Steps passed over are not executed, but their states may count.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # a benchmark is run as a file, and the random graphs are the tests'

from tests.builders import Json, create, written  # noqa: E402 - after the path
from tests.graphs.cases import Case, random_case  # noqa: E402 - same
from tests.graphs.proving import both  # noqa: E402 - same
from tests.graphs.simulating import loop  # noqa: E402 - same
from ventuno.engine.circumstances import Circumstances  # noqa: E402 - same
from ventuno.engine.interpreter import interpret  # noqa: E402 - same
from ventuno.engine.outcomes import parse_outcomes  # noqa: E402 - same
from ventuno.runtime.behaviour import ActionBehaviour  # noqa: E402 - same
from ventuno_dev.definition_files import read_definition  # noqa: E402 - same
from ventuno_dev.simulating.machine import run_machine  # noqa: E402 - same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from ventuno.definition.model import Step
    from ventuno.json_value import JsonValue
    from ventuno_dev.simulating.machine import MachineResult

GRAPHS = 1_000
ITEMS = (100, 10_000)


def without_failures(case: Case) -> Case:
    """Leave out retries and errors, which cost transitions of their own."""
    steps = [
        {**step, "settings": {**step["settings"], "errorHandlingOptions": {}}}
        for step in case.definition["steps"]
    ]
    outcomes = {key: value for key, value in case.outcomes.items() if "'error'" not in str(value)}
    return Case({**case.definition, "steps": steps}, case.payload, outcomes)


def per_step(runs: Iterable[MachineResult]) -> tuple[float, int]:
    """Return the mean transitions per executed step, and how many steps there were."""
    transitions = executed = 0
    for run in runs:
        transitions += run.transitions
        executed += len(run.run.executions)
    return transitions / executed, executed


class TenItems(ActionBehaviour):
    """Lists ten items for every loop: the payloads of the shipped workflows are not at hand."""

    def items(self, step: Step, values: Mapping[str, Any], now: datetime) -> Sequence[JsonValue]:
        del step, values, now
        return [{"id": str(index)} for index in range(10)]


def shipped() -> list[MachineResult]:
    """Run the shipped workflows as machines: filters match, first branches are taken, forms are answered."""
    runs = []
    for file in sorted((ROOT / "workflows").glob("*.yaml")):
        definition = read_definition(file)
        chosen = {step.id: going_on(step) for step in definition.steps if step.type != "ITERATOR"}
        given = Circumstances(outcomes=parse_outcomes(chosen, definition))
        runs.append(run_machine(definition, TenItems(), given))
    return runs


def going_on(step: Step) -> Json:
    """Choose the outcome with which a run goes on."""
    if step.type == "FILTER":
        return {"matches": True}
    if step.type == "IF_ELSE":
        return {"branch": step.settings.input["branches"][0]["id"]}
    return {"result": {"id": "one"}}


def seconds(work: Callable[[], Any]) -> float:
    """Time some work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def say(name: str, value: float, unit: str, samples: int) -> None:
    """Print one figure."""
    sys.stdout.write(f"{name} {value:.4f} {unit} {samples}\n")


def main() -> None:
    """Print one line per figure."""
    cases = [random_case(seed) for seed in range(GRAPHS)]
    plain = map(without_failures, cases)
    say("transitions.random_graphs", *_figure([both(case)[1] for case in plain]))
    say("transitions.random_graphs_with_failures", *_figure([both(case)[1] for case in cases]))
    say("transitions.shipped_workflows", *_figure(shipped()))
    models = [case.model() for case in cases]
    ruled = seconds(lambda: [interpret(model, ActionBehaviour()) for model in models])
    machines = seconds(lambda: [run_machine(model, ActionBehaviour(), Circumstances()) for model in models])
    say("simulate.interpreter", ruled / GRAPHS, "s/run", GRAPHS)
    say("simulate.machine", machines / GRAPHS, "s/run", GRAPHS)
    for items in ITEMS:
        authored = written(loop("each", "a", list(range(items))), create("a", "each"))
        case = Case(authored, {}, {})
        say(f"simulate.loop_{items}_items", seconds(lambda case=case: both(case)) / items, "s/item", items)  # type: ignore[misc]


def _figure(runs: list[MachineResult]) -> tuple[float, str, int]:
    value, executed = per_step(runs)
    return value, "transitions", executed


if __name__ == "__main__":
    main()
