"""CREATE_RECORD: make one record.

Compiles to a Task; safe to retry because the write is keyed by the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.record_settings import RecordSettings, refuse_system_object, write_context

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class CreateRecordSettings(RecordSettings):
    """`{objectName, objectRecord: {field: value}}`."""


class CreateRecord(TaskAction[CreateRecordSettings]):
    """Result: the created record. Source: reference §3.2; decisions, Actions."""

    wire_type = "CREATE_RECORD"
    settings_type = CreateRecordSettings

    def run(self, settings: CreateRecordSettings, call: StepCall) -> JsonValue:
        """Create the record. Raises: RecordInputError, RecordConflictError"""
        refuse_system_object(settings.object_name, "create", call)
        return call.records.create(settings.object_name, settings.object_record, write_context(call))
