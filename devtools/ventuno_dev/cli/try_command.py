"""`ventuno try`: run one step of a file with chosen results of the steps before it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A definition, YAML or JSON.")
]
StepArgument = Annotated[str, typer.Argument(metavar="STEP", help="The step's id; an HTTP_REQUEST or CODE.")]
ValuesOption = Annotated[
    str, typer.Option("--values", help='Results by step id, and the payload: \'{"trigger": {"n": 1}}\'.')
]


@connected
def try_step(stack: Stack, file: FileArgument, step: StepArgument, *, values: ValuesOption = "{}") -> None:
    """Try one step: its request is really sent, its code really run; nothing of it is stored.

    Example: ventuno try workflows/order-total.yaml add_up --values '{"trigger": {"lines": []}}'
    """
    from ventuno.runtime.try_step import try_step as tried  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.definition_files import read_definition  # noqa: PLC0415 - same

    definition = read_definition(file)
    found = next((one for one in definition.steps if one.id == step), None)
    if found is None:
        raise typer.BadParameter(
            f'{file} has no step "{step}"; it has {", ".join(s.id for s in definition.steps)}'
        )
    outcome = tried(found, _values(values), stack.services)
    stack.console.answer(_text(outcome), outcome)
    if not outcome["success"]:
        raise typer.Exit(ExitCode.FAILED)


def _values(text: str) -> dict[str, Any]:
    from ventuno import strict_json  # noqa: PLC0415 - as above

    try:
        values = strict_json.parse(text)
    except ValueError as exc:
        raise typer.BadParameter(f"--values is not JSON: {exc}") from exc
    if not isinstance(values, dict):
        raise typer.BadParameter('--values must be an object of results by step id, such as {"trigger": {}}')
    return values


def _text(outcome: dict[str, Any]) -> str:
    log = outcome["log"] or {"entries": [], "details": {}}
    lines = [f"{entry['level']:<5}  {entry['message']}" for entry in log["entries"]]
    told = [f"{name:<15} {json.dumps(value, ensure_ascii=False)}" for name, value in log["details"].items()]
    ended = outcome.get("result") if outcome["success"] else outcome["error"]
    word = "result" if outcome["success"] else "failed"
    return "\n".join([*told, *lines, f"{word:<15} {json.dumps(ended, ensure_ascii=False, indent=2)}"])
