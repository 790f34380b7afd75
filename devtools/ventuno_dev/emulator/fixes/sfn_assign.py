# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Assign: all expressions of one block see the values from before the block."""

from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json


def assign(
    state: dict[str, Any],
    raw: Json,
    ctx: dict[str, Any] | None,
    result: Json = None,
    error_output: Json = None,
) -> None:
    """Evaluate the whole block first, then set the variables."""
    block = state.get("Assign")
    if ctx is None or not isinstance(block, dict) or sfn._state_query_language(state, ctx) != "JSONata":
        return
    values = {
        name: sfn._apply_jsonata_template(template, raw, ctx, result=result, error_output=error_output)
        for name, template in block.items()
    }
    ctx.setdefault("variables", {}).update(values)


def _apply() -> None:
    sfn._apply_state_assign = assign


FIX = Fix(
    name="sfn-assign",
    problem="An expression of an Assign block sees what an earlier line of the same block assigned.",
    aws="Expressions in Assign use variable values as they were on state entry; assignment happens together.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html",
    apply=_apply,
)
