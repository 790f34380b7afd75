"""`ventuno accounts add`, `list`, `change` and `remove`: what e-mail is sent from."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, listing

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject, JsonValue

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="What steps name the account by.")]
FromArgument = Annotated[
    str, typer.Argument(metavar="FROM", help='Where messages come from: an address, or "Name <address>".')
]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help="An SMTP server: smtps://user@host (TLS), smtp://user@host (STARTTLS), or "
        "smtp-plain://127.0.0.1:25 (on this machine only). Without it SES sends.",
    ),
]
SecretOption = Annotated[
    str | None, typer.Option("--password-secret", metavar="NAME", help="The secret that holds the password.")
]
MemberOption = Annotated[
    str | None, typer.Option("--member", metavar="ID", help="The workspace member whose account it is.")
]
_SECURITY = {"smtps": "TLS", "smtp": "STARTTLS", "smtp-plain": "NONE"}


@connected
def add_account(
    stack: Stack,
    account_id: IdArgument,
    sender: FromArgument,
    *,
    server: ServerOption = None,
    password_secret: SecretOption = None,
    member: MemberOption = None,
) -> None:
    """Connect an account of SES, or of an SMTP server whose password is a stored secret.

    Example: ventuno accounts add sales "Sales <sales@example.com>" --server smtps://sales@mail.example.com
    """
    from ventuno.runtime import accounts  # noqa: PLC0415 - slow, and --help must not wait

    fields = _fields(sender, server, password_secret, member)
    made = accounts.add_account({"id": account_id, **fields}, stack.services)
    _warn_of_missing_secret(stack, password_secret)
    stack.console.answer(f"connected {made.id}: {made.address} by {made.kind}", accounts.account_view(made))


@connected
def change_account(
    stack: Stack,
    account_id: IdArgument,
    sender: FromArgument,
    *,
    server: ServerOption = None,
    password_secret: SecretOption = None,
    member: MemberOption = None,
) -> None:
    """Give an account other settings, all at once: what is left out is gone.

    Example: ventuno accounts change sales sales@example.com
    """
    from ventuno.runtime import accounts  # noqa: PLC0415 - slow, and --help must not wait

    fields = _fields(sender, server, password_secret, member)
    made = accounts.replace_account(account_id, fields, stack.services)
    _warn_of_missing_secret(stack, password_secret)
    stack.console.answer(f"changed {made.id}: {made.address} by {made.kind}", accounts.account_view(made))


@connected
def list_accounts(stack: Stack) -> None:
    """List the accounts; the first is the one that steps use which name none.

    Example: ventuno accounts list
    """
    from ventuno.runtime.accounts import account_views  # noqa: PLC0415 - slow, and --help must not wait

    views = account_views(stack.services)
    columns = ("id", "kind", "address", "host")
    rows = [tuple(str(view.get(column, "")) for column in columns) for view in views]
    table = Table(("ID", "KIND", "ADDRESS", "SERVER"), rows)
    text = listing(table, "there are no accounts: `ventuno accounts add` connects one")
    stack.console.answer(text, {"accounts": [*views]})


@connected
def remove_account(stack: Stack, account_id: IdArgument) -> None:
    """Remove an account; steps that name it fail.

    Example: ventuno accounts remove sales
    """
    from ventuno.runtime.accounts import remove_account  # noqa: PLC0415 - slow, and --help must not wait

    remove_account(account_id, stack.services)
    stack.console.answer(f"removed {account_id}", {"removed": account_id})


def _fields(sender: str, server: str | None, password_secret: str | None, member: str | None) -> "JsonObject":
    name, bracket, address = sender.rpartition("<")
    given: dict[str, JsonValue] = {
        "kind": "SES" if server is None else "SMTP",
        "address": address.rstrip("> ") if bracket else sender,
        "name": name.strip(' "') or None,
        "passwordSecret": password_secret,
        "workspaceMemberId": member,
        **(_server(server) if server else {}),
    }
    return {key: value for key, value in given.items() if value is not None}


def _server(url: str) -> "JsonObject":
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise typer.BadParameter(f"{url} has no port that can be: {error}") from error
    if parts.scheme not in _SECURITY or not parts.hostname:
        raise typer.BadParameter(f"{url} is no server; write smtps://user@mail.example.com")
    if parts.password:
        raise typer.BadParameter("a password does not belong here: `ventuno secrets set` stores one")
    user = unquote(parts.username) if parts.username else None
    return {"security": _SECURITY[parts.scheme], "host": parts.hostname, "port": port, "username": user}


def _warn_of_missing_secret(stack: Stack, name: str | None) -> None:
    if name and name not in {entry.name for entry in stack.services.outside.secrets.all()}:
        stack.console.step(f"there is no secret {name} yet: `ventuno secrets set {name}` stores the password")
