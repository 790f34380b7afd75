"""ITERATOR → a Loop node: the body is a scope of its own, run once per item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.plan import EndKind, Loop

if TYPE_CHECKING:
    from ventuno.compiler.context import Building, Context
    from ventuno.compiler.plan import Scope
    from ventuno.compiler.planning import Planner


def loop_node(planner: Planner, context: Context, step_id: str) -> Loop:
    """Plan a loop and what follows it."""
    after = planner.go(context, planner.desk.graph.children(step_id), rides=False)
    return loop_leading_to(planner, step_id, after, context.failed)


def loop_leading_to(
    planner: Planner, step_id: str, after: str, failed: str | None, marks: str | None = None
) -> Loop:
    """Plan a loop whose end leads to the key `after`."""
    concurrency = planner.desk.setting(step_id, "maxConcurrency")
    items = planner.desk.setting(step_id, "items")
    return Loop(
        step_id,
        _body(planner, step_id),
        concurrency if isinstance(concurrency, int) else 1,
        nested=step_id in planner.desk.graph.loops.inner,
        siblings=len(planner.desk.graph.loops.members),
        count=len(items) if isinstance(items, list | tuple) else None,
        next=after,
        failed=failed,
        marks=marks,
    )


def _body(planner: Planner, step_id: str) -> Scope:
    """Plan one iteration. Where failures are tolerated it ends as usual; elsewhere it fails the loop."""
    desk = planner.desk
    building = desk.building()
    done = building.end(EndKind.DONE)
    failed = (
        done
        if desk.setting(step_id, "shouldContinueOnIterationFailure") is True
        else _failing(planner, building)
    )
    context = desk.context(desk.level(step_id), building, None, (done, done), failed)
    building.scope.start = planner.go(context, desk.graph.entries(step_id), rides=False)
    return building.scope


def _failing(planner: Planner, building: Building) -> str | None:
    """With failFast a failure ends the iteration at once, else after what runs beside it."""
    return None if planner.desk.definition.fail_fast else building.end(EndKind.FAILED)
