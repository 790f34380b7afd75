"""`ventuno up`, `down`, `status`, `reset`: the life of the stack."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.options import (
    STAGE_PATTERN,
    AwsOption,
    DataOption,
    JsonOption,
    PortOption,
    StageOption,
    target_of,
)
from ventuno_dev.stack import pidfile, process
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.errors import NotRunningError, StackError
from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno_dev.stack import lifecycle


def up(
    *,
    port: PortOption = None,
    data: DataOption = None,
    stage: StageOption = "dev",
    aws: AwsOption = False,
    json: JsonOption = False,
) -> None:
    """Start the local stack and deploy what changed; safe to repeat.

    With AWS_ENDPOINT_URL or LOCALSTACK_HOST set, nothing is started and the stack is deployed there.

    Example: ventuno up --port 4600
    """
    if not re.fullmatch(STAGE_PATTERN, stage):
        raise typer.BadParameter("a stage is 1 to 20 lower-case letters or digits and begins with a letter")
    from ventuno_dev.stack import lifecycle  # noqa: PLC0415 - with boto3, which --help must not wait for
    from ventuno_dev.stack.deploy import Deployment  # noqa: PLC0415 - as above

    target = target_of(data=data, port=port, aws=aws)
    with Console(as_json=json) as console:
        result = lifecycle.up(target, Deployment(stage), console)
        console.answer(_up_text(result), _up_value(result))


def down(*, data: DataOption = None, json: JsonOption = False) -> None:
    """Stop the local stack; its data stays.

    Example: ventuno down
    """
    target = target_of(data=data)
    _embedded_only(target.kind, "down")
    with Console(as_json=json) as console, DataFolder(target.data).exclusive():
        stopped = process.stop(target.data, console)
        text = f"stopped; the data is in {target.data}" if stopped else "the local stack was not running"
        console.answer(text, {"stopped": stopped, "data": str(target.data)})


def status(
    *,
    data: DataOption = None,
    stage: StageOption = "dev",
    aws: AwsOption = False,
    json: JsonOption = False,
) -> None:
    """Say whether the stack runs, where, and what is deployed; exit code 3 if it does not.

    Example: ventuno status --json
    """
    from ventuno_dev.stack import outputs  # noqa: PLC0415 - as in `up`

    target = target_of(data=data, aws=aws)
    with Console(as_json=json) as console:
        record = pidfile.running(target.data) if target.kind is TargetKind.EMBEDDED else None
        where = {"endpoint": target.endpoint_url, "pid": record.pid if record else None, "stage": stage}
        try:
            found = outputs.stack_outputs(target, stage, verify=True)
        except NotRunningError as exc:
            console.answer(str(exc), {"deployed": False, **where, "reason": str(exc)})
            raise typer.Exit(ExitCode.NOT_RUNNING) from exc
        text = f"running at {target.name}\nstage {stage} answers at {found.api_url}"
        console.answer(text, {"deployed": True, **where, "apiUrl": found.api_url})


def reset(
    *,
    data: DataOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: JsonOption = False,
) -> None:
    """Stop the local stack and delete all its data.

    Example: ventuno reset --yes
    """
    target = target_of(data=data)
    _embedded_only(target.kind, "reset")
    if not yes and not typer.confirm(f"Delete everything in {target.data}?", err=True):
        raise typer.Exit(ExitCode.FAILED)
    with Console(as_json=json) as console, DataFolder(target.data).exclusive():
        process.stop(target.data, console)
        DataFolder(target.data).clear()
        console.answer(f"deleted the data in {target.data}", {"reset": True, "data": str(target.data)})


def _embedded_only(kind: TargetKind, verb: str) -> None:
    if kind is not TargetKind.EMBEDDED:
        raise StackError(
            f"`ventuno {verb}` only acts on the built-in stack: unset AWS_ENDPOINT_URL and LOCALSTACK_HOST"
        )


def _up_text(result: "lifecycle.Up") -> str:
    what = {"created": "deployed", "updated": "deployed the changes", "unchanged": "nothing changed"}[
        result.outcome
    ]
    state = "started" if result.started else "already up"
    lead = what if result.target.kind is not TargetKind.EMBEDDED else f"{state}, {what}"
    url = result.outputs.api_url
    next_steps = ("ventuno new", f"curl {url}/health", "ventuno logs --follow")
    return "\n".join([lead, f"API  {url}", *(f"Try  {step}" for step in next_steps)])


def _up_value(result: "lifecycle.Up") -> "dict[str, JsonValue]":
    return {
        "started": result.started,
        "deployment": str(result.outcome),
        "endpoint": result.target.endpoint_url,
        "stage": result.outputs.stage,
        "apiUrl": result.outputs.api_url,
    }
