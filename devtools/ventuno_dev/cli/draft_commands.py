"""`ventuno drafts list`, `show`, `send` and `discard`: e-mails that wait for a person."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, listing
from ventuno_dev.cli.wording import instant

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

DraftArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The draft's id, as `drafts list` shows it.")
]


@connected
def list_drafts(stack: Stack) -> None:
    """List the drafts, newest first.

    Example: ventuno drafts list
    """
    from ventuno.runtime.drafts import draft_views  # noqa: PLC0415 - slow, and --help must not wait

    views: Any = draft_views(stack.services)
    rows = [
        (
            view["id"],
            ", ".join(view["to"]),
            view["subject"],
            instant(view["createdAt"]),
            instant(view["sentAt"]) if view["sentAt"] else "",
        )
        for view in views
    ]
    table = Table(("ID", "TO", "SUBJECT", "WRITTEN (UTC)", "SENT (UTC)"), rows, folds=("TO", "SUBJECT"))
    text = listing(table, "there are no drafts: DRAFT_EMAIL writes them")
    stack.console.answer(text, {"drafts": views})


@connected
def show_draft(stack: Stack, draft_id: DraftArgument) -> None:
    """Show a draft as it would be sent.

    Example: ventuno drafts show 20202020-0687-4c41-b707-ed1bfca972a7
    """
    from ventuno.runtime.drafts import draft_view, find_draft  # noqa: PLC0415 - slow, and --help must not wait

    view = draft_view(find_draft(draft_id, stack.services))
    stack.console.answer(_text(view), view)


@connected
def send_draft(
    stack: Stack,
    draft_id: DraftArgument,
    *,
    again: Annotated[bool, typer.Option("--again", help="Send it although it may have been sent.")] = False,
) -> None:
    """Send a draft; once it is sent it is not sent again.

    Example: ventuno drafts send 20202020-0687-4c41-b707-ed1bfca972a7
    """
    from ventuno.runtime.drafts import draft_view, let_draft_be_sent  # noqa: PLC0415 - slow, and --help must not wait

    sent = let_draft_be_sent(draft_id, stack.services, again=again)
    stack.console.answer(f"sent {draft_id} as {sent.message_id}", draft_view(sent))


@connected
def discard_draft(stack: Stack, draft_id: DraftArgument) -> None:
    """Delete a draft.

    Example: ventuno drafts discard 20202020-0687-4c41-b707-ed1bfca972a7
    """
    from ventuno.runtime.drafts import discard_draft  # noqa: PLC0415 - slow, and --help must not wait

    discard_draft(draft_id, stack.services)
    stack.console.answer(f"discarded {draft_id}", {"discarded": draft_id})


def _text(view: "JsonObject") -> str:
    fields: Any = view
    heads = [(name.capitalize(), ", ".join(fields[name])) for name in ("to", "cc", "bcc") if fields[name]]
    heads += [("Subject", fields["subject"]), ("Account", fields["accountId"])]
    heads += [("Files", ", ".join(file["name"] for file in fields["files"]))] if fields["files"] else []
    return "\n".join([*(f"{name}: {value}" for name, value in heads), "", fields["text"]])
