"""UPSERT_RECORD: update the record that a unique field points at, or make one.

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


class UpsertRecordSettings(RecordSettings):
    """`{objectName, objectRecord, fieldsToUpdate?}`; the last is stored by the reference and never used."""

    fields_to_update: tuple[str, ...] = ()


class UpsertRecord(TaskAction[UpsertRecordSettings]):
    """Result: the record, made or updated. Source: reference §3.5, §10.5."""

    wire_type = "UPSERT_RECORD"
    settings_type = UpsertRecordSettings
    resolved_by_itself = frozenset({RECORD})
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

    def output_schema(self, settings: UpsertRecordSettings, scope: StepScope) -> Schema:
        """Return the record's schema."""
        return scope.record(settings.object_name)

    def check(self, settings: UpsertRecordSettings, scope: StepScope) -> Iterator[Finding]:
        """Find an object or fields that do not exist, and values that no field takes."""
        yield from written_object_findings(settings.object_name, "create", scope.objects)
        yield from record_findings(settings.object_name, settings.object_record, scope.objects)

    def run(self, settings: UpsertRecordSettings, call: StepCall) -> JsonValue:
        """Upsert the record. Raises: RecordInputError, UpsertConflictError"""
        refuse_system_object(settings.object_name, "create", call)
        record = resolved_record(settings, call)
        return call.records.upsert(settings.object_name, record, write_context(call))
