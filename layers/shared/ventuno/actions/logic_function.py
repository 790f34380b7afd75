"""LOGIC_FUNCTION: run a function of the workspace, code that several workflows use.

Compiles to a Task; safe to retry as CODE is. Activation copies the function into the workflow's version, so
what is changed later changes no workflow that is active, until it is activated again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import Field

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.scripts import run_script
from ventuno.agent.answer_schema import problems_of
from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING
from ventuno.expressions.showing import shown
from ventuno.logic.model import Snapshot
from ventuno.sandbox.call import CodeCall
from ventuno.schemas import ANY, schema_of_json_schema
from ventuno.spelling import nearest
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.logic.model import Functions, LogicFunction
    from ventuno.outside import CodeRunner
    from ventuno.schemas import Schema

_CODE: Final = "INVALID_STEP_PARAMS"
_LITERAL: Final = frozenset({"logicFunctionId", "version"})


class LogicFunctionSettings(Wire):
    """`{logicFunctionId, logicFunctionInput?, version?}`."""

    logic_function_id: Annotated[str, Field(min_length=1, max_length=60)]
    logic_function_input: dict[str, Any] = Field(default_factory=dict)
    version: Annotated[int, Field(ge=1)] | None = None


class LogicFunctionAction(TaskAction[LogicFunctionSettings]):
    """Result: what the function returned. Source: reference §3.1; decisions, Actions."""

    wire_type = "LOGIC_FUNCTION"
    settings_type = LogicFunctionSettings
    resolved_by_itself: ClassVar[frozenset[str]] = _LITERAL
    literal: ClassVar[frozenset[str]] = _LITERAL
    tried_alone = True
    about = About(
        settings={
            "logicFunctionId": "The function's name, as `ventuno functions list` shows it.",
            "logicFunctionInput": "What `main` is called with; variables are resolved, then the function's "
            "input schema is checked.",
            "version": "A version of the function; without it the newest one at activation.",
        },
        result="what the function returned, checked against its output schema; `{}` for nothing.",
        errors={
            errors.StepInputError: "the input does not fit the function's input schema",
            errors.CodeError: "the code threw, met a limit, or returned what does not fit the output schema",
        },
        examples=(
            Example(
                "A price with tax",
                {
                    "logicFunctionId": "with-tax",
                    "logicFunctionInput": {"net": "{{trigger.net}}", "rate": 22},
                },
                {"gross": 122},
            ),
        ),
    )

    def output_schema(self, settings: LogicFunctionSettings, scope: StepScope) -> Schema:
        """Return the function's output schema."""
        function = _named(settings, scope.functions)
        return schema_of_json_schema(function.declaration.output_schema) if function else ANY

    def check(self, settings: LogicFunctionSettings, scope: StepScope) -> Iterator[Finding]:
        """Find a function that does not exist, and input that can never fit it."""
        if scope.functions is None:
            return
        function = _named(settings, scope.functions)
        if function is None:
            names = scope.functions.names()
            of = "" if settings.version is None else f" in version {settings.version}"
            message = f'there is no function "{shown(settings.logic_function_id)}"{of}; apply it first'
            yield Finding(_CODE, ".logicFunctionId", message, nearest(settings.logic_function_id, names))
        elif function.declaration.input_schema is not None:
            for problem in _input_problems(settings.logic_function_input, function.declaration.input_schema):
                yield Finding(_CODE, ".logicFunctionInput", problem)

    def script(self, settings: LogicFunctionSettings, code: CodeRunner, functions: Functions) -> str | None:
        """Return a copy of the function. Raises: StepInputError when there is none"""
        del code
        function = _named(settings, functions)
        if function is None:
            raise errors.StepInputError(f"there is no function {settings.logic_function_id[:60]}")
        return Snapshot.of(function).to_text()

    def run(self, settings: LogicFunctionSettings, call: StepCall) -> JsonValue:
        """Run the function. Raises: StepInputError, CodeError, StoreUnavailableError"""
        if call.script is None:
            raise errors.StepInputError("the version has no copy of the function; activate it again")
        function, given = Snapshot.from_text(call.script), settings.logic_function_input
        problems = problems_of(given, function.input_schema) if function.input_schema is not None else []
        if problems:
            raise errors.StepInputError(f"the input does not fit the function: {'; '.join(problems)}")
        asked = CodeCall(function.script, given, function.timeout_seconds, call.key)
        told: JsonObject = {"type": "LOGIC_FUNCTION", "function": function.name, "version": function.number}
        result = run_script(asked, call, told)
        problems = problems_of(result, function.output_schema) if function.output_schema is not None else []
        if problems:
            raise errors.CodeError(f"the result does not fit the function: {'; '.join(problems)}")
        return result


def _named(settings: LogicFunctionSettings, functions: Functions | None) -> LogicFunction | None:
    return functions.find(settings.logic_function_id, settings.version) if functions else None


def _input_problems(given: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Say what of an input is wrong whatever its variables turn out to be."""
    if OPENING not in json.dumps(given, ensure_ascii=False):
        return problems_of(given, schema)
    required, known = schema.get("required", ()), schema.get("properties", {})
    closed = schema.get("additionalProperties") is False
    missing = [f'the function needs "{shown(name)}"' for name in required if name not in given]
    unknown = [
        f'the function takes no "{shown(name)}"'
        for name in given
        if closed and name not in known and OPENING not in name
    ]
    return [*missing, *unknown]
