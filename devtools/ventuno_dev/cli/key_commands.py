"""`ventuno keys create`, `list` and `revoke`: the API keys of a stage."""

from typing import TYPE_CHECKING, Annotated

import typer

from ventuno.access.model import Role
from ventuno.errors import NotFoundError
from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.tables import Table, listing
from ventuno_dev.cli.wording import instant

if TYPE_CHECKING:
    from ventuno.access.model import ApiKey
    from ventuno.json_value import JsonObject

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the key is for.")]
KeyArgument = Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `keys list` shows it.")]
RoleOption = Annotated[
    Role,
    typer.Option(
        "--role", case_sensitive=False, help="What the key may do; each includes the ones after it."
    ),
]


@connected
def create_key(stack: Stack, name: NameArgument, *, role: RoleOption) -> None:
    """Create an API key. Its token is shown this once and stored nowhere.

    Example: ventuno keys create "web form" --role runner
    """
    from ventuno.runtime import access  # noqa: PLC0415 - slow, and --help must not wait

    if not name.strip():
        raise typer.BadParameter("a key needs a name, so that people know later what it is for")
    key, token = access.create_key(name, role, stack.services)
    stack.console.step(
        f'created the key "{key.name}" ({key.id}) with the role {key.role}; keep its token safe:'
    )
    stack.console.answer(token, {**_value(key), "token": token})


@connected
def list_keys(stack: Stack) -> None:
    """List the API keys, without their tokens.

    Example: ventuno keys list
    """
    keys = stack.services.workflows.keys()
    rows = [(key.id, key.name, key.role.value, instant(key.created_at)) for key in keys]
    table = Table(("ID", "NAME", "ROLE", "CREATED (UTC)"), rows, folds=("NAME",))
    text = listing(table, "there are no keys: `ventuno keys create` makes one")
    stack.console.answer(text, {"keys": [_value(key) for key in keys]})


@connected
def revoke_key(stack: Stack, key_id: KeyArgument) -> None:
    """Delete an API key; requests with its token are refused from then on.

    Example: ventuno keys revoke 20202020-1c25-4d02-bf25-6aeccf7ea419
    """
    if not stack.services.workflows.remove_key(key_id):
        raise NotFoundError(f"there is no key with the id {key_id}: `ventuno keys list` shows all")
    stack.console.answer(f"revoked {key_id}", {"revoked": key_id})


def _value(key: "ApiKey") -> "JsonObject":
    return {"id": key.id, "name": key.name, "role": key.role.value, "createdAt": key.created_at}
