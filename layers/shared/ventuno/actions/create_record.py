"""CREATE_RECORD: make one record.

Compiles to a Task; safe to retry because the write is keyed by the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.record_action import RecordAction
from ventuno.actions.record_settings import RecordSettings, write_context

if TYPE_CHECKING:
    from ventuno.actions.base import StepCall
    from ventuno.json_value import JsonValue


class CreateRecordSettings(RecordSettings):
    """`{objectName, objectRecord: {field: value}}`."""


class CreateRecord(RecordAction[CreateRecordSettings]):
    """Result: the created record. Source: reference §3.2; decisions, Actions."""

    wire_type = "CREATE_RECORD"
    settings_type = CreateRecordSettings
    verb = "create"
    about = About(
        settings={
            "objectName": "The object's singular name, such as `person`.",
            "objectRecord": "Values by field; null clears a field, a relation is `<name>Id`.",
        },
        result="the record that was made.",
        errors={
            errors.RecordInputError: "a field is unknown, or its type refuses the value",
            errors.RecordConflictError: "a unique value is taken by another record",
        },
        examples=(
            Example(
                "A person with an e-mail address",
                {
                    "objectName": "person",
                    "objectRecord": {
                        "name": {"firstName": "{{trigger.firstName}}"},
                        "emails": {"primaryEmail": "{{trigger.email}}"},
                    },
                },
                {"id": "20202020-0687-4c41-b707-ed1bfca972a7", "name": {"firstName": "Ada", "lastName": ""}},
            ),
        ),
    )

    def run(self, settings: CreateRecordSettings, call: StepCall) -> JsonValue:
        """Create the record. Raises: RecordInputError, RecordConflictError"""
        return call.records.create(settings.object_name, self.fields(settings, call), write_context(call))
