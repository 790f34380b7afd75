"""docs/cli.md: every command with its help, as `--help` says it, whatever the width of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer.main

from ventuno_dev.cli.exit_codes import HELP
from ventuno_dev.cli.main import build_app
from ventuno_dev.docs.tables import code

if TYPE_CHECKING:
    from collections.abc import Iterator

    Command = Any  # the class of commands is Typer's own and not typed

_PROGRAM: Final = "ventuno"


def cli_page() -> str:
    """Write the page."""
    return page_of(typer.main.get_command(build_app()))


def page_of(root: Command) -> str:
    """Write the page of a command with all its commands."""
    head = [
        "# Commands",
        "",
        str(root.help),
        "",
        "`--json` prints one JSON object on stdout; progress goes to stderr.",
    ]
    return "\n".join([*head, "", HELP, "", *_entries(root, _PROGRAM)])


def _entries(command: Command, name: str) -> Iterator[str]:
    """Write a command, then those below it."""
    children = getattr(command, "commands", {})
    if name != _PROGRAM:
        yield from _entry(command, name)
    for child_name, child in children.items():
        yield from _entries(child, f"{name} {child_name}")


def _entry(command: Command, name: str) -> list[str]:
    context = command.context_class(command, info_name=name)
    pieces = command.collect_usage_pieces(context)
    usage = " ".join([name, *pieces]).replace("[[", "[").replace("]]", "]")  # optional, and named so
    lines = [f"## {name}", "", code(usage), "", *_help_lines(command), ""]
    rows = [
        f"- {code(record[0])}: {' '.join(record[1].split())}"
        for parameter in command.params
        if (record := parameter.get_help_record(context)) is not None
    ]
    return [*lines, *rows, ""] if rows else lines


def _help_lines(command: Command) -> Iterator[str]:
    """Write the help; an example is code, so that it can be copied."""
    for line in (command.help or "").strip().splitlines():
        start, found, example = line.partition("Example: ")
        yield f"{start}{found}{code(example)}" if found else line
