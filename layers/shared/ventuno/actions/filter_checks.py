"""What can be wrong with step filters: types that cannot hold, operands that do not exist, values never met.

They are judged by the schema of what they compare, so each finding is a warning: the run decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.definition.findings import Finding, Severity
from ventuno.expressions import OPENING
from ventuno.expressions.showing import shown
from ventuno.filters import comparable_types, supported_operands, wanted_value
from ventuno.filters.families import filter_types
from ventuno.records.fields.registry import FIELD_TYPES
from ventuno.schemas.schema import OBJECT_TYPE, types_of
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.filters import StepFilter
    from ventuno.filters.operands import Operand
    from ventuno.schemas import Schema, Scope

MISMATCH: Final = "FILTER_TYPE_MISMATCH"

_TYPES: Final = {*FIELD_TYPES, *(kind for kind, _ in filter_types())}


def step_filter_findings(filters: Iterable[StepFilter], scope: Scope) -> Iterator[Finding]:
    """FILTER_TYPE_MISMATCH, for the filters of FILTER, IF_ELSE and triggers."""
    for index, item in enumerate(filters):
        path = f".stepFilters[{index}]"
        known = supported_operands(item.type, item.composite_field_sub_field_name)
        if item.operand not in known:
            yield _warning(f"{path}.operand", wrong_operand(item.operand, item.type, known))
            continue
        yield from _spelling_findings(item, path)
        yield from _value_findings(item, path)
        yield from _type_findings(item, scope.of(item.step_output_key), path)


def wrong_operand(operand: Operand, field_type: str, known: Iterable[Operand]) -> str:
    """Say which operands filters on a type have."""
    return f"{shown(field_type)} filters have no operand {operand}; use one of {', '.join(sorted(known))}"


def _spelling_findings(item: StepFilter, path: str) -> Iterator[Finding]:
    """Find a mistyped type, which would have the rules of untyped values, and a left side without braces."""
    meant = None if item.type in _TYPES else nearest(item.type, _TYPES)
    if meant:
        message = f'there are no rules for the type "{shown(item.type)}", so values compare as untyped ones'
        yield _warning(f"{path}.type", message, meant)
    if OPENING not in item.step_output_key:
        message = f'"{shown(item.step_output_key)}" is no variable, so the filter compares this very text'
        yield _warning(f"{path}.stepOutputKey", message, f"{{{{{item.step_output_key}}}}}")


def _value_findings(item: StepFilter, path: str) -> Iterator[Finding]:
    if isinstance(item.value, str) and OPENING in item.value:
        return
    wanted = wanted_value(item.type, item.composite_field_sub_field_name, item.operand, item.value)
    if wanted:
        yield _warning(f"{path}.value", f"{item.type} filters with {item.operand} need {wanted}")


def _type_findings(item: StepFilter, schema: Schema, path: str) -> Iterator[Finding]:
    types = types_of(schema)
    fitting = comparable_types(item.type, item.composite_field_sub_field_name)
    if not types or fitting is None or types & fitting:
        return
    only = next(iter(types)) if len(types) == 1 and OBJECT_TYPE not in types else None
    what = " or ".join(sorted(types))
    message = f"{item.type} filters cannot compare a value of type {what}; change the type, or compare a part"
    yield _warning(f"{path}.type", message, only)


def _warning(path: str, message: str, suggestion: str | None = None) -> Finding:
    return Finding(MISMATCH, path, message, suggestion, Severity.WARNING)
