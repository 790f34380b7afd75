"""`ventuno logs`: what the functions, or the emulator itself, wrote."""

import time
from typing import Annotated

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.options import AwsOption, DataOption, JsonOption, StageOption, target_of
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.errors import NotRunningError
from ventuno_dev.stack.target import Target

FunctionArgument = Annotated[
    str | None, typer.Argument(metavar="[FUNCTION]", help="One function; all if left out.")
]
FollowOption = Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")]
SinceOption = Annotated[str, typer.Option("--since", help="How far back: 30s, 10m, 2h or 1d.")]
EmulatorOption = Annotated[bool, typer.Option("--emulator", help="Show the emulator's own log instead.")]


def logs(  # noqa: PLR0913 - each is an option of the command line
    function: FunctionArgument = None,
    *,
    follow: FollowOption = False,
    since: SinceOption = "10m",
    emulator: EmulatorOption = False,
    stage: StageOption = "dev",
    data: DataOption = None,
    aws: AwsOption = False,
    json: JsonOption = False,
) -> None:
    """Show the functions' logs, oldest first; with --follow and --json, one object a line.

    Example: ventuno logs step_runner --since 1h --follow
    """
    target = target_of(data=data, aws=aws)
    if emulator:
        _show_emulator(target, follow=follow, as_json=json)
        return
    from ventuno_dev.stack import function_logs  # noqa: PLC0415 - with boto3, which --help must not wait for
    from ventuno_dev.stack.clients import Clients  # noqa: PLC0415 - as above

    start = _now_ms() - function_logs.parse_age(since) * 1000
    with Console(as_json=json) as console, Clients(target) as clients:
        reader = function_logs.Reader.of_stage(clients, stage, function, start)
        if not follow:
            lines = reader.read()
            text = "\n".join(line.text for line in lines) or f"nothing was logged in the last {since}"
            console.answer(text, {"events": [line.value for line in lines]})
        while follow:
            for line in reader.read():
                console.answer(line.text, line.value)
            time.sleep(1)


def _show_emulator(target: Target, *, follow: bool, as_json: bool) -> None:
    log = DataFolder(target.data).log
    if not log.is_file():
        raise NotRunningError(f"{log} does not exist: the local stack never ran, start it with `ventuno up`")
    console = Console(as_json=as_json)
    with log.open(errors="replace") as file:
        lines = file.read().splitlines()
        console.answer("\n".join(lines), {"lines": list(lines)})
        while follow:
            for line in file:
                console.answer(line.rstrip(), {"line": line.rstrip()})
            time.sleep(1)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
