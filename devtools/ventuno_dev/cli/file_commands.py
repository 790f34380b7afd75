"""`ventuno files add`, `get` and `remove`: files that e-mails attach and FILES fields name."""

from pathlib import Path
from typing import Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The file's id, `fileId` of a FILES field.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", dir_okay=False, help="Where to write it (default: its name, here)."),
]


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


@connected
def get_file(stack: Stack, file_id: IdArgument, *, output: OutputOption = None) -> None:
    """Write a stored file to this folder; a file that is here already is never overwritten.

    Example: ventuno files get 20202020-0687-4c41-b707-ed1bfca972a7
    """
    from ventuno.runtime.files import read_file  # noqa: PLC0415 - slow, and --help must not wait

    file = read_file(file_id, stack.services)
    path = output or Path(file.name)
    try:
        with path.open("xb") as opened:
            opened.write(file.content)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}") from error
    size = len(file.content)
    stack.console.answer(
        f"wrote {size} bytes to {path}", {"name": file.name, "path": str(path), "bytes": size}
    )


@connected
def remove_file(stack: Stack, file_id: IdArgument) -> None:
    """Delete a stored file; e-mails that name it fail.

    Example: ventuno files remove 20202020-0687-4c41-b707-ed1bfca972a7
    """
    from ventuno.runtime.files import remove_file as remove  # noqa: PLC0415 - slow, and --help must not wait

    remove(file_id, stack.services)
    stack.console.answer(f"removed {file_id}", {"removed": file_id})
