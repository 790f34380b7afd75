"""`ventuno forms`: what runs wait for people to fill in, and where."""

from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, table_text, terminal_width
from ventuno_dev.cli.wording import instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

MAX_LIMIT = 100
AssigneeOption = Annotated[
    str | None, typer.Option("--assignee", metavar="ID", help="Only forms for this assignee.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="How many at most.")]
CursorOption = Annotated[str | None, typer.Option("--cursor", help="Go on after the page that gave this.")]


@connected
def list_forms(
    stack: Stack, *, assignee: AssigneeOption = None, limit: LimitOption = 20, cursor: CursorOption = None
) -> None:
    """List the forms that wait, those that close first before the others, with the addresses of their pages.

    Who has a form's address can answer it, without a key.

    Example: ventuno forms --assignee 20202020-0687-4c41-b707-ed1bfca972a7
    """
    from ventuno.runtime.forms import waiting_forms  # noqa: PLC0415 - slow, and --help must not wait

    page = waiting_forms(assignee, limit, cursor, stack.services)
    forms: list[JsonObject] = [_with_address(form, stack) for form in page["forms"]]  # type: ignore[union-attr, arg-type]
    lines = [_table(forms)] if forms else ["no form waits"]
    lines += [f"{form['runId']} {form['stepId']}: {form['address']}" for form in forms]
    if page["cursor"] is not None:
        lines.append(f"more: add --cursor '{page['cursor']}'")
    stack.console.answer("\n".join(lines), {"forms": [*forms], "cursor": page["cursor"]})


def _with_address(form: "JsonObject", stack: Stack) -> "JsonObject":
    return {**form, "address": f"{stack.api_url}{form['address']}" if form["address"] else None}


def _table(forms: "list[JsonObject]") -> str:
    rows = [
        (
            str(form["runName"]),
            str(form["stepId"]),
            str(form["iteration"]) or "-",
            str(form["assignee"] or "-"),
            instant(str(form["until"])),
        )
        for form in forms
    ]
    table = Table(
        ("RUN", "STEP", "ITERATION", "ASSIGNEE", "UNTIL (UTC)"), rows, folds=("RUN",), optional=("ITERATION",)
    )
    return table_text(table, terminal_width())
