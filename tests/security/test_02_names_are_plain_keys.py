"""Security 2: `__proto__`, `constructor` and the like are plain keys, there if the data has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.builders import step, written
from tests.fakes.http import FakeHttp
from tests.fakes.world import World
from ventuno.adapters.local_code import LocalCodeRunner
from ventuno.expressions import resolve
from ventuno.runtime.show_run import show_run
from ventuno.runtime.webhook import WebhookCall, accept_webhook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonValue

NAMES: Final = (
    *("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__", "length"),
    *("__class__", "__dict__", "__init__", "__globals__", "__getitem__", "keys", "items", "get", "pop"),
)
LENGTH: Final = "length"
"""Lists and texts have a length, as in JavaScript: it is none of what code could reach."""
named = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalCodeRunner]:
    made = LocalCodeRunner(FakeHttp())
    yield made
    made.close()


@named
def test_a_variable_reads_such_a_key_of_the_data(name: str) -> None:
    value = {name: {"inner": 7}}

    assert resolve(f"{{{{trigger.{name}.inner}}}}", {"trigger": value}) == 7
    assert resolve(f"{{{{trigger.list.0.{name}}}}}", {"trigger": {"list": [{name: "x"}]}}) == "x"


@pytest.mark.parametrize("name", [name for name in NAMES if name != LENGTH])
@pytest.mark.parametrize("data", [{}, {"a": 1}, [], [1], "text", 7, None, True], ids=repr)
def test_a_variable_reads_nothing_where_the_data_has_no_such_key(name: str, data: JsonValue) -> None:
    absent = resolve("{{trigger.data.nothing}}", {"trigger": {"data": data}})

    assert resolve(f"{{{{trigger.data.{name}}}}}", {"trigger": {"data": data}}) == absent


@named
def test_a_webhook_brings_such_a_key_into_a_record_as_it_is(world: World, name: str) -> None:
    making = {"objectName": "company", "objectRecord": {"name": f"{{{{trigger.{name}}}}}"}}
    workflow = world.publish(written(step("a", "CREATE_RECORD", given=making)))
    path = f"/webhooks/workflows/default/{workflow.id}"
    body = json.dumps({name: "as it is"}).encode()
    answer: Any = accept_webhook(WebhookCall("POST", path, {}, {}, body), world.services)
    world.call(world.runs.load(answer.body["workflowRunId"], []).run)

    assert [company["name"] for company in world.companies()] == ["as it is"]


@named
def test_code_gets_such_a_key_as_a_key_of_its_own_and_other_objects_do_not_change(
    runner: LocalCodeRunner, name: str
) -> None:
    code = f"""export const main = async (params) => ({{
        own: Object.hasOwn(params.data, {name!r}),
        value: Object.getOwnPropertyDescriptor(params.data, {name!r}).value,
        usual: Object.getPrototypeOf(params.data) === Object.prototype && ({{}}).polluted === undefined,
    }})"""
    given = {"code": code, "logicFunctionInput": {"data": "{{trigger.data}}"}}
    world = World(code=runner)
    run = world.begin(step("code", "CODE", given=given), payload={"data": {name: {"polluted": 1}}})
    world.call(run, "code")
    view: Any = show_run(run.id, world.services)

    assert view["state"]["stepInfos"]["code"]["result"] == {
        "own": True,
        "value": {"polluted": 1},
        "usual": True,
    }
