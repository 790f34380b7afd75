"""UPDATE_RECORD: change some fields of one record.

Compiles to a Task; safe to retry because the write is keyed by the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.record_action import RecordAction
from ventuno.actions.record_checks import field_list_findings, mode_findings
from ventuno.actions.record_settings import RecordSettings, write_context
from ventuno.records.fields.uuid import is_uuid
from ventuno.records.modes import WriteMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.base import StepCall
    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue


class UpdateRecordSettings(RecordSettings):
    """`{objectName, objectRecordId, objectRecord, fieldsToUpdate?, mode?}`.

    Without fieldsToUpdate all given fields count. `mode` is `append` or `only_if_empty` by field; a field
    without one is replaced.
    """

    object_record_id: str
    fields_to_update: tuple[str, ...] | None = None
    mode: dict[str, WriteMode] = Field(default_factory=dict)


class UpdateRecord(RecordAction[UpdateRecordSettings]):
    """Result: the updated record. Source: reference §3.3."""

    wire_type = "UPDATE_RECORD"
    settings_type = UpdateRecordSettings
    verb = "update"
    about = About(
        settings={
            "objectName": "The object's singular name.",
            "objectRecord": "Values by field; null clears a field.",
            "objectRecordId": "The id of the record, usually a variable.",
            "fieldsToUpdate": "The fields of `objectRecord` that are written; without it, all.",
            "mode": "By field: `append` writes behind what is there, `only_if_empty` only where nothing is.",
        },
        result="the record after the change.",
        errors={
            errors.StepInputError: "the id is no UUID, or there is nothing to write",
            errors.RecordInputError: "a field is unknown, or its type refuses the value",
            errors.RecordNotFoundError: "no record has this id",
            errors.RecordConflictError: "a unique value is taken by another record",
        },
        examples=(
            Example(
                "Move an opportunity on",
                {
                    "objectName": "opportunity",
                    "objectRecordId": "{{trigger.recordId}}",
                    "objectRecord": {"stage": "MEETING"},
                },
                {"id": "20202020-0687-4c41-b707-ed1bfca972a7", "name": "Big deal", "stage": "MEETING"},
            ),
        ),
    )

    def check(self, settings: UpdateRecordSettings, scope: StepScope) -> Iterator[Finding]:
        """Find also fields of `fieldsToUpdate` and `mode` that do not exist."""
        yield from super().check(settings, scope)
        yield from field_list_findings(settings.object_name, settings.fields_to_update or (), scope.objects)
        yield from mode_findings(settings.object_name, settings.mode, scope.objects)

    def run(self, settings: UpdateRecordSettings, call: StepCall) -> JsonValue:
        """Write the chosen fields. Raises: StepInputError, RecordInputError, RecordNotFoundError"""
        given = self.fields(settings, call)
        if not is_uuid(settings.object_record_id.lower()):
            raise errors.StepInputError("Failed to update: Object record ID and name are required")
        chosen = settings.fields_to_update
        changes = {field: value for field, value in given.items() if chosen is None or field in chosen}
        if not changes:
            raise errors.StepInputError("Failed to update: No fields to update")
        name, record_id = settings.object_name, settings.object_record_id
        return call.records.update(name, record_id, changes, write_context(call), modes=settings.mode)
