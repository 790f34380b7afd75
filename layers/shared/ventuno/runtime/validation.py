"""Load, check and compile a definition with all known actions and triggers; needs no AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ventuno import errors
from ventuno.actions.record_schemas import ModelSchemas
from ventuno.actions.registry import ACTIONS, KINDS, EachAction
from ventuno.actions.scope import StepScope
from ventuno.compiler.compile import Compiled, compile_definition
from ventuno.compiler.figures import DEFINITION_LIMIT_BYTES, HISTORY_LIMIT
from ventuno.definition.checks.rules import check, outputs_of
from ventuno.definition.durations import ONE_YEAR_SECONDS
from ventuno.definition.findings import Finding, errors_of
from ventuno.definition.graph import Graph
from ventuno.definition.loading import parse_model
from ventuno.definition.model import TRIGGER
from ventuno.expressions.showing import shown
from ventuno.records.standard.registry import standard_model
from ventuno.runtime.longest_wait import longest_wait_seconds
from ventuno.schemas.picker import to_output_schema
from ventuno.spelling import nearest
from ventuno.triggers.registry import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ventuno.actions.base import Action
    from ventuno.definition.checks.settings import Parsed
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.logic.model import Functions
    from ventuno.outside import CodeRunner
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.schemas import Schema
    from ventuno.triggers.base import TriggerType
    from ventuno.wire import Wire

MAX_SCHEMAS_BYTES: Final = 4 * 1024 * 1024
"""A function may answer 6 MB; every loop over a sample repeats it, so a small definition could need more."""


class _KnownModels:
    """What the registries know of each type, for the objects of one workspace."""

    actions: ClassVar[Mapping[str, type[Wire]]] = EachAction(lambda action: action.settings_type)
    triggers: ClassVar[Mapping[str, type[Wire]]] = {
        kind: trigger.settings_type for kind, trigger in TRIGGERS.items()
    }
    secret_places: ClassVar[Mapping[str, frozenset[str]]] = EachAction(lambda action: action.secrets_in)
    literal_places: ClassVar[Mapping[str, frozenset[str]]] = EachAction(lambda action: action.literal)

    def __init__(
        self, objects: ObjectModel | None, code: CodeRunner | None = None, functions: Functions | None = None
    ) -> None:
        self._objects = ModelSchemas(objects or standard_model())
        self._code = code
        self._functions = functions

    def scope(self, roots: Callable[[str], Schema]) -> StepScope:
        return StepScope(self._objects, roots, self._code, self._functions)

    def output_schema(self, parsed: Parsed, scope: StepScope) -> Schema:
        return _typed(parsed).output_schema(parsed.settings, scope)

    def findings(self, parsed: Parsed, scope: StepScope) -> Iterable[Finding]:
        return _typed(parsed).check(parsed.settings, scope)


def _typed(parsed: Parsed) -> Action[Any] | TriggerType:
    return TRIGGERS[parsed.kind] if parsed.is_trigger else ACTIONS[parsed.kind]


def findings_of(
    definition: Definition,
    objects: ObjectModel | None = None,
    code: CodeRunner | None = None,
    functions: Functions | None = None,
) -> list[Finding]:
    """Find everything that is wrong with a definition, quotas of the compiled machine included.

    `objects` are those of the workspace; without them the standard objects are all there is.
    `code` reads the code of steps; without it, code is not looked into. `functions` are the workspace's;
    without them, any name is taken for one.
    """
    found = [*check(definition, _KnownModels(objects, code, functions)), *_answer_findings(definition)]
    return found if errors_of(found) else found + _quota_findings(definition)


def _answer_findings(definition: Definition) -> Iterator[Finding]:
    """DANGLING_REFERENCE, INVALID_TRIGGER_PARAMS: the caller waits for a step that gives it no result."""
    kind, path = TRIGGERS.get(definition.trigger.type), "$.trigger.settings.respond.from"
    settings, _ = parse_model(kind.settings_type, definition.trigger.settings, "") if kind else (None, None)
    step_id = kind.answers_with(settings) if kind and settings else None
    if step_id is None:
        return
    steps = [step.id for step in definition.steps]
    if step_id not in steps:
        message = f'there is no step "{shown(step_id)}" to answer with; name one of the steps'
        yield Finding("DANGLING_REFERENCE", path, message, nearest(step_id, steps))
    elif step_id in Graph(definition).loops.inner:
        message = f'"{step_id}" runs once per item of a loop; answer with a step outside, e.g. after the loop'
        yield Finding("INVALID_TRIGGER_PARAMS", path, message)


def output_schemas(
    definition: Definition, objects: ObjectModel | None = None, functions: Functions | None = None
) -> JsonObject:
    """Return what the trigger and each step result in, by id, for a variable picker.

    Raises: PayloadTooLargeError
    Source: reference §3.18
    """
    outputs = outputs_of(definition, _KnownModels(objects, functions=functions))
    schemas: JsonObject = {}
    size = 0
    for root in dict.fromkeys((TRIGGER, *(step.id for step in definition.steps))):
        schemas[root] = to_output_schema(outputs.of(root))
        size += len(json.dumps(schemas[root]))
        if size > MAX_SCHEMAS_BYTES:
            raise errors.PayloadTooLargeError(
                f"the schemas are larger than {MAX_SCHEMAS_BYTES} bytes, because many steps repeat a large"
                " sample; shorten the sample"
            )
    return schemas


def compile_checked(
    definition: Definition,
    objects: ObjectModel | None = None,
    code: CodeRunner | None = None,
    functions: Functions | None = None,
) -> Compiled:
    """Compile a definition.

    Raises: DefinitionError with every finding of severity error
    """
    wrong = errors_of(findings_of(definition, objects, code, functions))
    if wrong:
        raise errors.DefinitionError(wrong)
    return machine_of(definition)


def machine_of(definition: Definition) -> Compiled:
    """Compile a definition that was checked before, when it was activated or by `findings_of`."""
    return compile_definition(definition, KINDS)


def _quota_findings(definition: Definition) -> list[Finding]:
    compiled = machine_of(definition)
    limits = {
        "history events": (compiled.figures.history_events, HISTORY_LIMIT),
        "bytes of definition": (compiled.figures.definition_bytes, DEFINITION_LIMIT_BYTES),
        "seconds of waiting": (round(longest_wait_seconds(definition)), ONE_YEAR_SECONDS),
    }
    return [
        Finding(
            "QUOTA_EXCEEDED", "$.steps", f"the machine needs {value} {what}, {limit} are allowed; split it"
        )
        for what, (value, limit) in limits.items()
        if value > limit
    ]
