"""The rows that make up a record in the records table.

Item:   {PK: "REC#<object>#<id>", SK: "A", kind: "record", ver, listPk, listSk, fields, causation?}
Item:   {PK: "UNQ#<object>#<columns>#<value>", SK: "A", kind: "unique", recordId}
Item:   {PK: "IDX#<object>#<column>#<value>", SK: "<createdAt>#<id>", kind: "index", recordId}
Item:   {PK: "RNG#<object>#<column>", SK: "<ordered value>#<createdAt>#<id>", kind: "index", recordId}
Item:   {PK: "TOK#<object>#<word's first two>", SK: "<word>#<createdAt>#<id>", kind: "token", recordId}
Item:   {PK: "WRITE#<key>", SK: "A", kind: "write", object, operation, fields, expiresAt}

Attributes and fields without a value are left out. The base row is in the index byObject, deleted records
apart from live ones. Index and token rows belong to live records only; unique rows to all, for a deleted
record keeps its values. An indexed field has rows of one of both kinds: RNG if its type is ordered, else IDX.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING

from ventuno.records.revision import StoredRecord
from ventuno.records.search import search_words
from ventuno.records.store import Row, RowKey, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType, UniqueGroup

SHARDS = 8
_ONLY = "A"
_LONGEST_KEY_TEXT = 512  # bytes; a partition key may have 2,048 with all its prefixes


def record_key(kind: ObjectType, record_id: str) -> RowKey:
    """Return the key of a record's base row."""
    return RowKey(f"REC#{kind.name}#{record_id}", _ONLY)


def write_key(key: str) -> RowKey:
    """Return the key of the row that remembers a write."""
    return RowKey(f"WRITE#{_short(key)}", _ONLY)


def unique_key(kind: ObjectType, group: UniqueGroup, values: Mapping[str, JsonValue]) -> RowKey | None:
    """Return the key of the row that holds a unique group's values, or None when one has no value."""
    texts = [field.type.key_text(values.get(field.column)) for field in group.fields]
    known = [text for text in texts if text]
    if len(known) < len(texts):
        return None
    value = known[0] if len(known) == 1 else json.dumps(known, ensure_ascii=False)
    return RowKey(f"UNQ#{kind.name}#{group.name}#{_short(value)}", _ONLY)


def index_partition(kind: ObjectType, column: str, text: str) -> str:
    """Return the partition of the index rows of all live records with a value."""
    return f"IDX#{kind.name}#{column}#{_short(text)}"


def range_partition(kind: ObjectType, column: str) -> str:
    """Return the partition of the index rows of all live records, in the order of their values."""
    return f"RNG#{kind.name}#{column}"


def token_partition(kind: ObjectType, word: str) -> str:
    """Return the partition of the token rows of all words that begin like a word of two letters or more."""
    return f"TOK#{kind.name}#{word[:2]}"


def token_bounds(start: str) -> tuple[str, str]:
    """Return the bounds of the token rows of all words that begin so."""
    return start, f"{start}\U0010ffff"


def position_behind(row: Row) -> str:
    """Return the place in listings of the record of a row whose sort key has something in front of it."""
    return "#".join(str(row["SK"]).rsplit("#", 2)[1:])


def list_partitions(kind: ObjectType, *, deleted: bool) -> tuple[str, ...]:
    """Return the partitions of the index byObject that hold an object's live or deleted records."""
    return tuple(f"{_list_prefix(deleted=deleted)}#{kind.name}#{shard}" for shard in range(SHARDS))


def list_position(record: JsonObject) -> str:
    """Return a record's place in every listing: by creation, then by id."""
    return position_of(record["createdAt"], str(record["id"]))


def position_of(created_at: JsonValue, record_id: str) -> str:
    """Return the place in every listing of a record created then."""
    return f"{created_at}#{record_id}"


def before_all_of(text: str) -> str:
    """Return the bound in front of all keys that begin with a text and `#`; no key is equal to it."""
    return text


def behind_all_of(text: str) -> str:
    """Return the bound behind all keys that begin with a text and `#`, which `$` follows."""
    return f"{text}$"


def base_row(kind: ObjectType, stored: StoredRecord, causation: tuple[str, ...]) -> Row:
    """Return the row that holds a record."""
    record = stored.record
    key = record_key(kind, str(record["id"]))
    shard = zlib.crc32(str(record["id"]).encode()) % SHARDS
    row: Row = {
        "PK": key.pk,
        "SK": key.sk,
        "kind": "record",
        "object": kind.name,
        "ver": stored.version,
        "listPk": f"{_list_prefix(deleted=record['deletedAt'] is not None)}#{kind.name}#{shard}",
        "listSk": list_position(record),
        "fields": {**stored.unknown, **to_fields(kind, record)},
    }
    return row | {"causation": list(causation)} if causation else row


def derived_rows(kind: ObjectType, record: JsonObject | None) -> dict[RowKey, Row]:
    """Return the unique and index rows that belong to a record."""
    if record is None:
        return {}
    rows = _unique_rows(kind, record)
    if record["deletedAt"] is None:
        rows += [*_index_rows(kind, record), *_token_rows(kind, record)]
    return {key_of(row): row for row in rows}


def write_row(kind: ObjectType, key: str, operation: str, result: JsonObject, expires_at: int) -> Row:
    """Return the row that remembers a write and its result."""
    return {
        "PK": write_key(key).pk,
        "SK": _ONLY,
        "kind": "write",
        "object": kind.name,
        "operation": operation,
        "fields": to_fields(kind, result),
        "expiresAt": expires_at,
    }


def stored_record(kind: ObjectType, row: Row) -> StoredRecord:
    """Read a record out of its base row."""
    kept = row["fields"] if isinstance(row["fields"], dict) else {}
    unknown = {column: value for column, value in kept.items() if column not in kind.by_column}
    return StoredRecord(from_fields(kind, row), int(str(row["ver"])), unknown)


def from_fields(kind: ObjectType, row: Row) -> JsonObject:
    """Read the full record out of a base or write row: every column, null where there is no value."""
    kept = row["fields"] if isinstance(row["fields"], dict) else {}
    return {
        field.column: field.type.loaded(kept[field.column]) if field.column in kept else field.type.empty
        for field in kind.fields
    }


def from_columns(kind: ObjectType, row: Row, columns: tuple[str, ...]) -> JsonObject:
    """Read some columns out of a row that was cut down to them; its place tells id and creation."""
    fields = row.get("fields")
    kept = fields if isinstance(fields, dict) else {}
    created_at, _, record_id = str(row["listSk"]).rpartition("#")
    record: JsonObject = {"id": record_id, "createdAt": created_at, "deletedAt": None}
    for column in columns:
        own = kind.by_column[column].type
        record[column] = own.loaded(kept[column]) if column in kept else own.empty
    return record


def to_fields(kind: ObjectType, record: JsonObject) -> JsonObject:
    """Return the columns that have a value, in the form stores keep."""
    stored = {
        field.column: field.type.stored(record[field.column])
        for field in kind.fields
        if record[field.column] is not None
    }
    return {column: value for column, value in stored.items() if value is not None}


def _unique_rows(kind: ObjectType, record: JsonObject) -> list[Row]:
    keys = (unique_key(kind, group, record) for group in kind.unique_groups)
    return [
        {"PK": key.pk, "SK": key.sk, "kind": "unique", "recordId": record["id"]}
        for key in keys
        if key is not None
    ]


def _index_rows(kind: ObjectType, record: JsonObject) -> list[Row]:
    keys = (_index_key(kind, field, record) for field in kind.indexed_fields)
    return [
        {"PK": key.pk, "SK": key.sk, "kind": "index", "recordId": record["id"]}
        for key in keys
        if key is not None
    ]


def _index_key(kind: ObjectType, field: Field, record: JsonObject) -> RowKey | None:
    value, position = record[field.column], list_position(record)
    text = field.type.key_text(value)
    if not text:
        return None
    if field.type.ordered:
        return RowKey(range_partition(kind, field.column), f"{field.type.order_text(value)}#{position}")
    return RowKey(index_partition(kind, field.column, text), position)


def _token_rows(kind: ObjectType, record: JsonObject) -> list[Row]:
    return [
        {
            "PK": token_partition(kind, word),
            "SK": f"{word}#{list_position(record)}",
            "kind": "token",
            "recordId": record["id"],
        }
        for word in search_words(kind, record)
    ]


def _list_prefix(*, deleted: bool) -> str:
    return "DELETED" if deleted else "LIST"


def _short(text: str) -> str:
    encoded = text.encode("utf-8", "surrogatepass")
    return text if len(encoded) <= _LONGEST_KEY_TEXT else f"sha256:{hashlib.sha256(encoded).hexdigest()}"
