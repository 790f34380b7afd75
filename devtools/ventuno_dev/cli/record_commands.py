"""`ventuno records list` and `get`: read CRM records as the REST API gives them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, table_text, terminal_width
from ventuno_dev.cli.wording import NOTHING, brief, count, cut, full, instant

if TYPE_CHECKING:
    from ventuno.records.model.object_type import ObjectType

    Record = dict[str, Any]

MAX_LIMIT = 200
NAME_LENGTH = 30
_OWN_COLUMNS = {"id", "name", "title"}

ObjectArgument = Annotated[
    str, typer.Argument(metavar="OBJECT", help="An object, singular or plural: person or people.")
]
RecordArgument = Annotated[str, typer.Argument(metavar="ID", help="The record's id.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="How many at most.")]
CursorOption = Annotated[str | None, typer.Option("--cursor", help="Go on after the page that gave this.")]


@connected
def list_records(
    stack: Stack, object_name: ObjectArgument, *, limit: LimitOption = 20, cursor: CursorOption = None
) -> None:
    """List the records of an object, oldest first.

    Example: ventuno records list people --limit 50
    """
    from ventuno.runtime import api  # noqa: PLC0415 - slow, and --help must not wait

    kind = _object(object_name, stack)
    page: dict[str, Any] = api.records(kind.plural, str(limit), cursor, stack.services)
    records, total, end = page["data"][kind.plural], page["totalCount"], page["pageInfo"]["endCursor"]
    table = Table(
        ("ID", "NAME", "CREATED (UTC)", "FIELDS"), [_row(record) for record in records], cuts=("FIELDS",)
    )
    lines = [table_text(table, terminal_width())] if records else []
    lines.append(f"{len(records)} of {count(total, 'record')}")
    if end is not None:
        lines.append(f"more: add --cursor '{end}'")
    stack.console.answer("\n".join(lines), page)


@connected
def get_record(stack: Stack, object_name: ObjectArgument, record_id: RecordArgument) -> None:
    """Show one record in full.

    Example: ventuno records get person 20202020-1c25-4d02-bf25-6aeccf7ea419
    """
    from ventuno.runtime import api  # noqa: PLC0415 - slow, and --help must not wait

    kind = _object(object_name, stack)
    found: dict[str, Any] = api.record(kind.plural, record_id, stack.services)
    record: Record = found["data"][kind.name]
    rows = [(name, full(value)) for name, value in record.items()]
    stack.console.answer(table_text(Table(("FIELD", "VALUE"), rows, ("VALUE",)), terminal_width()), found)


def _object(name: str, stack: Stack) -> "ObjectType":
    """Find an object by either of its names. Raises: RecordInputError"""
    return stack.services.objects.by_plural(name) or stack.services.objects.get(name)


def _row(record: "Record") -> tuple[str, ...]:
    rest = {
        name: value for name, value in record.items() if name not in _OWN_COLUMNS and value not in ("", [])
    }
    return (str(record["id"]), _name(record), instant(record.get("createdAt")), brief(rest))


def _name(record: "Record") -> str:
    """Call a record by its name, which may be made of parts, or by its title."""
    name = record.get("name", record.get("title"))
    text = (
        " ".join(str(part) for part in name.values() if part) if isinstance(name, dict) else str(name or "")
    )
    return cut(text, NAME_LENGTH) or NOTHING
