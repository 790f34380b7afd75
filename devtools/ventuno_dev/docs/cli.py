"""docs/cli.md: every command with its help, as `--help` says it, whatever the width of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer.main

from ventuno_dev.cli.exit_codes import HELP
from ventuno_dev.cli.main import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    Command = Any  # the class of commands is Typer's own and not typed


def cli_page() -> str:
    """Write the page."""
    root = typer.main.get_command(build_app())
    head = [
        "# Commands",
        "",
        "`--json` prints one JSON object on stdout; progress goes to stderr.",
        "",
        HELP,
        "",
    ]
    return "\n".join(
        [*head, *(line for name, one in _commands(root, "ventuno") for line in _entry(name, one))]
    )


def _commands(command: Command, name: str) -> Iterator[tuple[str, Command]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child_name, child in children.items():
        yield from _commands(child, f"{name} {child_name}")


def _entry(name: str, command: Command) -> list[str]:
    """Write one command: its help, then a line for each argument and option."""
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join([name, *(argument.metavar or str(argument.name).upper() for argument in arguments)])
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    lines = [f"## {name}", "", f"`{usage}`", "", (command.help or "").strip(), ""]
    rows = [f"- `{', '.join(option.opts)}`: {getattr(option, 'help', None) or ''}" for option in options]
    return [*lines, *rows, ""]
