"""Facts of the reference's engine, each proven by a run in the interpreter.

Where decisions differ from the reference, the proof says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import branches, defined, step
from tests.facts import FACTS
from tests.graphs.simulating import delay, loop, simulated, statuses
from tests.unit.engine.situations import (
    ERROR,
    FORK,
    a_retried_loop_keeps_its_place,
    at_second,
    behind,
    body_of_a_loop,
    branch_children,
    child_of,
    failed,
    in_a_loop,
    loop_status,
    members,
    nested,
    never,
    one_by_one,
    retried,
    stopped,
    times,
    two_branches_run_again,
    waits,
)
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus

if TYPE_CHECKING:
    from tests.facts import Proofs


PROOFS: Proofs = {
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


@pytest.mark.parametrize("given", PROOFS)
def test_a_fact_of_the_reference_holds(given: str) -> None:
    assert PROOFS[given](), FACTS[given]
