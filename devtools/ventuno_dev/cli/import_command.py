"""`ventuno records import`: load records from a CSV or JSON Lines file."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ObjectArgument = Annotated[
    str, typer.Argument(metavar="OBJECT", help="An object, singular or plural: person or people.")
]
FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="CSV with a header, or JSON Lines (.jsonl, .ndjson).",
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="COLUMN=FIELD", help="E-mail=emails.primaryEmail; nothing after = skips it."
    ),
]
UpsertOption = Annotated[bool, typer.Option("--upsert", help="Update records that have the unique values.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Check every row and write nothing.")]


@connected
def import_records(
    stack: Stack,
    object_name: ObjectArgument,
    file: FileArgument,
    *,
    columns: MapOption = None,
    upsert: UpsertOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Load records from a file; called again after an interruption, it goes on where it stopped.

    Refused rows are written to FILE.refused.jsonl with the reason of each.

    Example: ventuno records import people people.csv --map "E-mail=emails.primaryEmail" --upsert
    """
    from ventuno.runtime.objects import find_object  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno_dev.importing.importer import Importer, ImportPlan  # noqa: PLC0415 - same
    from ventuno_dev.importing.rows import count_rows  # noqa: PLC0415 - same

    kind = find_object(object_name, stack.services)
    plan = ImportPlan(kind, file, _columns(columns or []), upsert=upsert, dry_run=dry_run)
    with _progress_bar(count_rows(file)) as advance:
        told = Importer(plan, stack.services.records, advance).run()
    done = f"{'checked' if dry_run else 'imported'} {count(told.imported, 'record')}"
    refused = f"; refused {count(told.refused, 'row')}, see {told.report}" if told.report else ""
    resumed = f"; went on after row {told.resumed_after}" if told.resumed_after else ""
    stack.console.answer(f"{done}{refused}{resumed}", told.to_value())
    if told.report:
        raise typer.Exit(ExitCode.FAILED)


def _columns(given: list[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for pair in given:
        column, separator, field = pair.rpartition("=")
        if not separator or not column:
            raise typer.BadParameter(f"--map {pair!r} must be COLUMN=FIELD")
        columns[column] = field.strip()
    return columns


@contextmanager
def _progress_bar(total: int) -> "Iterator[Callable[[int], None]]":
    """Show a bar on a terminal; a file or pipe gets none."""
    from rich.console import Console  # noqa: PLC0415 - slow, and --help must not wait
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415 - same

    terminal = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda rows: bar.advance(task, rows)
