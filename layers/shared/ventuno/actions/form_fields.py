"""The fields of a form: what each asks for, and how the answer to it is checked."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ventuno import errors
from ventuno.records.fields.date import DateType
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.fields.uuid import UuidType
from ventuno.wire import Wire

if TYPE_CHECKING:
    from ventuno.records.fields.base import FieldType
    from ventuno.records.model.field import Field as RecordField
    from ventuno.records.model.object_model import ObjectModel

LABEL_AND_TYPE = "Form action fields must have a defined label and type"


class FormFieldType(StrEnum):
    """What a field asks for."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    DATE = "DATE"
    SELECT = "SELECT"
    MULTI_SELECT = "MULTI_SELECT"
    RECORD = "RECORD"

    @property
    def chooses(self) -> bool:
        """Whether the answer is one or some of the options of a record field."""
        return self in (FormFieldType.SELECT, FormFieldType.MULTI_SELECT)


def _defined(value: Any) -> Any:  # noqa: ANN401 - author JSON
    if value is None or value == "":
        raise ValueError(LABEL_AND_TYPE)
    return value


class FormFieldSettings(Wire):
    """`{objectName}` for RECORD, `{selectedFieldId: "<object>.<field>"}` for SELECT and MULTI_SELECT."""

    object_name: str | None = None
    selected_field_id: str | None = None


class FormField(Wire):
    """One field; `name` is the key of its answer in the result. Source: reference §3.10."""

    name: Annotated[str, Field(min_length=1)]
    label: Annotated[str, BeforeValidator(_defined)]
    type: Annotated[FormFieldType, BeforeValidator(_defined)]
    id: str | None = None
    placeholder: str | None = None
    required: bool = False
    settings: FormFieldSettings = FormFieldSettings()
    value: Any = None


_PLAIN: dict[FormFieldType, FieldType] = {
    FormFieldType.TEXT: TextType(),
    FormFieldType.NUMBER: NumberType(),
    FormFieldType.DATE: DateType(),
    FormFieldType.RECORD: UuidType(),  # of the record's id
}


def answer_type(field: FormField, objects: ObjectModel) -> FieldType | None:
    """Return the type that checks an answer, or None where the field with the options does not exist."""
    if field.type in _PLAIN:
        return _PLAIN[field.type]
    chosen = chosen_field(field, objects)
    return chosen.type if chosen and chosen.type.wire_name == field.type.value else None


def chosen_field(field: FormField, objects: ObjectModel) -> RecordField | None:
    """Return the record field whose options a SELECT or MULTI_SELECT offers."""
    object_name, _, name = (field.settings.selected_field_id or "").partition(".")
    try:
        return objects.get(object_name).by_input_name.get(name)
    except errors.RecordInputError:
        return None


def options_of(field: FormField, objects: ObjectModel) -> tuple[str, ...]:
    """Return what a SELECT or MULTI_SELECT offers, in the order people see it; nothing for other fields."""
    kind = answer_type(field, objects)
    return kind.options if isinstance(kind, SelectType | MultiSelectType) else ()
