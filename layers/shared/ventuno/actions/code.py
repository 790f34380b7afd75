"""CODE: run the author's JavaScript or TypeScript, `export const main = async (params) => { … }`.

Compiles to a Task; safe to retry as far as the code is: it may run again after a crash, and each `fetch` with
an effect then carries the `Idempotency-Key` it had before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.scripts import run_script
from ventuno.definition.findings import Finding
from ventuno.sandbox.call import MAX_CODE_CHARACTERS, CodeCall
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonValue
    from ventuno.logic.model import Functions
    from ventuno.outside import CodeRunner


class CodeSettings(Wire):
    """`{code, logicFunctionInput?, timeoutSeconds?}`; the function id of an export is kept, unused."""

    code: Annotated[str, Field(max_length=MAX_CODE_CHARACTERS)] = ""
    logic_function_input: dict[str, Any] = Field(default_factory=dict)
    timeout_seconds: Annotated[float, Field(ge=1, le=900)] = 300
    logic_function_id: str | None = None


class Code(TaskAction[CodeSettings]):
    """Result: what `main` returned, `{}` for nothing. Source: reference §3.1; decisions, Actions."""

    wire_type = "CODE"
    settings_type = CodeSettings
    resolved_by_itself: ClassVar[frozenset[str]] = frozenset({"code"})
    tried_alone = True
    literal: ClassVar[frozenset[str]] = frozenset({"code"})
    about = About(
        settings={
            "code": "An ES module that exports `main`; types of TypeScript are taken out at activation.",
            "logicFunctionInput": "What `main` is called with; variables are resolved.",
            "timeoutSeconds": "After how long the code is stopped, 1 to 900.",
            "logicFunctionId": "Kept for definitions that come from Twenty, and not used.",
        },
        result="what `main` returned, `{}` for nothing; see [code](code.md).",
        errors={errors.CodeError: "the code threw, met a limit, or returned what JSON cannot hold"},
        examples=(
            Example(
                "Add up prices",
                {
                    "code": "export const main = async ({ items }) =>\n"
                    "  ({ total: items.reduce((sum, item) => sum + item.price, 0) });",
                    "logicFunctionInput": {"items": "{{trigger.items}}"},
                },
                {"total": 42},
            ),
        ),
    )

    def check(self, settings: CodeSettings, scope: StepScope) -> Iterator[Finding]:
        """Find code that is missing or cannot be parsed, with line and column."""
        if not settings.code.strip():
            message = "the step has no code; write `export const main = async (params) => { … }`"
            yield Finding("INVALID_STEP_PARAMS", ".code", message)
            return
        prepared = scope.code.prepare(settings.code) if scope.code else None
        if prepared is not None and prepared.problem is not None:
            place = f"line {prepared.line}, column {prepared.column}: " if prepared.line else ""
            yield Finding("INVALID_STEP_PARAMS", ".code", f"{place}{prepared.problem}")

    def script(self, settings: CodeSettings, code: CodeRunner, functions: Functions) -> str | None:
        """Return the code without types, where it had some."""
        del functions
        script = code.prepare(settings.code).script
        return None if script == settings.code else script

    def run(self, settings: CodeSettings, call: StepCall) -> JsonValue:
        """Run the code. Raises: CodeError, StoreUnavailableError"""
        script = call.script if call.script is not None else settings.code
        asked = CodeCall(script, settings.logic_function_input, settings.timeout_seconds, call.key)
        return run_script(asked, call, {"type": "CODE"})
