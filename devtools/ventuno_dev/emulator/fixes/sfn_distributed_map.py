# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Distributed Map in JSONata mode: Items, ItemReader, ItemSelector, Output and Assign are expressions."""

from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.fixes.sfn_map import items_of
from ventuno_dev.emulator.fixes.sfn_parallel import finish
from ventuno_dev.emulator.values import Json

NUMBERS = ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")

State = dict[str, Any]


def _apply() -> None:
    run = sfn._run_distributed_map

    def run_distributed_map(
        state: State,
        raw: Json,
        effective: Json,
        processor: State,
        execution: State,
        ctx: State,
    ) -> Json:
        if sfn._state_query_language(state, ctx) != "JSONata":
            return run(state, raw, effective, processor, execution, ctx)
        inputs = _inputs(state, raw, effective, ctx)
        # MiniStack's own run then only sees a list of inputs and numbers.
        plain = {
            name: sfn._jsonata_state_field(state, name, "number", raw, ctx)
            for name in NUMBERS
            if name in state
        }
        plain |= {name: state[name] for name in ("Label", "End", "Next") if name in state}
        results, following = run(plain, inputs, inputs, processor, execution, ctx)
        return finish(state, raw, ctx, results), following

    sfn._run_distributed_map = run_distributed_map


def _inputs(state: State, raw: Json, effective: Json, ctx: State) -> list[Any]:
    items = (
        _read(state["ItemReader"], raw, ctx)
        if "ItemReader" in state
        else items_of(state, raw, effective, ctx)
    )
    selector = state.get("ItemSelector")
    if selector is None:
        return items
    return [
        sfn._apply_jsonata_template(selector, raw, {**ctx, "Map": {"Item": {"Index": index, "Value": item}}})
        for index, item in enumerate(items)
    ]


def _read(reader: State, raw: Json, ctx: State) -> list[Any]:
    evaluated = {**reader, "Arguments": sfn._apply_jsonata_template(reader.get("Arguments", {}), raw, ctx)}
    return list(sfn._read_map_items(evaluated, raw, ctx))


FIX = Fix(
    name="sfn-distributed-map",
    problem="In a distributed Map, JSONata fields are taken literally or ignored.",
    aws="Items, ItemReader.Arguments, ItemSelector, Output and Assign are evaluated as in an inline Map.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
    apply=_apply,
)
