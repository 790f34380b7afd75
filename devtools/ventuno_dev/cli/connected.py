"""Commands that act on a stack: the options that name it, and the connection, opened when first needed."""

import inspect
from collections.abc import Callable
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.options import AwsOption, DataOption, JsonOption, StageOption, target_of

if TYPE_CHECKING:
    from ventuno.runtime.services import Services
    from ventuno_dev.connection import Connect, Connection
    from ventuno_dev.stack.target import Target

Given = ParamSpec("Given")


class Stack:
    """The stack that a command acts on, and the console it answers on."""

    def __init__(self, console: Console, target: "Target", stage: str, connect: "Connect | None") -> None:
        self.console = console
        self._target = target
        self._stage = stage
        self._connect = connect

    @cached_property
    def _connection(self) -> "Connection":
        if self._connect is not None:
            return self._connect(self._target, self._stage)
        from ventuno_dev.connection import connect  # noqa: PLC0415 - slow, and --help must not wait

        return connect(self._target, self._stage)

    @property
    def services(self) -> "Services":
        """The services of the stack. Raises: NotRunningError"""
        return self._connection.services

    @property
    def api_url(self) -> str:
        """The address of the HTTP API, without a final slash. Raises: NotRunningError"""
        return self._connection.api_url


def _target_options(
    context: typer.Context,
    *,
    stage: StageOption = "dev",
    data: DataOption = None,
    aws: AwsOption = False,
    json: JsonOption = False,
) -> None:
    """Declare what every such command takes beside its own parameters; never called."""


def connected(command: Callable[Concatenate[Stack, Given], None]) -> Callable[..., None]:
    """Make a command of a function whose first parameter is the `Stack`; its options are added to the others.

    `main.run` passes the way to connect, if it is not the usual one, as the context's object.
    """

    @wraps(command)
    def run(
        context: typer.Context,
        *,
        stage: str,
        data: Path | None,
        aws: bool,
        json: bool,
        **given: Any,  # noqa: ANN401 - the command's own
    ) -> None:
        target = target_of(data=data, aws=aws)
        with Console(as_json=json) as console:
            command(Stack(console, target, stage, context.obj), **given)  # type: ignore[call-arg]

    shared = list(inspect.signature(_target_options).parameters.values())
    own = list(inspect.signature(command).parameters.values())[1:]
    parameters = sorted([shared[0], *own, *shared[1:]], key=lambda parameter: parameter.kind)
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
