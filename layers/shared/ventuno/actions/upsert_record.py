"""UPSERT_RECORD: update the record that a unique field points at, or make one.

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


class UpsertRecordSettings(RecordSettings):
    """`{objectName, objectRecord, fieldsToUpdate?}`; the last is stored by the reference and never used."""

    fields_to_update: tuple[str, ...] = ()


class UpsertRecord(RecordAction[UpsertRecordSettings]):
    """Result: the record, made or updated. Source: reference §3.5, §10.5."""

    wire_type = "UPSERT_RECORD"
    settings_type = UpsertRecordSettings
    verb = "create"
    about = About(
        settings={
            "objectName": "The object's singular name.",
            "objectRecord": "Values by field; the id or the unique fields among them find the record.",
            "fieldsToUpdate": "Kept for definitions that come from Twenty, and not used.",
        },
        result="the record, made or changed; it does not say which.",
        errors={
            errors.RecordInputError: "a field is unknown, or its type refuses the value",
            errors.UpsertConflictError: "the unique fields point at different records",
        },
        examples=(
            Example(
                "A company by its domain",
                {
                    "objectName": "company",
                    "objectRecord": {
                        "name": "{{trigger.company}}",
                        "domainName": {"primaryLinkUrl": "{{trigger.domain}}"},
                    },
                },
                {"id": "20202020-0687-4c41-b707-ed1bfca972a7", "name": "Acme"},
            ),
        ),
    )

    def run(self, settings: UpsertRecordSettings, call: StepCall) -> JsonValue:
        """Upsert the record. Raises: RecordInputError, UpsertConflictError"""
        return call.records.upsert(settings.object_name, self.fields(settings, call), write_context(call))
