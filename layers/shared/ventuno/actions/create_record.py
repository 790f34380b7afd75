"""CREATE_RECORD: make one record.

Compiles to a Task; safe to retry because the write is keyed by the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.record_checks import record_findings, written_object_findings
from ventuno.actions.record_settings import (
    RECORD,
    RecordSettings,
    refuse_system_object,
    resolved_record,
    write_context,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema


class CreateRecordSettings(RecordSettings):
    """`{objectName, objectRecord: {field: value}}`."""


class CreateRecord(TaskAction[CreateRecordSettings]):
    """Result: the created record. Source: reference §3.2; decisions, Actions."""

    wire_type = "CREATE_RECORD"
    settings_type = CreateRecordSettings
    resolved_by_itself = frozenset({RECORD})
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

    def output_schema(self, settings: CreateRecordSettings, scope: StepScope) -> Schema:
        """Return the record's schema."""
        return scope.record(settings.object_name)

    def check(self, settings: CreateRecordSettings, scope: StepScope) -> Iterator[Finding]:
        """Find an object or fields that do not exist, and values that no field takes."""
        yield from written_object_findings(settings.object_name, "create", scope.objects)
        yield from record_findings(settings.object_name, settings.object_record, scope.objects)

    def run(self, settings: CreateRecordSettings, call: StepCall) -> JsonValue:
        """Create the record. Raises: RecordInputError, RecordConflictError"""
        refuse_system_object(settings.object_name, "create", call)
        record = resolved_record(settings, call)
        return call.records.create(settings.object_name, record, write_context(call))
