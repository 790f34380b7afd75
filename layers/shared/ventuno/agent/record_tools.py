"""Tools on records: exactly the calls on exactly the objects that the author lists, and nothing else.

A write is keyed by what it writes and how often it was asked for, so an agent that begins anew after a crash
writes nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.agent.conversation import ToolResult, ToolSpec
from ventuno.filters.condition import And, Comparison, Operator
from ventuno.filters.rest import parse_filter
from ventuno.records.budget import Budget
from ventuno.records.context import WriteContext
from ventuno.records.json_schema import properties
from ventuno.records.model.field import Access
from ventuno.records.query import Query
from ventuno.records.search import VECTOR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.agent.conversation import ToolCall
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.context import Actor
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.service import RecordService

MOST_FOUND: Final = 20
LONGEST_RESULT: Final = 20_000  # characters that the model is told of one call
_ID: Final[JsonObject] = {"type": "string", "format": "uuid"}
_BUDGET: Final = Budget(rows=50_000, reads=500, seconds=15)


class RecordVerb(StrEnum):
    """What a tool does with records."""

    SEARCH = "SEARCH"
    READ = "READ"
    CREATE = "CREATE"
    UPDATE = "UPDATE"

    @property
    def writes(self) -> bool:
        """Whether it changes records."""
        return self in (RecordVerb.CREATE, RecordVerb.UPDATE)


@dataclass(frozen=True, slots=True)
class Permission:
    """What an author lets a model do with an object; with `fields`, only these may be written."""

    verb: RecordVerb
    object_name: str
    fields: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """The tool's name."""
        return f"{self.verb.value.lower()}_{self.object_name}"


@dataclass(frozen=True)
class Writing:
    """Who writes, under which key, and which runs led here."""

    actor: Actor
    key: str
    causation: tuple[str, ...]


@dataclass
class RecordTools:
    """The tools of one conversation."""

    permissions: Sequence[Permission]
    objects: ObjectModel
    records: RecordService
    writing: Writing
    _asked: Counter[str] = field(default_factory=Counter)

    def specs(self) -> tuple[ToolSpec, ...]:
        """Describe the tools to the model. Raises: RecordInputError"""
        return tuple(_spec(each, self.objects.get(each.object_name)) for each in self.permissions)

    def call(self, asked: ToolCall) -> ToolResult:
        """Do what the model asks for, or tell it why not. Raises: StoreUnavailableError"""
        allowed = {each.name: each for each in self.permissions}
        permission = allowed.get(asked.name)
        if permission is None:
            known = ", ".join(allowed) or "none"
            return _refusal(asked, f"there is no tool {asked.name[:100]}; the tools are: {known}")
        if asked.arguments is None:
            return _refusal(asked, "the arguments are not a JSON object")
        try:
            result = _WORK[permission.verb](self, permission, asked.arguments)
        except errors.RetryableStepError:
            raise
        except (errors.StepError, errors.ApiError) as error:
            return _refusal(asked, str(error))
        return ToolResult(asked.id, _shortened(result))

    def _search(self, permission: Permission, given: Mapping[str, Any]) -> JsonValue:
        _refuse_others(given, ("words", "filter", "limit"))
        words, written, limit = given.get("words"), given.get("filter"), given.get("limit", MOST_FOUND)
        if type(limit) is not int or not 1 <= limit <= MOST_FOUND:
            raise errors.StepInputError(f"limit must be a whole number from 1 to {MOST_FOUND}")
        conditions = [
            *([Comparison((VECTOR,), Operator.SEARCH, str(words))] if words else []),
            *([parse_filter(str(written))] if written else []),
        ]
        if not conditions:
            raise errors.StepInputError("give words or a filter; listing every record is not allowed")
        query = Query(And(tuple(conditions)), limit=limit, counted=False, budget=_BUDGET)
        return list(self.records.query(permission.object_name, query).records)

    def _read(self, permission: Permission, given: Mapping[str, Any]) -> JsonValue:
        _refuse_others(given, ("id",))
        return self.records.get(permission.object_name, str(given.get("id")))

    def _create(self, permission: Permission, given: Mapping[str, Any]) -> JsonValue:
        return self.records.create(
            permission.object_name, _fields(permission, given), self._context(permission, given)
        )

    def _update(self, permission: Permission, given: Mapping[str, Any]) -> JsonValue:
        fields = {name: value for name, value in given.items() if name != "id"}
        write = self._context(permission, given)
        return self.records.update(
            permission.object_name, str(given.get("id")), _fields(permission, fields), write
        )

    def _context(self, permission: Permission, given: Mapping[str, Any]) -> WriteContext:
        text = json.dumps([permission.name, given], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        self._asked[digest] += 1
        writing = self.writing
        key = f"{writing.key}agent/{digest}/{self._asked[digest]}"
        return WriteContext(writing.actor, key, writing.causation)


_WORK: Final[dict[RecordVerb, Callable[[RecordTools, Permission, Mapping[str, Any]], JsonValue]]] = {
    RecordVerb.SEARCH: RecordTools._search,  # noqa: SLF001 - the table of its own methods
    RecordVerb.READ: RecordTools._read,  # noqa: SLF001 - same
    RecordVerb.CREATE: RecordTools._create,  # noqa: SLF001 - same
    RecordVerb.UPDATE: RecordTools._update,  # noqa: SLF001 - same
}


def _spec(permission: Permission, kind: ObjectType) -> ToolSpec:
    match permission.verb:
        case RecordVerb.SEARCH:
            told = (
                f"Find up to {MOST_FOUND} {kind.plural}. `words` finds those that have words which begin so. "
                'A filter is written as name[ilike]:"%acme%" or or(stage[eq]:NEW,amount[gt]:5).'
            )
            given: JsonObject = {
                "words": {"type": "string"},
                "filter": {"type": "string"},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST_FOUND},
            }
            return ToolSpec(permission.name, told, _object(given))
        case RecordVerb.READ:
            return ToolSpec(permission.name, f"Read one {kind.name} by its id.", _object({"id": _ID}, ["id"]))
        case RecordVerb.CREATE:
            told = f"Make one {kind.name}; leave out what is not known."
            return ToolSpec(permission.name, told, _object(_writable(permission, kind)))
        case RecordVerb.UPDATE:
            told = f"Change some fields of one {kind.name}; null clears a field."
            writable = {"id": _ID, **_writable(permission, kind)}
            return ToolSpec(permission.name, told, _object(writable, ["id"]))


def _writable(permission: Permission, kind: ObjectType) -> JsonObject:
    listed = permission.fields
    return properties(
        own
        for own in kind.fields
        if own.access is Access.WRITABLE and (listed is None or own.column in listed)
    )


def _object(members: JsonObject, required: Sequence[str] = ()) -> JsonObject:
    schema: JsonObject = {"type": "object", "properties": members, "additionalProperties": False}
    return schema | ({"required": list(required)} if required else {})


def _fields(permission: Permission, given: Mapping[str, Any]) -> dict[str, Any]:
    if permission.fields is not None:
        _refuse_others(given, permission.fields)
    return dict(given)


def _refuse_others(given: Mapping[str, Any], known: Sequence[str]) -> None:
    others = sorted(given.keys() - set(known))
    if others:
        raise errors.StepInputError(f"{others[0][:100]} is not allowed here; give {', '.join(known)}")


def _refusal(asked: ToolCall, reason: str) -> ToolResult:
    return ToolResult(asked.id, reason, failed=True)


def _shortened(result: JsonValue) -> str:
    text = json.dumps(result, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_RESULT else f"{text[:LONGEST_RESULT]}… (cut; ask for less)"
