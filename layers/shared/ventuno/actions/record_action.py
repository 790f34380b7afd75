"""RecordAction: what CREATE_RECORD, UPDATE_RECORD and UPSERT_RECORD share; each results in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.record_checks import record_findings, written_object_findings
from ventuno.actions.record_settings import RECORD, RecordSettings, refuse_system_object, resolved_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.schemas import Schema

RecordSettingsT = TypeVar("RecordSettingsT", bound=RecordSettings)


class RecordAction(TaskAction[RecordSettingsT]):
    """An action that writes fields of one record. `verb` is what it does to objects, as refusals say it."""

    verb: ClassVar[str]
    resolved_by_itself = frozenset({RECORD})

    def output_schema(self, settings: RecordSettingsT, scope: StepScope) -> Schema:
        """Return the record's schema."""
        return scope.record(settings.object_name)

    def check(self, settings: RecordSettingsT, scope: StepScope) -> Iterator[Finding]:
        """Find an object or fields that do not exist, and values that no field takes."""
        yield from written_object_findings(settings.object_name, self.verb, scope.objects)
        yield from record_findings(settings.object_name, settings.object_record, scope.objects)

    def fields(self, settings: RecordSettingsT, call: StepCall) -> dict[str, Any]:
        """Resolve what is to be written. Raises: RecordInputError, StepInputError"""
        refuse_system_object(settings.object_name, self.verb, call)
        return resolved_record(settings, call)
