"""Security 8: another role's key or a foreign id is answered 401, 403 or 404 by every call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.functional.rest.conftest import ROLES, Api, api
from ventuno.access.model import Role
from ventuno.runtime.rest.routes import ROUTES

if TYPE_CHECKING:
    from ventuno.runtime.rest.route import Route

__all__ = ["api"]
GUARDED: Final = [route for route in ROUTES if route.role is not None]
FOREIGN: Final = "00000000-0000-4000-8000-00000000f0f0"
PLACES: Final = {
    "plural": "companies",
    "slug": "of-somebody-else",
    "number": "1",
    "iterator": "loop",
    "step": "ask",
    "link": "x" * 80,
}
MADE_WITH: Final = {
    "POST": {"name": "x", "code": "export const main = async () => ({})"},
    "PUT": {"name": "x"},
    "PATCH": {"name": "x"},
}


def address_of(route: Route) -> str:
    """Write an address of a route; what it names is nobody's."""
    return re.sub(r"<(\w+)>", lambda place: PLACES.get(place[1], FOREIGN), route.path)


def names(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", GUARDED, ids=names)
def test_without_a_good_key_every_call_is_401_whatever_its_address(api: Api, route: Route) -> None:
    bad: tuple[dict[str, str], ...] = (
        {},
        {"authorization": "Bearer vnt_wrong"},
        {"authorization": f"Basic {api.tokens['admin']}"},
        {"x-api-key": ""},
        {"cookie": f"token={api.tokens['admin']}"},
    )
    statuses = [
        api.answered(route.method, address_of(route), {}, role=None, headers=headers)["statusCode"]
        for headers in bad
    ]

    assert statuses == [401] * len(bad)


@pytest.mark.parametrize("route", [route for route in GUARDED if route.role != Role.VIEWER], ids=names)
def test_a_key_of_a_lower_role_is_403(api: Api, route: Route) -> None:
    assert route.role is not None
    lower = ROLES[: ROLES.index(route.role)]
    statuses = [api(route.method, address_of(route), MADE_WITH.get(route.method), role=r)[0] for r in lower]

    assert statuses == [403] * len(lower)


@pytest.mark.parametrize(
    "route", [route for route in GUARDED if re.search(r"<(?!plural)\w+>", route.path)], ids=names
)
def test_an_id_of_nothing_here_is_404_and_is_not_made(api: Api, route: Route) -> None:
    """PUT names what it makes, so it is left out; a body that is refused first tells nothing either."""
    status, body = api(route.method, address_of(route), MADE_WITH.get(route.method), role="admin")

    assert status == 404 or (route.method in ("PUT", "POST") and status == 400), body


def test_an_address_that_nothing_serves_looks_like_any_other_to_who_has_no_key(api: Api) -> None:
    known, unknown = (api("GET", each, role=None) for each in ("/workflows", "/there-is-no-such-thing"))

    assert known == unknown
    assert known[0] == 401
