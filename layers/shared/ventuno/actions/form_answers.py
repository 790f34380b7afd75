"""Check the answer to a form against its fields; it comes from outside, and every wrong field is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.form_fields import FormFieldType, answer_type
from ventuno.expressions.showing import shown
from ventuno.records.fields.base import FieldValueError
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.actions.form_fields import FormField
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.reading import RecordReading

_MOST_UNKNOWN = 20


def checked_answer(fields: Sequence[FormField], answer: JsonValue, objects: ObjectModel) -> JsonObject:
    """Return the value of every field, null where none was given; a RECORD's is `{id}`.

    Raises: FormAnswerError with a sentence for each wrong field
    """
    if not isinstance(answer, dict):
        raise errors.FormAnswerError({"answer": "must be an object with a value by field name"})
    result: JsonObject = {}
    problems: dict[str, str] = {}
    for field in fields:
        try:
            result[field.name] = _value(field, answer.get(field.name), objects)
        except FieldValueError as error:
            problems[field.name] = str(error)
    problems |= _unknown(fields, answer)
    if problems:
        raise errors.FormAnswerError(problems)
    return result


def with_records(
    fields: Sequence[FormField], result: JsonObject, objects: ObjectModel, records: RecordReading
) -> JsonObject:
    """Put whole records, with what they relate to, where a checked answer has `{id}`.

    Raises: FormAnswerError, StoreUnavailableError
    Source: reference §3.10
    """
    whole, problems = dict(result), {}
    for field in fields:
        match result[field.name]:
            case {"id": str(record_id)} if field.type is FormFieldType.RECORD:
                try:
                    whole[field.name] = _record(field, record_id, objects, records)
                except errors.RecordNotFoundError as error:
                    problems[field.name] = str(error)
    if problems:
        raise errors.FormAnswerError(problems)
    return whole


def _record(field: FormField, record_id: str, objects: ObjectModel, records: RecordReading) -> JsonObject:
    kind = objects.get(field.settings.object_name or "")
    return records.with_related(kind, [records.get(kind.name, record_id)])[0]


def _value(field: FormField, given: JsonValue, objects: ObjectModel) -> JsonValue:
    """Check one value. Raises: FieldValueError"""
    kind = answer_type(field, objects)
    if kind is None:
        raise FieldValueError("has no options any more; correct the form")
    is_record = field.type is FormFieldType.RECORD
    if is_record and given is not None:
        given = _record_id(given)
    value = None if given is None else kind.normalise(given)
    if value is None and field.required:
        raise FieldValueError("is required")
    return {"id": value} if is_record and value is not None else value


def _record_id(given: JsonValue) -> JsonValue:
    match given:
        case {"id": record_id, **others} if not others:
            return record_id
    raise FieldValueError('must be a record as {"id": "<its id>"}')


def _unknown(fields: Sequence[FormField], answer: JsonObject) -> dict[str, str]:
    names = [field.name for field in fields]
    unknown = [key for key in answer if key not in names][:_MOST_UNKNOWN]
    return {shown(key): _no_field(nearest(key, names)) for key in unknown}


def _no_field(suggestion: str | None) -> str:
    return "is not a field of this form" + (f'; did you mean "{suggestion}"?' if suggestion else "")
