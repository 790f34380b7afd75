"""LOGIC_FUNCTION: checked at both ends, copied at activation, and run in the real sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, step, written
from tests.fakes.code import FakeCode
from tests.fakes.http import FakeHttp
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.local_code import LocalCodeRunner
from ventuno.definition.loading import definition_from
from ventuno.runs.model import Inline
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.functions import delete_function, show_function, store_function
from ventuno.runtime.show_run import show_run
from ventuno.runtime.try_step import try_step
from ventuno.sandbox.call import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonValue

TAX: Json = {
    "code": "type P = {net: number; rate: number};\n"
    "export const main = async (p: P) => ({gross: p.net * (1 + p.rate / 100)})",
    "description": "A price with tax",
    "inputSchema": {
        "type": "object",
        "properties": {"net": {"type": "number"}, "rate": {"type": "number"}},
        "required": ["net", "rate"],
        "additionalProperties": False,
    },
    "outputSchema": {"type": "object", "properties": {"gross": {"type": "number"}}, "required": ["gross"]},
}
CALL: Json = {"logicFunctionId": "with-tax", "logicFunctionInput": {"net": "{{trigger.net}}", "rate": 25}}


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalCodeRunner]:
    started = LocalCodeRunner(FakeHttp())
    yield started
    started.close()


@pytest.fixture
def world(runner: LocalCodeRunner) -> World:
    world = World(code=runner)
    store_function("with-tax", TAX, world.services)
    return world


def result(world: World, given: Json, payload: JsonValue) -> Any:  # noqa: ANN401 - any JSON
    run = world.begin(step("a", "LOGIC_FUNCTION", given=given), payload=payload)
    world.call(run)
    view: Any = show_run(run.id, world.services)
    return view["state"]["stepInfos"]["a"]["result"]


def test_a_function_runs_with_checked_input_and_gives_checked_output(world: World) -> None:
    assert result(world, CALL, {"net": 100}) == {"gross": 125}


@pytest.mark.parametrize("net", ["100", None, [100]])
def test_input_that_does_not_fit_fails_before_anything_is_run(world: World, net: Any) -> None:  # noqa: ANN401 - JSON
    with pytest.raises(errors.StepFailedError, match="does not fit the function: net"):
        result(world, CALL, {"net": net})


def test_output_that_does_not_fit_is_a_failure_of_the_code(world: World) -> None:
    store_function("with-tax", {**TAX, "code": "export const main = async () => ({net: 1})"}, world.services)
    with pytest.raises(errors.StepFailedError, match="gross"):
        result(world, CALL, {"net": 100})


def test_an_active_workflow_keeps_its_copy_until_it_is_activated_again(world: World) -> None:
    world.publish(written(step("a", "LOGIC_FUNCTION", given=CALL)))
    doubled = {**TAX, "code": "export const main = async (p) => ({gross: p.net * 2})"}
    store_function("with-tax", doubled, world.services)
    before = world.start({"net": 100}).run
    world.call(before)
    world.publish(written(step("a", "LOGIC_FUNCTION", given=CALL), name="Again"))
    after = world.start({"net": 100}).run
    world.call(after)
    results = [world.states(run.id)["a"].result for run in (before, after)]

    assert results == [Inline('{"gross":125}'), Inline('{"gross":200}')]


def test_a_step_may_name_a_version(world: World) -> None:
    doubled = {**TAX, "code": "export const main = async (p) => ({gross: p.net * 2})"}
    store_function("with-tax", doubled, world.services)

    assert result(world, {**CALL, "version": 1}, {"net": 100}) == {"gross": 125}


def test_the_log_names_the_function_and_its_version(world: World) -> None:
    run = world.begin(step("a", "LOGIC_FUNCTION", given=CALL), payload={"net": 100})
    world.call(run)
    view: Any = show_run(run.id, world.services)

    assert view["stepLogs"]["a"]["details"] | {"durationMs": 0} == {
        "type": "LOGIC_FUNCTION",
        "function": "with-tax",
        "version": 1,
        "durationMs": 0,
        "requests": 0,
    }


def test_a_function_is_tried_alone(world: World) -> None:
    definition = definition_from(written(step("a", "LOGIC_FUNCTION", given=CALL)))
    done: Any = try_step(definition.step("a"), {"trigger": {"net": 8}}, world.services)

    assert done["result"] == {"gross": 10}


@pytest.mark.parametrize(
    ("given", "path", "told"),
    [
        ({**CALL, "logicFunctionId": "with-tacks"}, ".logicFunctionId", "no function"),
        ({**CALL, "version": 7}, ".logicFunctionId", "version 7"),
        ({**CALL, "logicFunctionInput": {"net": "{{trigger.net}}"}}, ".logicFunctionInput", "rate"),
        ({**CALL, "logicFunctionInput": {"net": 1, "rate": "x"}}, ".logicFunctionInput", "rate"),
        (
            {**CALL, "logicFunctionInput": {"net": "{{trigger.net}}", "rate": 1, "x": 1}},
            ".logicFunctionInput",
            '"x"',
        ),
    ],
)
def test_what_can_never_run_is_found_at_once(world: World, given: Json, path: str, told: str) -> None:
    definition = definition_from(written(step("a", "LOGIC_FUNCTION", given=given)))
    (finding,) = apply_definition("flow", definition, world.services).findings

    assert finding.path == f"$.steps[0].settings.input{path}"
    assert told in finding.message


def test_paths_into_the_result_are_checked_against_the_output_schema(world: World) -> None:
    after = {"objectName": "company", "objectRecord": {"name": "{{a.gros}}"}}
    definition = definition_from(
        written(step("a", "LOGIC_FUNCTION", "b", CALL), step("b", "CREATE_RECORD", given=after))
    )
    findings = apply_definition("flow", definition, world.services).findings

    assert [finding.suggestion for finding in findings] == ["gross"]


def test_storing_the_same_again_makes_no_version_and_after_a_deletion_numbers_go_on(world: World) -> None:
    again, changed = store_function("with-tax", dict(reversed(TAX.items())), world.services)
    delete_function("with-tax", world.services)
    with pytest.raises(errors.NotFoundError):
        show_function("with-tax", None, world.services)
    anew, fresh = store_function("with-tax", TAX, world.services)

    assert (again.number, changed) == (1, False)
    assert (anew.number, fresh) == (2, True)


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("with tax", TAX, "name"),
        ("../x", TAX, "name"),
        ("x" * 61, TAX, "name"),
        ("f", {}, "code"),
        ("f", {"code": " "}, "code"),
        ("f", {"code": "x", "timeout": 5}, "timeout"),
        ("f", {"code": "x", "timeoutSeconds": 901}, "timeoutSeconds"),
        ("f", {"code": "broken("}, "line 1, column 8"),
        ("f", {**TAX, "inputSchema": {"type": "texxt"}}, "inputSchema"),
        ("f", {**TAX, "outputSchema": {"pattern": "(a+)+$"}}, "regular expressions"),
        ("f", [], "object"),
        ("f", "code", ""),
    ],
)
def test_what_is_no_function_is_refused_with_the_reason(name: str, given: Any, told: str) -> None:  # noqa: ANN401 - JSON
    world = World(code=FakeCode(prepared={"broken(": Prepared(None, "SyntaxError", 1, 8)}))
    with pytest.raises(errors.BadRequestError) as caught:
        store_function(name, given, world.services)

    assert told in str(caught.value)
    assert world.functions.all() == []


def test_a_large_function_is_kept_in_the_bucket_and_comes_back_whole() -> None:
    world = World()
    code = "// " + "x" * 200_000 + "\nexport const main = async () => 1"
    store_function("large", {"code": code}, world.services)

    assert show_function("large", 1, world.services)["code"] == code
