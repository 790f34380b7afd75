"""ITERATOR → a Loop node: the body is a scope of its own, run once per item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.compiler.contract import EndKind
from ventuno.compiler.plan import Loop
from ventuno.compiler.riding import Before

if TYPE_CHECKING:
    from ventuno.compiler.context import Context
    from ventuno.compiler.plan import Scope
    from ventuno.compiler.planning import Planner


def loop_node(planner: Planner, context: Context, step_id: str) -> Loop:
    """Plan a loop and what follows it."""
    after = planner.go(context, planner.desk.graph.children(step_id), Before.NOTHING)
    return loop_leading_to(planner, step_id, after, context.failed)


def loop_leading_to(
    planner: Planner, step_id: str, after: str, failed: str | None, *, in_rounds: bool = False
) -> Loop:
    """Plan a loop whose end leads to the key `after`."""
    desk = planner.desk
    authored = desk.setting(step_id, "maxConcurrency")
    concurrency = authored if isinstance(authored, int) else 1
    items = desk.setting(step_id, "items")
    ends_all = desk.goes_on(step_id) or desk.fails_fast(desk.level(step_id))
    return Loop(
        step_id,
        _body(planner, step_id),
        concurrency,
        nested=step_id in desk.graph.loops.inner,
        siblings=len(desk.graph.loops.members),
        count=len(items) if isinstance(items, list | tuple) else None,
        gathers=concurrency > 1 and not ends_all,
        next=after,
        failed=failed,
        in_rounds=in_rounds,
    )


def _body(planner: Planner, step_id: str) -> Scope:
    """Plan one iteration.

    Where failures are tolerated it ends as usual, elsewhere it fails the loop: with failFast at once, else
    after what runs beside it.
    """
    desk = planner.desk
    building, level = desk.building(), desk.level(step_id)
    done = building.end(EndKind.DONE)
    failed: str | None = done
    if not desk.goes_on(step_id):
        failed = None if desk.fails_fast(level) else building.end(EndKind.FAILED)
    context = desk.context(level, building, None, (done, done), failed)
    building.scope.start = planner.go(context, desk.graph.entries(step_id), Before.NOTHING)
    return building.scope
