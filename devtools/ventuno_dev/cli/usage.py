"""What a command line that cannot be followed is answered with: what is wrong, and where to look."""

import sys
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException


class Commands(TyperGroup):
    """A command of several words: without the next it shows its help, of a wrong one it tells the nearest."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's context has no public type
        """Read the words. Raises: typer.Exit"""
        if not args and not ctx.resilient_parsing:
            print(ctx.get_help(), file=sys.stderr)  # noqa: T201 - the command's own output
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401 - same
        """Find the command that the first word names. Raises: TyperException"""
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            closest = get_close_matches(name, self.commands, n=1, cutoff=0)
            nearest = f"; the nearest is {closest[0]}" if closest else ""
            ctx.fail(f'there is no command "{ctx.command_path} {name[:60]}"{nearest}')
        return super().resolve_command(ctx, args)


def usage_text(error: TyperException) -> str:
    """Write what is wrong with a command line, and where the command tells what it takes."""
    _reword(error)
    told = error.format_message().removeprefix("Invalid value: ").removesuffix(".")
    context = getattr(error, "ctx", None)
    return f"{told} (`{context.command_path} --help` tells more)" if context else told


def _reword(error: TyperException) -> None:
    """Say of a value that Typer's library for types refused what it must be."""
    from pydantic import ValidationError  # noqa: PLC0415 - slow, and --help must not wait

    from ventuno.refusals import sentence  # noqa: PLC0415 - same

    if isinstance(error.__cause__, ValidationError):
        error.message = sentence(error.__cause__.errors()[0])
