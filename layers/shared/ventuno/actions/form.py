"""FORM: ask a person, on a page of its own at an address nobody can guess, or through the API.

Its state waits for a callback; whoever takes the answer checks it with `result_of`. Safe to retry: nothing
happens until the answer comes, and it is taken once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, ModelWrapValidatorHandler, PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import CallbackAction
from ventuno.actions.duration import TOO_LONG, Duration
from ventuno.actions.form_answers import checked_answer, with_records
from ventuno.actions.form_checks import field_findings
from ventuno.actions.form_fields import FormField, FormFieldType
from ventuno.definition.durations import ONE_YEAR_SECONDS, UNITS, total_seconds
from ventuno.schemas import ANY, NUMBER, TEXT, Array, Object, Scalar
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.reading import RecordReading
    from ventuno.schemas import Schema


def _some(fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
    if not fields:
        raise ValueError("Form action must have at least one field")
    return fields


def _expiry(duration: Duration) -> Duration:
    """Refuse variables, because the machine's limit is fixed, and a time that has no use."""
    written = duration.written()
    if len(written) < len(UNITS):
        raise ValueError("it must be a fixed time; a variable is not known when the machine is made")
    if not total_seconds(written):
        raise ValueError("it must be longer than nothing; leave it out to wait a year")
    if total_seconds(written) > ONE_YEAR_SECONDS:
        raise ValueError(TOO_LONG)
    return duration


class FormSettings(Wire):
    """A list of fields, or `{fields, assignee?, expiresAfter?}`.

    `assignee` is the id of a workspace member, or a variable. Without `expiresAfter` a form waits for a year.
    """

    fields: Annotated[tuple[FormField, ...], AfterValidator(_some)]
    assignee: str | None = None
    expires_after: Annotated[Duration, AfterValidator(_expiry)] | None = None
    _root: str = PrivateAttr(".fields")

    @model_validator(mode="wrap")
    @classmethod
    def _from_list(cls, given: Any, handler: ModelWrapValidatorHandler[FormSettings]) -> FormSettings:  # noqa: ANN401 - author JSON
        """Take a bare list of fields, the reference's form, and tell its errors without our key."""
        if not isinstance(given, list | tuple):
            return handler(given)
        try:
            made = handler({"fields": given})
        except ValidationError as error:
            raise _without_first_key(error) from None
        made._root = ""  # noqa: SLF001 - its own, and frozen models have no other way
        return made

    @property
    def root(self) -> str:
        """Where the fields stand, as a path that starts at the input."""
        return self._root


def _without_first_key(error: ValidationError) -> ValidationError:
    lines = [
        InitErrorDetails(type=each["type"], loc=each["loc"][1:], input=each["input"], ctx=each.get("ctx", {}))
        for each in error.errors(include_url=False)
    ]
    return ValidationError.from_exception_data(error.title, lines)


class Form(CallbackAction[FormSettings]):
    """Result: `{<field name>: value}`. Source: reference §3.10; decisions, Actions."""

    wire_type = "FORM"
    settings_type = FormSettings
    about = About(
        settings={
            "fields": "`{name, label, type, required?, placeholder?, settings?}` each; `type` is TEXT, "
            "NUMBER, DATE, SELECT, MULTI_SELECT or RECORD. The input may also be the list alone.",
            "assignee": "Who is to answer, such as the id of a workspace member; forms are listed by it.",
            "expiresAfter": "`{days?, hours?, minutes?, seconds?}` until nobody can answer; at most a year.",
        },
        result="the answers by the names of the fields; a RECORD is the record with what it relates to.",
        errors={
            errors.StepInputError: "a variable leaves a field without label, or the form without a field"
        },
        examples=(
            Example(
                "A name and a number",
                {
                    "fields": [
                        {"name": "company", "label": "Company", "type": "TEXT", "required": True},
                        {"name": "seats", "label": "Seats", "type": "NUMBER"},
                    ],
                    "expiresAfter": {"days": 7},
                },
                {"company": "Acme", "seats": 12},
            ),
        ),
    )

    def output_schema(self, settings: FormSettings, scope: StepScope) -> Schema:
        """Return the schema of the answer."""
        return Object({field.name: _schema(field, scope) for field in settings.fields})

    def check(self, settings: FormSettings, scope: StepScope) -> Iterator[Finding]:
        """Find names used twice, objects that do not exist, and fields without options."""
        yield from field_findings(settings.fields, settings.root, scope.objects)

    def result_of(
        self, settings: FormSettings, answer: JsonValue, objects: ObjectModel, records: RecordReading
    ) -> JsonObject:
        """Check an answer, and read the records that were chosen as `{id}`.

        Raises: FormAnswerError with every wrong field
        """
        result = checked_answer(settings.fields, answer, objects)
        return with_records(settings.fields, result, objects, records)


_SCHEMAS: dict[FormFieldType, Schema] = {
    FormFieldType.TEXT: TEXT,
    FormFieldType.NUMBER: NUMBER,
    FormFieldType.DATE: Scalar("DATE"),
    FormFieldType.SELECT: Scalar("SELECT"),
    FormFieldType.MULTI_SELECT: Array(TEXT),
}


def _schema(field: FormField, scope: StepScope) -> Schema:
    if field.type is FormFieldType.RECORD:
        return scope.record(field.settings.object_name) if field.settings.object_name else ANY
    return _SCHEMAS[field.type]
