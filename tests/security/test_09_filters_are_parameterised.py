"""Security 9: a value in a filter is data: it finds what is equal to it and never changes what is asked.

On DynamoDB, whose conditions are text too, as well as in memory, by the filter of REST and by a step's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.builders import step
from tests.contract.records.conftest import memory, moto
from tests.fakes.world import World
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.rest.parameters import filter_of
from ventuno.runtime.show_run import show_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOSTILE: Final = (
    "' OR '1'='1",
    '" OR ""="',
    "x) OR attribute_exists(PK",
    ":v0 OR :v0 = :v0",
    "#n0 <> :none",
    "attribute_not_exists(PK)",
    "x],or(name[is]:NOT_NULL",
    'x"],or(name[is]:"NOT_NULL',
    "name[neq]:x",
    "%",
    "_",
    "%%%_",
    "\\",
    '\\"',
    "x,deletedAt[is]:NOT_NULL",
    "{{trigger.other}}",
    '{"S": "x"}',
    "$ne",
    "REC#company#",
    "\N{UNICORN FACE}",
    "*",
)
PLAIN: Final = "Plain"
NAMES: Final = (*HOSTILE, PLAIN)
hostile = pytest.mark.parametrize("text", HOSTILE)


@pytest.fixture(params=[memory, moto], ids=["memory", "DynamoDB"], scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A company for each text, named by it, and one that no filter here asks for."""
    with request.param() as store:
        world = World(records=store)
        for name in NAMES:
            world.services.records.create("company", {"name": name}, WriteContext(Actor("API", "Test")))
        yield world


def found(world: World, operator: str, text: str) -> set[str]:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    condition = filter_of({"filter": f'name[{operator}]:"{quoted}"'})
    return {str(each["name"]) for each in world.services.records.find("company", condition).records}


@hostile
@pytest.mark.parametrize(
    ("operator", "holds"),
    [("eq", str.__eq__), ("neq", str.__ne__), ("startsWith", str.startswith), ("endsWith", str.endswith)],
    ids=["eq", "neq", "startsWith", "endsWith"],
)
def test_a_filter_of_rest_finds_what_the_text_says_and_nothing_else(
    world: World, text: str, operator: str, holds: Callable[[str, str], bool]
) -> None:
    assert found(world, operator, text) == {name for name in NAMES if holds(name, text)}


@hostile
def test_a_step_with_such_a_text_in_a_variable_finds_what_it_says_and_nothing_else(
    world: World, text: str
) -> None:
    by_name = {"fieldMetadataId": "name", "operand": "CONTAINS", "value": "{{trigger.text}}"}
    given = {"objectName": "company", "limit": 100, "filter": {"recordFilters": [by_name]}}
    run = world.begin(step("find", "FIND_RECORDS", given=given), payload={"text": text})
    world.call(run, "find")
    view: Any = show_run(run.id, world.services)

    records = view["state"]["stepInfos"]["find"]["result"]["all"]
    assert {each["name"] for each in records} == {name for name in NAMES if text.lower() in name.lower()}
