"""Facts of the reference about a graph and the statuses in it, each proven by settling one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import branches, defined, step
from tests.facts import FACTS
from tests.settling import settle
from ventuno.definition.graph import Graph
from ventuno.engine.reached import Reached
from ventuno.engine.rules import run_status
from ventuno.engine.statuses import RunStatus, StepStatus

if TYPE_CHECKING:
    from tests.facts import Proofs

S = StepStatus


def child_of(*parents: StepStatus | None) -> str:
    """Settle one step below parents of these statuses; None is a parent nothing is stored of."""
    names = [f"p{index}" for index in range(len(parents))]
    graph = Graph(defined(*(step(name, then="child") for name in names), step("child")))
    edges = defined(step("fork", then=names), *(step(name, then="child") for name in names), step("child"))
    graph = Graph(edges) if names else Graph(defined(step("child")))
    reached = {name: Reached(status) for name, status in zip(names, parents, strict=True) if status}
    settled = settle(graph, {"fork": Reached(S.SUCCESS), **reached})
    return "executes" if "child" in settled.ready else settled.statuses["child"].value


def started_again(status: StepStatus) -> bool:
    graph = Graph(defined(step("a", then="b"), step("b")))
    settled = settle(graph, {"a": Reached(S.SUCCESS), "b": Reached(status)})
    return "b" in settled.ready or settled.statuses["b"] is not status


def branch_child_of(status: StepStatus) -> str:
    graph = Graph(defined(step("i", "IF_ELSE", given=branches("a", "b")), step("a"), step("b")))
    settled = settle(graph, {"i": Reached(status, 0 if status is S.SUCCESS else None)})
    return "executes" if "a" in settled.ready else settled.statuses["a"].value


def parents_of(child: str, *steps: dict[str, object]) -> set[str]:
    return {edge.source for edge in Graph(defined(*steps)).into(child)}


def a_child_that_also_depends_on_a_failed_parent() -> RunStatus:
    graph = Graph(defined(step("f", then=["a", "b"]), step("a", then="c"), step("b", then="c"), step("c")))
    settled = settle(graph, {"f": Reached(S.SUCCESS), "a": Reached(S.SUCCESS), "b": Reached(S.FAILED)})
    return run_status(RunStatus.RUNNING, settled.statuses.values(), runnable=bool(settled.ready))


OTHERS = (S.SUCCESS, S.FAILED, S.RUNNING, S.PENDING, S.SKIPPED, S.STOPPED)

PROOFS: Proofs = {
    "child has zero parents": lambda: child_of() == "executes",
    "parents: SUCCESS + STOPPED": lambda: child_of(S.SUCCESS, S.STOPPED) == "executes",
    "parents: STOPPED + SKIPPED (nobody succeeded)": lambda: child_of(S.STOPPED, S.SKIPPED) == "SKIPPED",
    "parents: SUCCESS + RUNNING": lambda: child_of(S.SUCCESS, S.RUNNING) == "NOT_STARTED",
    "parents: SUCCESS + NOT_STARTED": lambda: child_of(S.SUCCESS, S.NOT_STARTED) == "NOT_STARTED",
    "parents: SUCCESS + PENDING": lambda: child_of(S.SUCCESS, S.PENDING) == "NOT_STARTED",
    "parents: SUCCESS + FAILED": lambda: child_of(S.SUCCESS, S.FAILED) == "NOT_STARTED",
    "parents: SUCCESS + FAILED_SAFELY": lambda: child_of(S.SUCCESS, S.FAILED_SAFELY) == "FAILED_SAFELY",
    "single parent STOPPED": lambda: child_of(S.STOPPED) == "SKIPPED",
    "one parent SUCCESS, other parent has no stepInfo entry at all": lambda: (
        child_of(S.SUCCESS, None) == "NOT_STARTED"
    ),
    "25 parents all STOPPED or SKIPPED": lambda: (
        child_of(*[S.STOPPED, S.SKIPPED] * 12, S.STOPPED) == "SKIPPED"
    ),
    "step status already SUCCESS/FAILED/RUNNING/PENDING/SKIPPED/STOPPED": lambda: (
        not any(started_again(status) for status in OTHERS)
    ),
    "parent.nextStepIds contains child id": lambda: parents_of("b", step("a", then="b"), step("b")) == {"a"},
    "if/else branch.nextStepIds contains child id": lambda: (
        parents_of("a", step("i", "IF_ELSE", given=branches("a", "b")), step("a"), step("b"))
        == parents_of("b", step("i", "IF_ELSE", given=branches("a", "b")), step("a"), step("b"))
        == {"i"}
    ),
    "child listed in a plain step nextStepIds and in an if/else branch": lambda: (
        parents_of("b", step("i", "IF_ELSE", given=branches("a", "b")), step("a", then="b"), step("b"))
        == {"a", "i"}
    ),
    "nested if/else reached through an outer else branch": lambda: (
        parents_of(
            "inner",
            step("outer", "IF_ELSE", given=branches("a", "inner")),
            step("inner", "IF_ELSE", given=branches("a", "a")),
            step("a"),
        )
        == {"outer"}
    ),
    "all parents SKIPPED": lambda: child_of(S.SKIPPED, S.SKIPPED) == "SKIPPED",
    "all parents STOPPED": lambda: child_of(S.STOPPED, S.STOPPED) == "SKIPPED",
    "parents SKIPPED + SUCCESS": lambda: child_of(S.SKIPPED, S.SUCCESS) == "executes",
    "if/else parent SUCCESS, step is branch child": lambda: branch_child_of(S.SUCCESS) == "executes",
    "step without parents": lambda: child_of() != "FAILED_SAFELY",
    "all parents SUCCESS": lambda: child_of(S.SUCCESS, S.SUCCESS) == "executes",
    "FAILED_SAFELY + SUCCESS": lambda: child_of(S.FAILED_SAFELY, S.SUCCESS) == "FAILED_SAFELY",
    "if/else parent FAILED_SAFELY and step is branch child": lambda: (
        branch_child_of(S.FAILED_SAFELY) == "FAILED_SAFELY"
    ),
    "all steps SUCCESS": lambda: (
        run_status(RunStatus.RUNNING, [S.SUCCESS] * 3, runnable=False) is RunStatus.COMPLETED
    ),
    "SUCCESS step whose NOT_STARTED child also depends on a FAILED parent": lambda: (
        a_child_that_also_depends_on_a_failed_parent() is RunStatus.FAILED
    ),
}


@pytest.mark.parametrize("given", PROOFS)
def test_a_fact_of_the_reference_holds(given: str) -> None:
    assert PROOFS[given](), FACTS[given]
