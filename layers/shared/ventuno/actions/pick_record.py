"""PICK_RECORD: pick one of some records: at random, in turns, or the one with the least to do.

Compiles to a Task; safe to retry because the turn that a step took is kept by the step.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.record_checks import CODE, object_findings
from ventuno.actions.record_settings import ObjectName
from ventuno.definition.findings import Finding
from ventuno.expressions import OPENING
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.uuid import is_uuid
from ventuno.records.query import Query
from ventuno.spelling import nearest
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.schemas import Schema

MOST_CANDIDATES: Final = 1000
_BATCH: Final = 100
_EMPTY: Final = "Pick record action has no candidate records"
_NONE_FOUND: Final = "Pick record action could not find any of the candidate records"


class Strategy(StrEnum):
    """How the record is chosen."""

    RANDOM = "RANDOM"
    ROUND_ROBIN = "ROUND_ROBIN"
    LOAD_BALANCED = "LOAD_BALANCED"


class LoadBalance(Wire):
    """`{objectNameSingular, fieldName}`: the records that count, and their relation to the candidates."""

    object_name_singular: ObjectName
    field_name: ObjectName


class PickRecordSettings(Wire):
    """`{objectName, strategy?, recordIds, loadBalance?}`."""

    object_name: ObjectName
    strategy: Strategy = Strategy.RANDOM
    record_ids: list[Any] | str
    load_balance: LoadBalance | None = None


class PickRecord(TaskAction[PickRecordSettings]):
    """Result: the record. Source: reference §3.7."""

    wire_type = "PICK_RECORD"
    settings_type = PickRecordSettings
    about = About(
        settings={
            "objectName": "The object's singular name, such as `workspaceMember`.",
            "strategy": "`RANDOM`, `ROUND_ROBIN` (by id, one after the other over all runs), or "
            "`LOAD_BALANCED` (the one to which the fewest records of `loadBalance` point).",
            "recordIds": "The candidates: ids, records, or a variable of a list, without those deleted.",
            "loadBalance": "`{objectNameSingular, fieldName}`: whose records count, and their relation to "
            "the candidates.",
        },
        result="the record that was picked.",
        errors={errors.StepInputError: "there are no candidates, or none of them exists any more"},
        examples=(
            Example(
                "Whose turn it is",
                {
                    "objectName": "workspaceMember",
                    "strategy": "ROUND_ROBIN",
                    "recordIds": [
                        "20202020-0687-4c41-b707-ed1bfca972a7",
                        "20202020-77d5-4cb6-b60a-f4a835a85d61",
                    ],
                },
                {"id": "20202020-0687-4c41-b707-ed1bfca972a7", "userEmail": "tim@example.com"},
            ),
        ),
    )

    def output_schema(self, settings: PickRecordSettings, scope: StepScope) -> Schema:
        """Return the record's schema."""
        return scope.record(settings.object_name)

    def check(self, settings: PickRecordSettings, scope: StepScope) -> Iterator[Finding]:
        """Find an object or a relation that does not exist, and candidates that are none."""
        yield from object_findings(settings.object_name, scope.objects)
        if settings.record_ids in ([], ""):
            yield Finding(CODE, ".recordIds", f"{_EMPTY}; name some, or a variable of a list")
        if settings.strategy is Strategy.LOAD_BALANCED:
            yield from _balance_findings(settings, scope)

    def run(self, settings: PickRecordSettings, call: StepCall) -> JsonValue:
        """Pick a record. Raises: StepInputError, StoreUnavailableError"""
        ids = _ids(settings.record_ids)
        if not ids:
            raise errors.StepInputError(_EMPTY)
        candidates = _existing(settings.object_name, ids, call)
        if not candidates:
            raise errors.StepInputError(_NONE_FOUND)
        return candidates[_position(settings, candidates, call)]


def _ids(given: list[Any] | str) -> list[str]:
    """Read the ids of ids or records. Raises: StepInputError"""
    entries = given if isinstance(given, list) else given.split(",")
    ids = [_id(entry) for entry in entries if entry not in (None, "")]
    if len(ids) > MOST_CANDIDATES:
        raise errors.StepInputError(f"there are {len(ids)} candidates, {MOST_CANDIDATES} are allowed")
    return sorted(set(ids))


def _id(entry: Any) -> str:  # noqa: ANN401 - what a variable resolved to
    value = entry.get("id") if isinstance(entry, dict) else entry
    if not isinstance(value, str) or not is_uuid(value.strip().lower()):
        raise errors.StepInputError(f"a candidate is a record or the id of one, not {str(value)[:60]!r}")
    return value.strip().lower()


def _existing(object_name: str, ids: Sequence[str], call: StepCall) -> list[JsonObject]:
    """Read the candidates, in the order of their ids."""
    found: list[JsonObject] = []
    for start in range(0, len(ids), _BATCH):
        batch: JsonValue = [*ids[start : start + _BATCH]]
        condition = Comparison(("id",), Operator.IN, batch)
        found += call.records.query(object_name, Query(condition, limit=_BATCH, counted=False)).records
    return sorted(found, key=lambda record: str(record["id"]))


def _position(settings: PickRecordSettings, candidates: Sequence[JsonObject], call: StepCall) -> int:
    if settings.strategy is Strategy.ROUND_ROBIN:
        step_id = call.key.split("/")[1]
        turn = call.outside.effects.ticket(f"{call.workflow_id}/{step_id}", call.key)
        return turn % len(candidates)
    if settings.strategy is Strategy.LOAD_BALANCED:
        loads = [_load(settings.load_balance, str(record["id"]), call) for record in candidates]
        return loads.index(min(loads))
    return int.from_bytes(hashlib.sha256(call.key.encode()).digest()[:8]) % len(candidates)


def _load(balance: LoadBalance | None, record_id: str, call: StepCall) -> int:
    """Count the records that point to a candidate."""
    if balance is None:
        raise errors.StepInputError("LOAD_BALANCED needs loadBalance: {objectNameSingular, fieldName}")
    name = balance.object_name_singular
    field = call.objects.get(name).by_input_name.get(balance.field_name)
    if field is None or not isinstance(field.type, RelationType):
        raise errors.StepInputError(f"{name}.{balance.field_name} is no relation to one record")
    condition = Comparison((field.column,), Operator.EQ, record_id)
    return call.records.query(name, Query(condition, limit=1)).total_count


def _balance_findings(settings: PickRecordSettings, scope: StepScope) -> Iterator[Finding]:
    balance = settings.load_balance
    if balance is None:
        yield Finding(CODE, ".loadBalance", "LOAD_BALANCED needs {objectNameSingular, fieldName}; add it")
        return
    if OPENING in balance.object_name_singular + balance.field_name:
        return
    relations = scope.objects.relations(balance.object_name_singular)
    if not scope.objects.kind(balance.object_name_singular):
        names = scope.objects.names()
        message = f'there is no object "{balance.object_name_singular}"; correct it'
        yield Finding(
            CODE, ".loadBalance.objectNameSingular", message, nearest(balance.object_name_singular, names)
        )
    elif relations.get(balance.field_name.removesuffix("Id")) != settings.object_name:
        to_candidates = [name for name, target in relations.items() if target == settings.object_name]
        message = (
            f"{balance.object_name_singular}.{balance.field_name} is no relation to {settings.object_name}; "
            f"use {', '.join(to_candidates) or 'an object that has one'}"
        )
        yield Finding(CODE, ".loadBalance.fieldName", message, nearest(balance.field_name, to_candidates))
