"""`ventuno records create`, `update`, `delete` and `restore`: write single CRM records."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.record_commands import ObjectArgument, RecordArgument, object_named
from ventuno_dev.cli.tables import Table, table_text, terminal_width
from ventuno_dev.cli.wording import full

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.json_value import JsonObject
    from ventuno.records.context import WriteContext

ValuesArgument = Annotated[
    str, typer.Argument(metavar="JSON", help='The fields to write: \'{"name": "Acme"}\'.')
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help="The same key for the same write happens once only.")
]
UpsertOption = Annotated[
    bool, typer.Option("--upsert", help="Update the record that has these unique values, if there is one.")
]
ForGoodOption = Annotated[bool, typer.Option("--for-good", help="Destroy it; it cannot be restored.")]


@connected
def create_record(
    stack: Stack,
    object_name: ObjectArgument,
    values: ValuesArgument,
    *,
    upsert: UpsertOption = False,
    key: KeyOption = None,
) -> None:
    """Create a record.

    Example: ventuno records create company '{"name": "Acme"}'
    """
    records = stack.services.records
    write = records.upsert if upsert else records.create
    _answer(stack, object_name, lambda name: write(name, _values(values), _context(key)))


@connected
def update_record(
    stack: Stack,
    object_name: ObjectArgument,
    record_id: RecordArgument,
    values: ValuesArgument,
    *,
    key: KeyOption = None,
) -> None:
    """Write some fields of a record; null clears one.

    Example: ventuno records update company 20202020-1c25-4d02-bf25-6aeccf7ea419 '{"name": "Acme"}'
    """
    update = stack.services.records.update
    _answer(stack, object_name, lambda name: update(name, record_id, _values(values), _context(key)))


@connected
def delete_record(
    stack: Stack,
    object_name: ObjectArgument,
    record_id: RecordArgument,
    *,
    for_good: ForGoodOption = False,
    key: KeyOption = None,
) -> None:
    """Delete a record, so that it can be restored.

    Example: ventuno records delete company 20202020-1c25-4d02-bf25-6aeccf7ea419
    """
    records = stack.services.records
    remove = records.destroy if for_good else records.delete
    _answer(stack, object_name, lambda name: remove(name, record_id, _context(key)))


@connected
def restore_record(
    stack: Stack, object_name: ObjectArgument, record_id: RecordArgument, *, key: KeyOption = None
) -> None:
    """Bring a deleted record back.

    Example: ventuno records restore company 20202020-1c25-4d02-bf25-6aeccf7ea419
    """
    restore = stack.services.records.restore
    _answer(stack, object_name, lambda name: restore(name, record_id, _context(key)))


def _answer(stack: Stack, object_name: str, write: "Callable[[str], JsonObject]") -> None:
    kind = object_named(object_name, stack)
    record = write(kind.name)
    rows = [(name, full(value)) for name, value in record.items()]
    text = table_text(Table(("FIELD", "VALUE"), rows, ("VALUE",)), terminal_width())
    stack.console.answer(text, {"data": {kind.name: record}})


def _values(text: str) -> dict[str, Any]:
    from ventuno import strict_json  # noqa: PLC0415 - slow, and --help must not wait

    try:
        values: Any = strict_json.parse(text)
    except ValueError as exc:
        raise typer.BadParameter(f"the fields are no JSON: {exc}") from exc
    if not isinstance(values, dict):
        raise typer.BadParameter('the fields are a JSON object, such as {"name": "Acme"}')
    return values


def _context(key: str | None) -> "WriteContext":
    from ventuno.records.context import Actor, WriteContext  # noqa: PLC0415 - slow, and --help must not wait

    return WriteContext(Actor("MANUAL", "Command line"), key and f"cli#{key}")
