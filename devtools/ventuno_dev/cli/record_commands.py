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
FilterOption = Annotated[
    str, typer.Option("--filter", help='Conditions as in REST, such as name[ilike]:"%acme%".')
]
OrderOption = Annotated[
    str, typer.Option("--order-by", help="Fields, such as name[DescNullsLast],createdAt.")
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Tell how they were found and what it cost.")]
CountOption = Annotated[
    bool, typer.Option("--count/--no-count", help="Count all of them, which may cost more than the page.")
]
CursorOption = Annotated[str | None, typer.Option("--cursor", help="Go on after the page that gave this.")]


@connected
def list_records(  # noqa: PLR0913 - the options of a command
    stack: Stack,
    object_name: ObjectArgument,
    *,
    filter_: FilterOption = "",
    order_by: OrderOption = "",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    counted: CountOption = True,
    explain: ExplainOption = False,
) -> None:
    """List the records of an object, oldest first.

    Example: ventuno records list people --filter 'jobTitle[eq]:CTO' --order-by 'createdAt[DescNullsLast]'
    """
    from ventuno.runtime.rest.parameters import query_of  # noqa: PLC0415 - slow, and --help must not wait

    kind = object_named(object_name, stack)
    asked = {
        "filter": filter_,
        "order_by": order_by,
        "limit": str(limit),
        "starting_after": cursor or "",
        "count": str(counted).lower(),
    }
    found = stack.services.records.query(kind.name, query_of(asked))
    records: list[Record] = list(found.records)
    table = Table(
        ("ID", "NAME", "CREATED (UTC)", "FIELDS"), [_row(record) for record in records], ("FIELDS",)
    )
    lines = [table_text(table, terminal_width())] if records else []
    lines.append(_how_many(len(records), found.total_count if counted else None))
    if found.cursor is not None:
        lines.append(f"more: add --cursor '{found.cursor}'")
    work = found.work.to_value()
    if explain:
        lines.append(_explained(work))
    page = {"hasNextPage": found.has_next, "endCursor": found.cursor}
    told: Record = {"data": {kind.plural: records}, "pageInfo": page}
    total = {"totalCount": found.total_count} if counted else {}
    stack.console.answer("\n".join(lines), told | total | ({"explain": work} if explain else {}))


@connected
def get_record(stack: Stack, object_name: ObjectArgument, record_id: RecordArgument) -> None:
    """Show one record in full.

    Example: ventuno records get person 20202020-1c25-4d02-bf25-6aeccf7ea419
    """
    kind = object_named(object_name, stack)
    record: Record = stack.services.records.get(kind.name, record_id)
    rows = [(name, full(value)) for name, value in record.items()]
    stack.console.answer(
        table_text(Table(("FIELD", "VALUE"), rows, ("VALUE",)), terminal_width()),
        {"data": {kind.name: record}},
    )


def _how_many(shown: int, total: int | None) -> str:
    return count(shown, "record") if total is None else f"{shown} of {count(total, 'record')}"


def _explained(work: "Record") -> str:
    how = {
        "ID": "by id",
        "UNIQUE": "by a unique value",
        "INDEX": "by an index",
        "SEARCH": "by a word",
        "SCAN": "by reading the whole object",
    }[work["way"]]
    checked = "" if work["checkedByRecord"] is None else ", checking each record"
    ordered = ", ordering all of them in memory" if work["sortedInMemory"] else ""
    cost = f"{count(work['rowsExamined'], 'row')} in {count(work['reads'], 'request')}"
    ended = "" if work["complete"] else "; the budget ended it early, go on with the cursor"
    return f"found {how}{checked}{ordered}: {cost}{ended}"


def object_named(name: str, stack: Stack) -> "ObjectType":
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
