"""CODE: what is called, what becomes of the outcome, and what the log keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import defined, step, written
from tests.fakes.code import FakeCode
from ventuno import errors
from ventuno.actions.base import StepCall
from ventuno.actions.code import Code, CodeSettings
from ventuno.actions.step_log import MAX_LOG_BYTES, Level, StepLog
from ventuno.definition.loading import definition_from
from ventuno.records.context import Actor
from ventuno.runtime.validation import findings_of
from ventuno.sandbox.call import CodeOutcome, Failure, Line, Prepared

if TYPE_CHECKING:
    from tests.fakes.world import World

SOURCE = "export const main = async (params) => params.a"


def perform(
    world: World,
    outcome: CodeOutcome | None = None,
    script: str | None = None,
    **given: Any,  # noqa: ANN401 - any JSON
) -> tuple[Any, FakeCode, StepLog]:
    code, services = FakeCode([outcome] if outcome else []), world.services
    call = StepCall(
        objects=services.objects,
        records=services.records,
        actor=Actor("WORKFLOW", "Workflow"),
        key="run/a/",
        causation=("run",),
        values={},
        now=world.clock.now(),
        outside=replace(services.outside, code=code),
        log=StepLog(),
        script=script,
    )
    try:
        result: Any = Code().run(CodeSettings.model_validate({"code": SOURCE, **given}), call)
    except errors.CodeError as error:
        result = error
    return result, code, call.log


def test_main_is_called_with_the_input_the_time_and_the_key(world: World) -> None:
    result, code, _ = perform(
        world, CodeOutcome('{"x": 1}', None), logicFunctionInput={"a": 1}, timeoutSeconds=7
    )
    (call,) = code.calls

    assert result == {"x": 1}
    assert (call.code, call.params, call.timeout_seconds, call.key) == (SOURCE, {"a": 1}, 7, "run/a/")


def test_what_activation_made_of_the_code_is_run(world: World) -> None:
    _, code, _ = perform(world, script="export const main = 1")

    assert code.calls[0].code == "export const main = 1"


def test_a_returned_failure_object_is_a_result_like_any_other(world: World) -> None:
    assert perform(world, CodeOutcome('{"success": false}', None))[0] == {"success": False}


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (CodeOutcome(None, Failure("bad", "Error: bad\n    at main")), "bad"),
        (CodeOutcome(None, Failure("it took too long", timed_out=True)), "it took too long"),
        (CodeOutcome(None, None), "nothing that can be read"),
        (CodeOutcome("[" * 200 + "]" * 200, None), "nested deeper"),
        (CodeOutcome('"\\ud800"', None), "surrogate"),
    ],
)
def test_a_failure_is_the_steps_error_and_the_authors_retries_are_for_it(
    world: World, outcome: CodeOutcome, message: str
) -> None:
    error, _, _ = perform(world, outcome)

    assert isinstance(error, errors.CodeError)
    assert message in str(error.told)
    assert not isinstance(error, errors.StepInputError | errors.RetryableStepError)


def test_the_log_has_the_console_the_stack_and_what_was_left_out(world: World) -> None:
    lines = (Line(0, "warn", "careful"), Line(1e300, "nonsense", "late"))
    failure = Failure("bad", "Error: bad\n    at main (<input>:1:2)")
    _, _, log = perform(world, CodeOutcome(None, failure, lines, 3, 40, 2, 0.25))
    told: Any = log.to_value()
    now = world.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    assert told["details"] == {"type": "CODE", "durationMs": 250, "requests": 2}
    assert [(entry["level"], entry["message"]) for entry in told["entries"]] == [
        ("warn", "careful"),
        ("info", "late"),
        ("error", failure.stack),
    ]
    assert [entry["timestamp"] for entry in told["entries"][:2]] == ["1970-01-01T00:00:00.000Z", now]
    assert told["truncated"] == {"droppedEntries": 3, "droppedBytes": 40}


def test_a_log_has_a_largest_size() -> None:
    log = StepLog()
    for _ in range(100):
        log.add("2026-01-01T00:00:00.000Z", Level.INFO, "x" * 10_000)
    told: Any = log.to_value()

    assert told["sizeBytes"] <= MAX_LOG_BYTES
    assert len(told["entries"]) + told["truncated"]["droppedEntries"] == 100
    assert StepLog().to_value() is None


@pytest.mark.parametrize(
    "given",
    [
        {"timeoutSeconds": 0.5},
        {"timeoutSeconds": 901},
        {"code": "x" * 256_001},
        {"logicFunctionInput": []},
        {"source": ""},
    ],
)
def test_settings_out_of_range_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        CodeSettings.model_validate({"code": SOURCE, **given})


def found(source: str, code: FakeCode | None = None) -> list[tuple[str, str, str]]:
    definition = defined(step("a", "CODE", given={"code": source}))
    return [(item.code, item.path, item.message) for item in findings_of(definition, None, code)]


def test_code_that_cannot_be_parsed_is_a_finding_with_line_and_column() -> None:
    problem = Prepared(None, "SyntaxError: unexpected token", 3, 7)

    assert found("foo(;", FakeCode(prepared={"foo(;": problem})) == [
        (
            "INVALID_STEP_PARAMS",
            "$.steps[0].settings.input.code",
            "line 3, column 7: SyntaxError: unexpected token",
        )
    ]
    assert found("foo(;") == [], "without a runner code is not looked into"


def test_a_step_without_code_is_a_finding_also_where_an_export_names_a_function() -> None:
    given = {"logicFunctionId": "20202020-1c25-4d02-bf25-6aeccf7ea419", "logicFunctionInput": {}}
    findings = findings_of(definition_from(written(step("a", "CODE", given=given))))

    assert [item.path for item in findings] == ["$.steps[0].settings.input.code"]


def test_braces_in_code_are_no_variables_and_those_of_the_input_are() -> None:
    source = "export const main = () => `{{nobody.x}} {{secrets.KEY}} {{trigger.a | nothing}}`"

    assert found(source) == []
    definition = defined(
        step("a", "CODE", given={"code": source, "logicFunctionInput": {"a": "{{nobody.x}}"}})
    )
    assert [item.code for item in findings_of(definition)] == ["VARIABLE_UNKNOWN_STEP"]
