"""`ventuno cost`: what runs of a definition cost on AWS, beside the usual machine for it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.definition_commands import compiled_file
from ventuno_dev.cli.options import JsonOption
from ventuno_dev.cli.tables import Table, table_text, terminal_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.compiler.cost import Cost, Work
    from ventuno.json_value import JsonObject

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A definition.")
]
RunsOption = Annotated[int, typer.Option("--runs", min=1, max=10**12, help="How many runs to reckon with.")]
A_MILLION = 1_000_000


def cost(file: FileArgument, *, runs: RunsOption = A_MILLION, json: JsonOption = False) -> None:
    """Estimate what runs of a definition cost, beside one Task state per step. Needs no stack.

    It is the longest path, every loop with one iteration, at the public prices of us-east-1.

    Example: ventuno cost workflows/lead-intake.yaml --runs 50000
    """
    from ventuno.actions.registry import KINDS  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.compiler.comparison import one_task_per_step  # noqa: PLC0415 - same
    from ventuno.compiler.cost import cost_of  # noqa: PLC0415 - same

    with Console(as_json=json) as console:
        definition, compiled = compiled_file(file, console)
        usual = one_task_per_step(definition, KINDS)
        costs = [(work, cost_of(work).times(runs)) for work in (compiled.figures, usual)]
        text = f"{runs:,} runs of {definition.name}, about\n\n{table_text(_table(costs), terminal_width())}"
        ours, theirs = (_value(*one) for one in costs)
        console.answer(text, {"runs": runs, "machine": ours, "oneTaskPerStep": theirs})


def _table(costs: "Sequence[tuple[Work, Cost]]") -> Table:
    lines = [
        ("state transitions a run", *(str(work.transitions) for work, _ in costs)),
        ("function calls a run", *(str(work.calls) for work, _ in costs)),
        ("Step Functions", *(_dollars(cost.step_functions) for _, cost in costs)),
        ("Lambda", *(_dollars(cost.functions) for _, cost in costs)),
        ("DynamoDB", *(_dollars(cost.tables) for _, cost in costs)),
        ("in all", *(_dollars(cost.total) for _, cost in costs)),
    ]
    return Table(("", "this machine", "one Task per step"), lines)


def _value(work: "Work", cost: "Cost") -> "JsonObject":
    return {"transitions": work.transitions, "calls": work.calls, "usd": cost.to_dict()}


def _dollars(amount: float) -> str:
    return f"${amount:,.2f}"
