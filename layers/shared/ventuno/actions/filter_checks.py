"""What can be wrong with filters: types that cannot hold, operands that do not exist, unknown fields.

A step filter is judged by the schema of what it compares, so a mismatch there is a warning:
the run decides. A record filter names a field, so there it is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.actions.record_checks import CODE
from ventuno.definition.findings import Finding, Severity, nearest
from ventuno.expressions.showing import shown
from ventuno.filters import comparable_types, query_operands, supported_operands
from ventuno.schemas.schema import OBJECT_TYPE, types_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ventuno.filters import FilterField, RecordFilter, StepFilter
    from ventuno.filters.operands import Operand
    from ventuno.schemas import Schema, Scope

MISMATCH: Final = "FILTER_TYPE_MISMATCH"


def step_filter_findings(filters: Iterable[StepFilter], scope: Scope) -> Iterator[Finding]:
    """FILTER_TYPE_MISMATCH, for the filters of FILTER, IF_ELSE and triggers."""
    for index, item in enumerate(filters):
        path = f".stepFilters[{index}]"
        sub_field = item.composite_field_sub_field_name
        known = supported_operands(item.type, sub_field)
        if item.operand not in known:
            yield _warning(f"{path}.operand", _wrong_operand(item.operand, item.type, known))
            continue
        yield from _type_findings(item, scope.of(item.step_output_key), path)


def record_filter_findings(
    filters: Iterable[RecordFilter], fields: Mapping[str, FilterField]
) -> Iterator[Finding]:
    """Find record filters on fields that do not exist, or with operands that the field does not have."""
    for index, item in enumerate(filters):
        path = f".filter.recordFilters[{index}]"
        field = fields.get(item.field_metadata_id)
        target = item.relation_target_field_metadata_id
        if field is None:
            yield _unknown_field(f"{path}.fieldMetadataId", item.field_metadata_id, fields)
        elif target and target not in fields:
            yield _unknown_field(f"{path}.relationTargetFieldMetadataId", target, fields)
        else:
            yield from _operand_findings(item, fields[target] if target else field, path)


def _operand_findings(item: RecordFilter, field: FilterField, path: str) -> Iterator[Finding]:
    known = query_operands(field.type, item.sub_field_name)
    if not known:
        part = f'part "{shown(item.sub_field_name)}"' if item.sub_field_name else "filter"
        yield Finding(
            CODE,
            f"{path}.{'subFieldName' if item.sub_field_name else 'fieldMetadataId'}",
            f"a field of type {field.type} has no {part}; choose another field",
        )
    elif item.operand not in known:
        yield Finding(CODE, f"{path}.operand", _wrong_operand(item.operand, field.type, known))


def _type_findings(item: StepFilter, schema: Schema, path: str) -> Iterator[Finding]:
    types = types_of(schema)
    fitting = comparable_types(item.type, item.composite_field_sub_field_name)
    if not types or fitting is None or types & fitting:
        return
    only = next(iter(types)) if len(types) == 1 and OBJECT_TYPE not in types else None
    what = " or ".join(sorted(types))
    message = f"{item.type} filters cannot compare a value of type {what}; change the type, or compare a part"
    yield _warning(f"{path}.type", message, only)


def _wrong_operand(operand: Operand, field_type: str, known: Iterable[Operand]) -> str:
    return f"{field_type} filters have no operand {operand}; use one of {', '.join(sorted(known))}"


def _unknown_field(path: str, name: str, fields: Mapping[str, FilterField]) -> Finding:
    message = f'the object has no field "{shown(name)}"; name one of its fields'
    return Finding(CODE, path, message, nearest(name, fields))


def _warning(path: str, message: str, suggestion: str | None = None) -> Finding:
    return Finding(MISMATCH, path, message, suggestion, Severity.WARNING)
