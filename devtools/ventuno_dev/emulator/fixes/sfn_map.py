# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Map: a failed iteration ends the state at once, iterations in progress are stopped."""

from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.fixes.sfn_parallel import finish, run_guarded
from ventuno_dev.emulator.values import Json

MAX_CONCURRENCY = 40  # of an inline Map, whatever MaxConcurrency says


def run_items(
    state: dict[str, Any], raw: Json, execution: dict[str, Any], ctx: dict[str, Any]
) -> tuple[Json, Json]:
    """Run the iterations of one inline Map state and give its output and next state."""
    effective = sfn._apply_input_path(state, raw, ctx)
    processor = state.get("Iterator") or state.get("ItemProcessor", {})

    def job(index: int, item: Json) -> Callable[[], Any]:
        own = {
            **ctx,
            "variables": dict(ctx.get("variables", {})),
            "Map": {"Item": {"Index": index, "Value": item}},
        }
        return lambda: sfn._run_sub_machine(
            processor["States"],
            processor["StartAt"],
            _item_input(state, raw, effective, item, own),
            execution,
            own,
        )

    jobs = [job(index, item) for index, item in enumerate(items_of(state, raw, effective, ctx))]
    results = run_guarded(jobs, _concurrency(state, raw, ctx))
    return finish(state, raw, ctx, results), sfn._next_or_end(state)


def items_of(state: dict[str, Any], raw: Json, effective: Json, ctx: dict[str, Any]) -> list[Any]:
    """Give the items a Map state runs over."""
    if "Items" in state and sfn._state_query_language(state, ctx) == "JSONata":
        return list(sfn._jsonata_state_field(state, "Items", "array", raw, ctx))
    items = sfn._resolve_path_or_ctx(state.get("ItemsPath", "$"), effective, ctx)
    return items if isinstance(items, list) else [items]


def _item_input(state: dict[str, Any], raw: Json, effective: Json, item: Json, ctx: dict[str, Any]) -> Json:
    selector = state.get("ItemSelector") or state.get("Parameters")
    if not selector:
        return item
    if sfn._state_query_language(state, ctx) == "JSONata":
        return sfn._apply_jsonata_template(selector, raw, ctx)
    return sfn._resolve_params_obj(selector, effective, ctx)


def _concurrency(state: dict[str, Any], raw: Json, ctx: dict[str, Any]) -> int:
    limit = state.get("MaxConcurrency", 0)
    if isinstance(limit, str):
        limit = sfn._jsonata_state_field(state, "MaxConcurrency", "number", raw, ctx)
    return min(int(limit) or MAX_CONCURRENCY, MAX_CONCURRENCY)


def _apply() -> None:
    run_distributed_too = sfn._run_map_items

    def run_map_items(
        state: dict[str, Any], raw: Json, execution: dict[str, Any], ctx: dict[str, Any]
    ) -> Json:
        processor = state.get("Iterator") or state.get("ItemProcessor", {})
        distributed = processor.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
        return (run_distributed_too if distributed else run_items)(state, raw, execution, ctx)

    sfn._run_map_items = run_map_items


FIX = Fix(
    name="sfn-map",
    problem="A failed iteration is noticed only when all iterations have ended.",
    aws="If any iteration fails, the Map state fails, and iterations that have not ended are stopped.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html",
    apply=_apply,
)
