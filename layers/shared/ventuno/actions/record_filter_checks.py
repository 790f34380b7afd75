"""What can be wrong with record filters: unknown fields and operands, values no record can be asked for.

A record filter names a field, so what is wrong with it is an error.
A value without variables is compiled as a run would compile it, so nothing that fails there passes here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.actions.filter_checks import wrong_operand
from ventuno.actions.record_checks import CODE
from ventuno.definition.findings import Finding
from ventuno.expressions import tokens
from ventuno.expressions.showing import shown
from ventuno.filters import FindScope, query_operands
from ventuno.filters.find import compile_record_filter
from ventuno.records.matching.preparation import Preparation
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ventuno.filters import FilterField, RecordFilter
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType

# No rule depends on which instant or which member it is.
_SOME_INSTANT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_LONGEST_REASON: Final = 400
_SOME_MEMBER: Final = "00000000-0000-4000-8000-000000000000"


def record_filter_findings(
    filters: Iterable[RecordFilter],
    fields: Mapping[str, FilterField],
    objects: ObjectModel,
    kind: ObjectType,
) -> Iterator[Finding]:
    """Find filters that could never be asked of the records of `kind`, whose fields are `fields`."""
    scope = FindScope(fields, {}, _SOME_INSTANT, _SOME_MEMBER)
    preparation = Preparation(objects, kind)
    for index, item in enumerate(filters):
        path = f".filter.recordFilters[{index}]"
        found = [*_field_findings(item, fields, path)]
        yield from found or _value_findings(item, scope, preparation, path)


def _field_findings(item: RecordFilter, fields: Mapping[str, FilterField], path: str) -> Iterator[Finding]:
    field = fields.get(item.field_metadata_id)
    target = item.relation_target_field_metadata_id
    if field is None:
        yield _unknown_field(f"{path}.fieldMetadataId", item.field_metadata_id, fields)
    elif not target:
        yield from _operand_findings(item, field, path)
    elif field.related is None:
        message = f"{field.name} is no relation, so a filter cannot look through it; remove this key"
        yield Finding(CODE, f"{path}.relationTargetFieldMetadataId", message)
    elif target not in field.related():
        yield _unknown_field(f"{path}.relationTargetFieldMetadataId", target, field.related())
    else:
        yield from _operand_findings(item, field.related()[target], path)


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
        yield Finding(CODE, f"{path}.operand", wrong_operand(item.operand, field.type, known))


def _value_findings(
    item: RecordFilter, scope: FindScope, preparation: Preparation, path: str
) -> Iterator[Finding]:
    if any(tokens(item.value)):
        return
    try:
        preparation.prepared(compile_record_filter(item, scope))
    except errors.StepInputError as exc:
        yield Finding(CODE, f"{path}.value", shown(str(exc), _LONGEST_REASON))


def _unknown_field(path: str, name: str, fields: Mapping[str, FilterField]) -> Finding:
    message = f'the object has no field "{shown(name)}"; name one of its fields'
    return Finding(CODE, path, message, nearest(name, fields))
