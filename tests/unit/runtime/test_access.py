"""API keys: shown once, stored as a hash, and worth their role and no more."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

import pytest

from ventuno import errors
from ventuno.access.model import TOKEN_PREFIX, Role, hash_token
from ventuno.runtime.access import create_key, require_role

if TYPE_CHECKING:
    from tests.fakes.world import World


def test_a_new_key_is_stored_without_its_token(world: World) -> None:
    key, token = create_key("ci", Role.EDITOR, world.services)

    assert token.startswith(TOKEN_PREFIX)
    assert list(world.workflows.keys()) == [key]
    assert (key.name, key.role, key.token_hash) == ("ci", Role.EDITOR, hash_token(token))
    assert token not in str(astuple(key))


def test_every_key_has_a_token_of_its_own(world: World) -> None:
    assert create_key("a", Role.VIEWER, world.services)[1] != create_key("a", Role.VIEWER, world.services)[1]


@pytest.mark.parametrize("held", Role)
@pytest.mark.parametrize("needed", Role)
def test_a_role_includes_the_ones_after_it(world: World, held: Role, needed: Role) -> None:
    order = ["admin", "editor", "runner", "viewer"]
    key, token = create_key("caller", held, world.services)

    if order.index(held) <= order.index(needed):
        assert require_role({"x-api-key": token}, needed, world.services) == key
    else:
        with pytest.raises(errors.ForbiddenError, match=f"role {held}; this needs {needed}"):
            require_role({"x-api-key": token}, needed, world.services)


@pytest.mark.parametrize(
    ("headers", "opens"),
    [
        ({"authorization": "Bearer {token}"}, True),
        ({"authorization": "bearer   {token} "}, True),
        ({"x-api-key": "{token}"}, True),
        ({"authorization": "Bearer ", "x-api-key": "{token}"}, True),
        ({"authorization": "Basic abc", "x-api-key": "{token}"}, True),
        ({}, False),
        ({"authorization": "{token}"}, False),
        ({"authorization": "Basic {token}"}, False),
        ({"authorization": "Bearer wrong", "x-api-key": "{token}"}, False),
        ({"x-api-key": "{token}x"}, False),
        ({"cookie": "{token}"}, False),
    ],
    ids=str,
)
def test_a_key_comes_as_bearer_or_in_its_own_header(
    world: World, headers: dict[str, str], *, opens: bool
) -> None:
    _, token = create_key("caller", Role.ADMIN, world.services)
    sent = {name: value.format(token=token) for name, value in headers.items()}

    if opens:
        assert require_role(sent, Role.VIEWER, world.services).name == "caller"
    else:
        with pytest.raises(errors.UnauthorizedError, match="valid API key"):
            require_role(sent, Role.VIEWER, world.services)


def test_the_hash_of_a_token_is_no_token(world: World) -> None:
    key, _ = create_key("caller", Role.ADMIN, world.services)

    with pytest.raises(errors.UnauthorizedError):
        require_role({"x-api-key": key.token_hash}, Role.VIEWER, world.services)


def test_a_removed_key_opens_nothing(world: World) -> None:
    key, token = create_key("caller", Role.ADMIN, world.services)
    world.workflows.remove_key(key.id)

    with pytest.raises(errors.UnauthorizedError):
        require_role({"x-api-key": token}, Role.VIEWER, world.services)
