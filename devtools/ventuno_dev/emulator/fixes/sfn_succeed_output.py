# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Succeed: its JSONata Output makes the output of the execution."""

from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json


def _apply() -> None:
    apply_path = sfn._apply_output_path

    def apply_output_path(state: dict[str, Any], value: Json, ctx: Json = None) -> Json:
        # Only a Succeed state gets its output through this call; other states evaluate Output themselves.
        if state.get("Type") == "Succeed" and sfn._state_query_language(state, ctx) == "JSONata":
            return sfn._apply_jsonata_output(state, value, ctx, default=value)
        return apply_path(state, value, ctx)

    sfn._apply_output_path = apply_output_path


FIX = Fix(
    name="sfn-succeed-output",
    problem="Output of a Succeed state is ignored; its input becomes the result.",
    aws="A Succeed state can have Output, as every state except Fail.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html",
    apply=_apply,
)
