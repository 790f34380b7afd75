"""Parallel and Map: states with scopes inside.

An inline Map runs at most 40 iterations at once, whatever it asks for. A Distributed Map runs each item as an
execution of its own.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import (
    FAILURE_THRESHOLD,
    QUERY_EVALUATION_ERROR,
    StateError,
    UnsupportedMachineError,
)
from ventuno_dev.asl.history import History
from ventuno_dev.asl.processes import Branch, Gather
from ventuno_dev.asl.retrying import guarded
from ventuno_dev.asl.visit import Surroundings, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ventuno_dev.asl.world import World

INLINE_LIMIT, DISTRIBUTED_LIMIT = 40, 10_000


def run_parallel(world: World, visit: Visit) -> Branch:
    """Run a Parallel."""
    answer: tuple[Any, str | None] = yield from guarded(visit, partial(_branches, world, visit))
    return answer


def _branches(world: World, visit: Visit) -> Branch:
    given = visit.field("Arguments", visit.given)
    branches: list[Callable[[], Branch]] = [
        partial(world.scope, branch, given, visit.around.inside()) for branch in visit.state["Branches"]
    ]
    outputs = yield from _gathered(visit, Gather(branches, len(branches)), "ParallelState")
    return outputs


def _gathered(visit: Visit, gather: Gather, prefix: str) -> Branch:
    visit.around.history.event(f"{prefix}Started")
    try:
        outputs = yield gather
    except StateError:
        visit.around.history.event(f"{prefix}Failed")
        raise
    visit.around.history.event(f"{prefix}Succeeded")
    return outputs


def run_map(world: World, visit: Visit) -> Branch:
    """Run a Map, inline or distributed."""
    answer: tuple[Any, str | None] = yield from guarded(visit, partial(_iterations, world, visit))
    return answer


def _iterations(world: World, visit: Visit) -> Branch:
    processor = visit.state["ItemProcessor"]
    distributed = processor.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
    items = _items(world, visit, distributed=distributed)
    run_one = partial(_child if distributed else _iteration, world, visit)
    branches: list[Callable[[], Branch]] = [partial(run_one, index, item) for index, item in enumerate(items)]
    limit = int(visit.field("MaxConcurrency", 0)) or DISTRIBUTED_LIMIT
    if distributed:
        outputs = yield from _map_run(visit, Gather(branches, limit, _tolerated(visit, len(items))))
    else:
        outputs = yield from _gathered(visit, Gather(branches, min(limit, INLINE_LIMIT)), "MapState")
    return outputs


def _map_run(visit: Visit, gather: Gather) -> Branch:
    visit.around.history.event("MapRunStarted")
    try:
        outputs = yield from _gathered(visit, gather, "MapState")
    except StateError as error:
        visit.around.history.event("MapRunFailed")
        raise StateError(FAILURE_THRESHOLD, str(error)) from error
    visit.around.history.event("MapRunSucceeded")
    return outputs


def _items(world: World, visit: Visit, *, distributed: bool) -> Sequence[Any]:
    if "ItemReader" in visit.state:
        if not distributed:
            raise UnsupportedMachineError(f"{visit.name} has an ItemReader but is not distributed")
        return world.read_items(visit.value(visit.state["ItemReader"].get("Arguments", {})))
    items = visit.field("Items", visit.given)
    if not isinstance(items, list):
        raise StateError(QUERY_EVALUATION_ERROR, f"Items of {visit.name} is no array")
    return items


def _tolerated(visit: Visit, count: int) -> int:
    share = float(visit.field("ToleratedFailurePercentage", 0))
    return max(int(visit.field("ToleratedFailureCount", 0)), math.floor(count * share / 100))


def _selected(visit: Visit, index: int, item: Any) -> tuple[Any, Surroundings]:  # noqa: ANN401 - any JSON
    """Make the input of an iteration, and its surroundings."""
    inside = visit.around.inside({"Index": index, "Value": item})
    if "ItemSelector" not in visit.state:
        return item, inside
    seen = Visit(visit.name, visit.state, visit.given, inside, visit.entered_at)
    return seen.value(visit.state["ItemSelector"]), inside


def _iteration(world: World, visit: Visit, index: int, item: Any) -> Branch:  # noqa: ANN401 - any JSON
    history = visit.around.history
    history.event("MapIterationStarted")
    try:
        given, inside = _selected(visit, index, item)
        output = yield from world.scope(visit.state["ItemProcessor"], given, inside)
    except StateError:
        history.event("MapIterationFailed")
        raise
    except GeneratorExit:
        history.event("MapIterationAborted")
        raise
    history.event("MapIterationSucceeded")
    return output


def _child(world: World, visit: Visit, index: int, item: Any) -> Branch:  # noqa: ANN401 - any JSON
    """Run one child execution: its own history, its own context, none of the variables around."""
    given, inside = _selected(visit, index, item)
    history = History()
    number = world.add_child(history)
    history.event("ExecutionStarted", "ExecutionSucceeded")
    parent = visit.around.context
    execution = {**parent["Execution"], "Input": given, "Name": f"{parent['Execution']['Name']}-{number}"}
    context = {**parent, "Execution": execution, "Map": inside.context["Map"]}
    around = Surroundings(context, history, iteration=inside.iteration)
    output = yield from world.scope(visit.state["ItemProcessor"], given, around)
    return output
