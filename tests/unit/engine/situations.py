"""Situations the facts of the reference's engine speak of, each made by a run in the interpreter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.builders import Json, branches, defined, step
from tests.graphs.simulating import loop, simulated, started, statuses
from ventuno.engine.outcomes import Outcomes
from ventuno.engine.scopes import loop_members
from ventuno.engine.statuses import RunStatus

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.engine.interpreter import Interpreter

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


def never() -> Json:
    return {"type": "NUMBER", "stepOutputKey": "{{trigger.missing}}", "operand": "IS", "value": "1"}
