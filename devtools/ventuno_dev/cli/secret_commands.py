"""`ventuno secrets set`, `list`, `rotate` and `delete`: what HTTP requests send and nothing else may show."""

import sys
from typing import Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, listing
from ventuno_dev.cli.wording import instant

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name in {{secrets.NAME}}.")]


@connected
def set_secret(stack: Stack, name: NameArgument) -> None:
    """Store a new secret. Its value is asked for, or read from a pipe, and never shown.

    Example: ventuno secrets set STRIPE_KEY < key.txt
    """
    from ventuno.runtime.secrets import store_secret  # noqa: PLC0415 - slow, and --help must not wait

    store_secret(name, _value(), stack.services)
    stack.console.answer(f"stored {name}; write it as {{{{secrets.{name}}}}}", {"stored": name})


@connected
def rotate_secret(stack: Stack, name: NameArgument) -> None:
    """Give a secret another value; steps that begin a minute later use it.

    Example: ventuno secrets rotate STRIPE_KEY < key.txt
    """
    from ventuno.runtime.secrets import rotate_secret  # noqa: PLC0415 - slow, and --help must not wait

    rotate_secret(name, _value(), stack.services)
    stack.console.answer(f"rotated {name}", {"rotated": name})


@connected
def list_secrets(stack: Stack) -> None:
    """List the names of the secrets.

    Example: ventuno secrets list
    """
    from ventuno.runtime.secrets import secret_views  # noqa: PLC0415 - slow, and --help must not wait

    views = secret_views(stack.services)
    rows = [
        (str(view["name"]), instant(str(view["createdAt"])), instant(str(view["changedAt"])))
        for view in views
    ]
    table = Table(("NAME", "CREATED (UTC)", "CHANGED (UTC)"), rows)
    text = listing(table, "there are no secrets: `ventuno secrets set` stores one")
    stack.console.answer(text, {"secrets": [*views]})


@connected
def delete_secret(stack: Stack, name: NameArgument) -> None:
    """Delete a secret; steps that name it fail. On AWS it can be brought back for a week.

    Example: ventuno secrets delete STRIPE_KEY
    """
    from ventuno.runtime.secrets import delete_secret  # noqa: PLC0415 - slow, and --help must not wait

    delete_secret(name, stack.services)
    stack.console.answer(f"deleted {name}", {"deleted": name})


def _value() -> str:
    """Read a value where nobody sees it: not from the command line, which shells and systems remember."""
    if sys.stdin.isatty():
        return str(typer.prompt("value", hide_input=True, confirmation_prompt=True))
    return sys.stdin.read().rstrip("\r\n")
