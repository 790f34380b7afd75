"""DELETE_RECORD: delete one record softly; it can be restored.

Compiles to a Task; safe to retry because the write is keyed by the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.record_checks import written_object_findings
from ventuno.actions.record_settings import ObjectName, refuse_system_object, write_context
from ventuno.records.fields.uuid import is_uuid
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema


class DeleteRecordSettings(Wire):
    """`{objectName: nameSingular, objectRecordId}`."""

    object_name: ObjectName
    object_record_id: str


class DeleteRecord(TaskAction[DeleteRecordSettings]):
    """Result: the deleted record. Source: reference §3.4."""

    wire_type = "DELETE_RECORD"
    settings_type = DeleteRecordSettings
    about = About(
        settings={
            "objectName": "The object's singular name.",
            "objectRecordId": "The id of the record, usually a variable.",
        },
        result="the record with its `deletedAt`; `PATCH /rest/restore/…` takes it back.",
        errors={
            errors.StepInputError: "the id is no UUID, or the object is one that automations only read",
            errors.RecordNotFoundError: "no record has this id, or it was deleted before",
        },
        examples=(
            Example(
                "Delete a task that came to nothing",
                {"objectName": "task", "objectRecordId": "{{trigger.recordId}}"},
                {
                    "id": "20202020-0687-4c41-b707-ed1bfca972a7",
                    "title": "Call back",
                    "deletedAt": "2026-03-18T10:30:00.000Z",
                },
            ),
        ),
    )

    def output_schema(self, settings: DeleteRecordSettings, scope: StepScope) -> Schema:
        """Return the record's schema."""
        return scope.record(settings.object_name)

    def check(self, settings: DeleteRecordSettings, scope: StepScope) -> Iterator[Finding]:
        """Find an object that does not exist, or that automations may only read."""
        yield from written_object_findings(settings.object_name, "delete", scope.objects)

    def run(self, settings: DeleteRecordSettings, call: StepCall) -> JsonValue:
        """Delete the record. Raises: StepInputError, RecordNotFoundError"""
        refuse_system_object(settings.object_name, "delete", call)
        if not is_uuid(settings.object_record_id.lower()):
            raise errors.StepInputError("Failed to delete: Object record ID and name are required")
        return call.records.delete(settings.object_name, settings.object_record_id, write_context(call))
