"""CODE inside a run: activation takes types out, the run shows the author's code and the console."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step, written
from tests.fakes.code import FakeCode
from tests.fakes.world import World
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.show_run import show_run
from ventuno.sandbox.call import CodeOutcome, Failure, Line, Prepared

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

TYPED = "export const main = async (params: {a: number}) => params.a"
STRIPPED = "export const main = async (params) => params.a"


@pytest.fixture
def code() -> FakeCode:
    return FakeCode(prepared={TYPED: Prepared(STRIPPED), "broken(": Prepared(None, "SyntaxError", 1, 8)})


@pytest.fixture
def world(code: FakeCode) -> World:
    return World(code=code)


def given(source: str = TYPED) -> JsonObject:
    return {"code": source, "logicFunctionInput": {"a": "{{trigger.n}}"}}


def test_the_code_runs_without_its_types_and_the_view_shows_it_with_them(
    world: World, code: FakeCode
) -> None:
    code.outcomes = [CodeOutcome('{"x": 5}', None, (Line(0, "info", "hello"),))]
    run = world.begin(step("a", "CODE", given=given()), payload={"n": 5})
    world.call(run)
    view: Any = show_run(run.id, world.services)

    assert (code.calls[0].code, code.calls[0].params) == (STRIPPED, {"a": 5})
    assert code.calls[0].key == f"{run.id}/a/"
    assert view["state"]["flow"]["steps"][0]["settings"]["input"]["code"] == TYPED
    assert view["state"]["stepInfos"]["a"]["result"] == {"x": 5}
    assert [entry["message"] for entry in view["stepLogs"]["a"]["entries"]] == ["hello"]


def test_plain_code_is_stored_once(world: World, code: FakeCode) -> None:
    run = world.begin(step("a", "CODE", given=given(STRIPPED)), payload={"n": 5})
    world.call(run)
    version = world.workflows.version(run.version)

    assert code.calls[0].code == STRIPPED
    assert version is not None
    assert version.scripts is None


def test_broken_code_can_be_drafted_and_not_activated(world: World) -> None:
    authored = written(step("a", "CODE", given=given("broken(")))
    applied = apply_definition("flow", definition_from(authored), world.services)

    assert [item.message for item in applied.findings] == ["line 1, column 8: SyntaxError"]
    with pytest.raises(errors.DefinitionError, match="column 8"):
        world.publish(authored)


def test_a_failed_script_fails_the_step_with_its_message_and_keeps_the_console(
    world: World, code: FakeCode
) -> None:
    lines = tuple(Line(0, "info", "x" * 200) for _ in range(100))
    code.outcomes = [CodeOutcome(None, Failure("bad", "Error: bad"), lines)]
    run = world.begin(step("a", "CODE", given=given()), payload={"n": 5})
    with pytest.raises(errors.StepFailedError, match="bad"):
        world.call(run)
    view: Any = show_run(run.id, world.services)

    assert view["state"]["stepInfos"]["a"]["error"] == "bad"
    assert len(view["stepLogs"]["a"]["entries"]) == 101
    assert [key for key in world.payloads.bodies if "/a/-/log/" in key], "a long log leaves the item"


def test_no_author_text_comes_into_the_machine(world: World) -> None:
    world.publish(written(step("a", "CODE", given=given("export const main = () => '{% $states %}'"))))
    machines = json.dumps([made.definition for made in world.machines.created.values()])

    assert "$states %" not in machines
    assert "export" not in machines
