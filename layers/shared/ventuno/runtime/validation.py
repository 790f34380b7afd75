"""Load, check and compile a definition with all known actions and triggers; needs no AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.registry import ACTIONS, KINDS
from ventuno.compiler.compile import Compiled, compile_definition
from ventuno.compiler.figures import DEFINITION_LIMIT_BYTES, HISTORY_LIMIT
from ventuno.definition.checks.rules import check
from ventuno.definition.findings import Finding, errors_of
from ventuno.triggers.registry import TRIGGERS

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.wire import Wire


class _KnownModels:
    """The settings models of the registries."""

    actions: dict[str, type[Wire]] = {kind: action.settings_type for kind, action in ACTIONS.items()}  # noqa: RUF012 - built once, never changed
    triggers: dict[str, type[Wire]] = {kind: trigger.settings_type for kind, trigger in TRIGGERS.items()}  # noqa: RUF012 - same


def findings_of(definition: Definition) -> list[Finding]:
    """Find everything that is wrong with a definition, quotas of the compiled machine included."""
    found = check(definition, _KnownModels())
    return found if errors_of(found) else found + _quota_findings(compile_definition(definition, KINDS))


def compile_checked(definition: Definition) -> Compiled:
    """Compile a definition.

    Raises: DefinitionError with every finding of severity error
    """
    wrong = errors_of(findings_of(definition))
    if wrong:
        raise errors.DefinitionError(wrong)
    return compile_definition(definition, KINDS)


def _quota_findings(compiled: Compiled) -> list[Finding]:
    limits = {
        "history events": (compiled.figures.history_events, HISTORY_LIMIT),
        "bytes of definition": (compiled.figures.definition_bytes, DEFINITION_LIMIT_BYTES),
    }
    return [
        Finding(
            "QUOTA_EXCEEDED", "$.steps", f"the machine needs {value} {what}, {limit} are allowed; split it"
        )
        for what, (value, limit) in limits.items()
        if value > limit
    ]
