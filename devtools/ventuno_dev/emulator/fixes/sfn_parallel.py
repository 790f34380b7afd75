# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Parallel: branches with variables of their own, JSONata fields, and failure that stops the siblings."""

from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.branches import run_together
from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

MAX_BRANCHES = 40  # threads at once; Step Functions itself sets no limit on branches


def run_branches(
    state: dict[str, Any], raw: Json, execution: dict[str, Any], ctx: dict[str, Any]
) -> tuple[Json, Json]:
    """Run the branches of one Parallel state and give its output and next state."""
    jsonata = sfn._state_query_language(state, ctx) == "JSONata"
    effective = (
        sfn._apply_jsonata_arguments(state, raw, ctx)
        if jsonata
        else sfn._apply_parameters(state, sfn._apply_input_path(state, raw, ctx), ctx)
    )

    def job(branch: dict[str, Any]) -> Callable[[], Any]:
        own = {**ctx, "variables": dict(ctx.get("variables", {}))}
        return lambda: sfn._run_sub_machine(branch["States"], branch["StartAt"], effective, execution, own)

    results = run_guarded([job(branch) for branch in state.get("Branches", [])], MAX_BRANCHES)
    return finish(state, raw, ctx, results), sfn._next_or_end(state)


def run_guarded(jobs: list[Callable[[], Any]], limit: int) -> list[Any]:
    """Run jobs together; anything that is no state's error becomes States.Runtime."""
    try:
        return run_together(jobs, limit)
    except sfn._ExecutionError:
        raise
    except Exception as exc:
        raise sfn._ExecutionError("States.Runtime", str(exc)) from exc


def finish(state: dict[str, Any], raw: Json, ctx: dict[str, Any], results: list[Any]) -> Json:
    """Give the output of a Parallel or Map state and assign its variables."""
    if sfn._state_query_language(state, ctx) == "JSONata":
        output = sfn._apply_jsonata_output(state, raw, ctx, result=results, default=results)
        sfn._apply_state_assign(state, raw, ctx, result=results)
        return output
    selected = sfn._apply_result_selector(state, results)
    return sfn._apply_output_path(state, sfn._apply_result_path(state, raw, selected), ctx)


def _apply() -> None:
    sfn._run_parallel_branches = run_branches


FIX = Fix(
    name="sfn-parallel",
    problem="Branches share variables, Arguments, Output and Assign are ignored, a failure waits for all.",
    aws="Variables of a branch are its own; if a branch fails, the state fails and all branches stop.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html",
    apply=_apply,
)
