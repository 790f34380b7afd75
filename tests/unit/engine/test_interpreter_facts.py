"""Facts of the reference's engine, each proven by a run in the interpreter.

Where decisions differ from the reference, the proof says how.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, defined, step
from tests.graphs.simulating import delay, loop, simulated, started, statuses
from ventuno.engine.scopes import loop_members
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.definition.model import Definition
    from ventuno.engine.interpreter import Interpreter

FACTS = json.loads(Path(__file__, "../../../vectors/interpreter_facts.json").resolve().read_text())
ERROR = {"error": "no"}


def parent(name: str, status: str) -> tuple[list[Json], Json]:
    """Write a parent of `child` that has this status at second 5, and the outcomes that bring it there."""
    before = f"{name}_before"
    if status == "STOPPED":
        return [step(name, "FILTER", "child")], {name: {"matches": False}}
    if status == "SKIPPED":
        return [step(before, "FILTER", name), step(name, "CODE", "child")], {before: {"matches": False}}
    if status == "PENDING":
        return [step(name, "FORM", "child", [])], {}
    if status == "NOT_STARTED":
        return [step(before, "FORM", name, []), step(name, "CODE", "child")], {}
    return [step(name, "CODE", "child")], {name: ERROR} if status.startswith("FAILED") else {}


def child_of(*parents: str) -> str:
    """Tell what became of a step below parents of these statuses, or "executed"."""
    heads: list[str] = []
    steps: list[Any] = []
    outcomes: dict[str, Any] = {}
    for index, status in enumerate(parents):
        written, chosen = parent(f"p{index}", status)
        heads.append(written[0]["id"])
        steps += written
        outcomes |= chosen
    # only inside a loop that goes on after failures can a step be FAILED_SAFELY without continueOnFailure
    body = [*steps, step("child", "CODE", "loop")]
    around = loop("loop", heads or ["child"], [1], shouldContinueOnIterationFailure="FAILED" not in parents)
    slow = {f"p{index}" for index, status in enumerate(parents) if status == "RUNNING"}
    interpreter = started(defined(around, *body), outcomes, duration=lambda name, _: 10.0 * (name in slow))
    interpreter.run(until=5.0)
    run = interpreter.simulated()
    return "executed" if "child" in run.order else str(run.steps["child"]["status"])


def one_by_one(*kinds: str, **outcomes: Any) -> dict[str, Any]:  # noqa: ANN401 - any outcome
    """Run steps a, b, … of these types in a row."""
    names = "abcdef"[: len(kinds)]
    rows = [
        step(name, kind, following) for name, kind, following in zip(names, kinds, names[1:], strict=False)
    ]
    return statuses(simulated(defined(*rows, step(names[-1], kinds[-1])), outcomes))


def in_a_loop(items: Any, *body: Json, first: str = "a", **settings: Any) -> Definition:  # noqa: ANN401 - author JSON
    return defined(loop("loop", first, items, "after", **settings), *body, step("after"))


def loop_status(*body: Json, outcomes: Json | None = None, **settings: Any) -> str:  # noqa: ANN401 - author JSON
    return str(statuses(simulated(in_a_loop([1], *body, **settings), outcomes))["loop"])


def times(name: str, definition: Definition, outcomes: Json | None = None) -> int:
    return simulated(definition, outcomes).order.count(name)


def behind(status: str, follower: Json, *more: Json) -> dict[str, Any]:
    """Run `follower` behind a step of this status, inside a loop that goes on after failures."""
    before, outcomes = parent("p0", status)
    before[-1]["nextStepIds"] = [follower["id"]]
    around = loop("loop", before[0]["id"], [1], shouldContinueOnIterationFailure=True)
    return statuses(simulated(defined(around, *before, follower, *more), outcomes))


def nested(*, inner: bool, outer: bool) -> dict[str, Any]:
    """Let the body of an inner loop fail in its first iteration; both loops have two items."""
    definition = defined(
        loop("outer", "inner", [1, 2], shouldContinueOnIterationFailure=outer),
        loop("inner", "a", [1, 2], "outer", shouldContinueOnIterationFailure=inner),
        step("a", "CODE", "inner"),
    )
    run = simulated(definition, {"a": [[[ERROR]]]})
    return {"order": "".join(name[0] for name in run.order), **statuses(run)}


def members(*body: Json) -> list[str]:
    return list(loop_members(defined(loop("loop", "2", []), *body), "loop"))


def at_second(seconds: float, definition: Definition, outcomes: Json | None = None, **slow: float) -> Any:  # noqa: ANN401
    interpreter = started(definition, outcomes, duration=lambda name, _: slow.get(name, 0.0))
    interpreter.run(until=seconds)
    return interpreter.simulated()


def failed(definition: Definition, outcomes: Json) -> Interpreter:
    interpreter = started(definition, outcomes)
    interpreter.run()
    assert interpreter.status is RunStatus.FAILED
    return interpreter


def retried(interpreter: Interpreter) -> Any:  # noqa: ANN401 - a SimulatedRun
    """Retry with nothing that fails any more; the retry starts the steps at once."""
    from ventuno.engine.outcomes import Outcomes  # noqa: PLC0415 - the one place that needs it

    interpreter.retry(Outcomes())
    return interpreter.simulated()


def stopped(definition: Definition, at: float, **slow: float) -> Interpreter:
    interpreter = started(definition, duration=lambda name, _: slow.get(name, 0.0))
    interpreter.run(until=at)
    interpreter.stop()
    return interpreter


def waits(given: Json) -> Any:  # noqa: ANN401 - a SimulatedRun
    return simulated(defined(step("d", "DELAY", given=given)))


def third_iteration_fails() -> Interpreter:
    return failed(in_a_loop([1, 2, 3], step("a", "CODE", "loop")), {"a": [None, None, ERROR]})


def a_retried_loop_keeps_its_place() -> bool:
    interpreter = third_iteration_fails()
    told = retried(interpreter)
    interpreter.run()
    return (
        told.steps["loop"]["status"] == "RUNNING"
        and "error" not in told.steps["loop"]
        and told.steps["loop"]["result"]["currentItemIndex"] == 2
        and interpreter.simulated().order == ["loop", "a", "a", "a", "a", "after"]
    )


def two_branches_run_again() -> bool:
    definition = defined(step("a", "CODE", ["b", "c"]), step("b", "CODE"), step("c", "CODE"))
    told = retried(failed(definition, {"a": ERROR}))
    interpreter = failed(definition, {"b": ERROR, "c": ERROR})
    return bool(told.order == ["a", "a"]) and retried(interpreter).order == ["a", "b", "c", "b", "c"]


def branch_children(status: str) -> set[str]:
    chosen = step("i", "IF_ELSE", given=branches("x", "y"))
    told = behind(status, chosen, step("x", "CODE", "loop"), step("y", "CODE", "loop"))
    return {told["x"], told["y"]}


def body_of_a_loop(status: str) -> set[str]:
    told = behind(
        status, loop("inner", ["x", "y"], [1]), step("x", "CODE", "inner"), step("y", "CODE", "inner")
    )
    return {told["inner"], told["x"], told["y"]}


FORK = (step("f", "CODE", ["b", "c"]), step("b", "CODE", "loop"), step("c", "CODE", "loop"))
PROOFS: dict[str, Callable[[], bool]] = {
    "child has zero parents": lambda: child_of() == "executed",
    "parents: SUCCESS + STOPPED": lambda: child_of("SUCCESS", "STOPPED") == "executed",
    "parents: STOPPED + SKIPPED (nobody succeeded)": lambda: child_of("STOPPED", "SKIPPED") == "SKIPPED",
    "parents: SUCCESS + RUNNING": lambda: child_of("SUCCESS", "RUNNING") == "NOT_STARTED",
    "parents: SUCCESS + NOT_STARTED": lambda: child_of("SUCCESS", "NOT_STARTED") == "NOT_STARTED",
    "parents: SUCCESS + PENDING": lambda: child_of("SUCCESS", "PENDING") == "NOT_STARTED",
    "parents: SUCCESS + FAILED": lambda: child_of("SUCCESS", "FAILED") == "NOT_STARTED",
    "parents: SUCCESS + FAILED_SAFELY": lambda: child_of("SUCCESS", "FAILED_SAFELY") == "FAILED_SAFELY",
    "single parent STOPPED": lambda: child_of("STOPPED") == "SKIPPED",
    "one parent SUCCESS, other parent has no stepInfo entry at all": lambda: (
        child_of("SUCCESS", "NOT_STARTED") == "NOT_STARTED"
    ),
    "25 parents all STOPPED or SKIPPED": lambda: (
        child_of(*["STOPPED", "SKIPPED"] * 12, "STOPPED") == "SKIPPED"
    ),
    "step status already SUCCESS/FAILED/RUNNING/PENDING/SKIPPED/STOPPED": lambda: (
        child_of(*["SUCCESS"] * 5) == "executed" and times("b", in_a_loop([1], *FORK, first="f")) == 1
    ),
    "run status is not RUNNING (e.g. STOPPING), all parents SUCCESS": lambda: (
        statuses(stopped(defined(step("a", "CODE", "b"), step("b")), 1.0, a=2.0).simulated())["b"]
        == "NOT_STARTED"
    ),
    "all parents SKIPPED": lambda: child_of("SKIPPED", "SKIPPED") == "SKIPPED",
    "all parents STOPPED": lambda: child_of("STOPPED", "STOPPED") == "SKIPPED",
    "parents SKIPPED + SUCCESS": lambda: child_of("SKIPPED", "SUCCESS") == "executed",
    # the branch taken runs; the other one is skipped for its child only, as decisions say
    "if/else parent SUCCESS, step is branch child": lambda: (
        branch_children("SUCCESS") == {"SUCCESS", "SKIPPED"}
    ),
    "step without parents": lambda: child_of() == "executed",
    "all parents SUCCESS": lambda: child_of("SUCCESS", "SUCCESS") == "executed",
    "FAILED_SAFELY + SUCCESS": lambda: child_of("FAILED_SAFELY", "SUCCESS") == "FAILED_SAFELY",
    "if/else parent FAILED_SAFELY and step is branch child": lambda: (
        branch_children("FAILED_SAFELY") == {"FAILED_SAFELY"}
    ),
    "running iterator without continue flag, loop-back parent FAILED_SAFELY": lambda: (
        nested(inner=False, outer=True)["order"] == "oiaiaa"
    ),
    "unstarted iterator with no external parents": lambda: (
        loop_status(step("a", "CODE", "loop")) == "SUCCESS"
    ),
    "started iterator without flag: one loop-back parent FAILED_SAFELY, another still RUNNING": lambda: (
        at_second(
            5.0,
            defined(
                loop("outer", "inner", [1], shouldContinueOnIterationFailure=True),
                loop("inner", ["a", "b"], [1], "outer"),
                step("a", "CODE", "inner"),
                step("b", "CODE", "inner"),
            ),
            {"a": ERROR},
            b=10.0,
        ).steps["inner"]["status"]
        == "RUNNING"
    ),
    "iterator not started, external parents all SUCCESS, loop steps NOT_STARTED": lambda: (
        behind("SUCCESS", loop("inner", "x", [1], "loop"), step("x", "CODE", "inner"))["inner"] == "SUCCESS"
    ),
    "iterator not started, an external parent FAILED": lambda: (
        one_by_one("CODE", "ITERATOR", a=ERROR)["b"] == "NOT_STARTED"
    ),
    "iterator RUNNING, every step pointing to it SUCCESS": lambda: (
        times("b", in_a_loop([1, 2], *FORK, first="f")) == 2
    ),
    "iterator RUNNING, a step pointing to it RUNNING": lambda: (
        at_second(5.0, in_a_loop([1, 2], *FORK, first="f"), b=10.0).order == ["loop", "f", "b", "c"]
    ),
    "unstarted iterator, all external parents SKIPPED/STOPPED, loop step SUCCESS": lambda: (
        body_of_a_loop("STOPPED") == body_of_a_loop("SKIPPED") == {"SKIPPED"}
    ),
    "unstarted iterator with no parents": lambda: loop_status(step("a", "CODE", "loop")) != "SKIPPED",
    "iterator already RUNNING/SUCCESS/PENDING/SKIPPED/FAILED with all parents SKIPPED": lambda: (
        loop_status(step("a", "FILTER", "b"), step("b", "CODE", "loop"), outcomes={"a": {"matches": False}})
        == "SUCCESS"
    ),
    "loop 2->3->4->iterator": lambda: (
        members(step("2", then="3"), step("3", then="4"), step("4", then="loop")) == ["2", "3", "4"]
    ),
    "loop with branches 2->(3,4)->5->iterator": lambda: (
        members(step("2", then=["3", "4"]), step("3", then="5"), step("4", then="5"), step("5", then="loop"))
        == ["2", "3", "5", "4"]
    ),
    "if/else inside loop": lambda: (
        members(
            step("2", "IF_ELSE", given=branches("3", "4")), step("3", then="loop"), step("4", then="loop")
        )
        == ["2", "3", "4"]
    ),
    "if/else branch pointing straight back to the enclosing iterator": lambda: (
        members(step("2", "IF_ELSE", given=branches("3", "loop")), step("3", then="loop")) == ["2", "3"]
    ),
    "failed step inside loop whose iterator has shouldContinueOnIterationFailure=false": lambda: (
        nested(inner=False, outer=False)["a"] == "FAILED"
    ),
    "failed step inside nested loops, both with flag": lambda: (
        nested(inner=True, outer=True)["order"] == "oiaaiaa"
    ),
    "inner loop without flag, outer loop with flag": lambda: (
        nested(inner=False, outer=True)["outer"] == "SUCCESS"
    ),
    "items=['item1','item2'], first execution": lambda: (
        at_second(1.0, in_a_loop(["item1", "item2"], step("a", "CODE", "loop")), a=10.0).steps["loop"]
        == {
            "status": "RUNNING",
            "result": {"currentItemIndex": 0, "currentItem": "item1", "hasProcessedAllItems": False},
        }
    ),
    "same items, previous result index 0": lambda: (
        at_second(15.0, in_a_loop(["item1", "item2"], step("a", "CODE", "loop")), a=10.0).steps["loop"][
            "result"
        ]
        == {"currentItemIndex": 1, "currentItem": "item2", "hasProcessedAllItems": False}
    ),
    "items='not-an-array'": lambda: (
        statuses(simulated(in_a_loop("not-an-array", step("a", "CODE", "loop"))))
        == {"loop": "FAILED", "a": "NOT_STARTED", "after": "NOT_STARTED"}
    ),
    # decisions let lists grow to 1,000,000 items, so the interpreter has no limit; the action has one
    "10 001 items, previous index 10000": lambda: (
        times("a", in_a_loop(list(range(10_001)), step("a", "CODE", "loop"))) == 10_001
    ),
    'action throws Error("Step execution failed")': lambda: (
        one_by_one("CODE", "CODE", a={"error": "Step execution failed"})
        == {"a": "FAILED", "b": "NOT_STARTED"}
    ),
    "step resolved as skipped or failed-safely": lambda: (
        times("b", defined(step("a", "FILTER", "b"), step("b", "CODE")), {"a": {"matches": False}}) == 0
    ),
    "regular step nextStepIds [2,3]": lambda: (
        [
            (done.step_id, done.started_at)
            for done in at_second(9.0, in_a_loop([1], *FORK, first="f"), f=1.0, b=3.0).executions[1:4]
        ]
        == [("f", 0.0), ("b", 1.0), ("c", 1.0)]
    ),
    "iterator skipped": lambda: body_of_a_loop("SKIPPED") == {"SKIPPED"},
    "iterator failed safely": lambda: body_of_a_loop("FAILED_SAFELY") == {"FAILED_SAFELY"},
    "if/else skipped": lambda: branch_children("SKIPPED") == {"SKIPPED"},
    "if/else failed safely": lambda: branch_children("FAILED_SAFELY") == {"FAILED_SAFELY"},
    "all steps SUCCESS": lambda: simulated(defined(step("a", "CODE"))).status is RunStatus.COMPLETED,
    "SUCCESS step whose NOT_STARTED child also depends on a FAILED parent": lambda: (
        failed(
            defined(step("f", then=["a", "b"]), step("a", "CODE", "c"), step("b", "CODE", "c"), step("c")),
            {"b": ERROR},
        ).status
        is RunStatus.FAILED
    ),
    "started iterator, outside parent SUCCESS, back-edge parent SKIPPED (filter false in body)": lambda: (
        behind(
            "SUCCESS",
            loop("inner", "x", [1, 2], "loop"),
            step("x", "FILTER", "y", {"stepFilters": [never()]}),
            step("y", "CODE", "inner"),
        )["inner"]
        == "SUCCESS"
    ),
    # the reference hangs here; decisions let the iterator advance
    "started iterator with no outside step parent, back-edge parent SKIPPED": lambda: (
        times(
            "a",
            in_a_loop([1, 2], step("a", "FILTER", "b"), step("b", "CODE", "loop")),
            {"a": {"matches": False}},
        )
        == 2
    ),
    "started iterator with flag, a loop step FAILED_SAFELY with error, all parents terminal": lambda: (
        times(
            "a",
            in_a_loop([1, 2], step("a", "CODE", "loop"), shouldContinueOnIterationFailure=True),
            {"a": [ERROR]},
        )
        == 2
    ),
    "run FAILED: step-1 SUCCESS, step-2 FAILED": lambda: (
        retried(failed(defined(step("a", "CODE", "b"), step("b", "CODE")), {"b": ERROR})).order
        == ["a", "b", "b"]
    ),
    "iterator FAILED while its result says index 2 not finished": a_retried_loop_keeps_its_place,
    "two parallel branches NOT_STARTED after root SUCCESS": two_branches_run_again,
    "filters number IS 10 / else-if number IS 20, payload number 10": lambda: (
        statuses(
            simulated(
                defined(step("i", "IF_ELSE", given=branches("a", "b", "c")), step("a"), step("b"), step("c")),
                payload={"branch": 0},
            )
        )
        == {"i": "SUCCESS", "a": "SUCCESS", "b": "SKIPPED", "c": "SKIPPED"}
    ),
    "DURATION {days:1,hours:2,minutes:3,seconds:4}": lambda: (
        simulated(defined(delay("d", days=1, hours=2, minutes=3, seconds=4))).virtual_seconds == 93_784
    ),
    "DURATION without duration object": lambda: (
        waits({"delayType": "DURATION"}).steps["d"]["error"] == "Duration is required for duration delay"
    ),
    "SCHEDULED_DATE in the past": lambda: (
        waits({"delayType": "SCHEDULED_DATE", "scheduledDateTime": "2020-01-01T00:00:00Z"}).steps["d"][
            "error"
        ]
        == "Scheduled date cannot be in the past"
    ),
    "SCHEDULED_DATE without value": lambda: (
        waits({"delayType": "SCHEDULED_DATE"}).steps["d"]["error"]
        == "Scheduled date time is required for scheduled date delay"
    ),
    "stop a RUNNING run whose only open step is PENDING": lambda: (
        (run := stopped(defined(delay("d", days=3)), 60.0).simulated()).status is RunStatus.STOPPED
        and run.steps["d"] == {"status": "FAILED", "error": ENDED_BEFORE}
    ),
    "retryWorkflowRun on a non-FAILED run": lambda: (
        retried(stopped(defined(delay("d", days=3)), 60.0)).status is RunStatus.STOPPED
    ),
}


def never() -> Json:
    return {"type": "NUMBER", "stepOutputKey": "{{trigger.missing}}", "operand": "IS", "value": "1"}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["input"])
def test_a_fact_of_the_reference_holds(fact: dict[str, str]) -> None:
    assert PROOFS[fact["input"]](), fact["expected"]


def test_no_proof_is_left_over() -> None:
    assert PROOFS.keys() == {fact["input"] for fact in FACTS}
