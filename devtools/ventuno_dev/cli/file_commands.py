"""`ventuno files add`: store a file that e-mails attach and FILES fields name."""

from pathlib import Path
from typing import Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected


@connected
def add_file(
    stack: Stack,
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The file.")],
) -> None:
    """Store a file and show what a FILES field takes.

    Example: ventuno files add price-list.pdf
    """
    from ventuno.runtime.files import store_file  # noqa: PLC0415 - slow, and --help must not wait

    stored = store_file(path.name, path.read_bytes(), stack.services)
    stack.console.answer(f"stored {path.name} as {stored['fileId']}", stored)
