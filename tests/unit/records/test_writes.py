from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors
from ventuno.records.context import Actor, WriteContext
from ventuno.records.fields.text import TextType
from ventuno.records.input import normalised
from ventuno.records.model.field import Field
from ventuno.records.revision import Stamp, StoredRecord, changed, created, deleted
from ventuno.records.standard.base import object_type
from ventuno.records.standard.person import PERSON
from ventuno.records.store import Absent, Holds, RowDelete, RowKey, RowPut, changed_key
from ventuno.records.writes import Write, plan

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

ID = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
COMPANY = "11111111-5d6e-4f70-8a9b-0c1d2e3f4a5b"
OTHER = "22222222-5d6e-4f70-8a9b-0c1d2e3f4a5b"
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
STAMP = Stamp(Actor("WORKFLOW", "Quick lead"), NOW)
KEYED = Write(PERSON, "create", WriteContext(STAMP.actor, "run/step/0", ("run-0", "run-1")), NOW)
KEYLESS = Write(PERSON, "update", WriteContext(STAMP.actor), NOW)


def ada(**more: Any) -> JsonObject:  # noqa: ANN401  any JSON
    values = {"emails": {"primaryEmail": "ada@example.com"}, "companyId": COMPANY, **more}
    return created(PERSON, normalised(PERSON, values), ID, STAMP)


def test_a_create_puts_the_record_its_key_and_its_index_rows() -> None:
    base, key, unique, index, *tokens = plan(KEYED, None, ada())

    assert isinstance(base, RowPut)
    assert base.condition == Absent()
    assert base.row == {
        "PK": f"REC#person#{ID}",
        "SK": "A",
        "kind": "record",
        "object": "person",
        "ver": 1,
        "listPk": "LIST#person#5",
        "listSk": f"2026-03-18T10:30:00.000Z#{ID}",
        "causation": ["run-0", "run-1"],
        "fields": {
            "id": ID,
            "createdAt": "2026-03-18T10:30:00.000Z",
            "updatedAt": "2026-03-18T10:30:00.000Z",
            "position": -1773829800000,
            "createdBy": {"source": "WORKFLOW", "name": "Quick lead", "context": "{}"},
            "updatedBy": {"source": "WORKFLOW", "name": "Quick lead", "context": "{}"},
            "emails": {"primaryEmail": "ada@example.com"},
            "companyId": COMPANY,
        },
    }
    assert isinstance(key, RowPut)
    assert key.condition == Absent()
    assert key.row == {
        "PK": "WRITE#run/step/0",
        "SK": "A",
        "kind": "write",
        "object": "person",
        "operation": "create",
        "fields": base.row["fields"],
        "expiresAt": int(datetime(2026, 6, 16, 10, 30, tzinfo=UTC).timestamp()),
    }
    assert unique == RowPut(
        {"PK": "UNQ#person#emails#ada@example.com", "SK": "A", "kind": "unique", "recordId": ID}, Absent()
    )
    assert index == RowPut(
        {
            "PK": f"IDX#person#companyId#{COMPANY}",
            "SK": f"2026-03-18T10:30:00.000Z#{ID}",
            "kind": "index",
            "recordId": ID,
        }
    )
    assert [changed_key(change) for change in tokens] == [
        RowKey("TOK#person#ad", f"ada#2026-03-18T10:30:00.000Z#{ID}"),
        RowKey("TOK#person#ex", f"example#2026-03-18T10:30:00.000Z#{ID}"),
    ]


def test_an_update_touches_only_the_rows_that_differ() -> None:
    before = StoredRecord(ada(), 3)
    after = changed(PERSON, before.record, {"companyId": OTHER, "jobTitle": "CTO"}, STAMP)
    base, *others = plan(KEYLESS, before, after)

    assert isinstance(base, RowPut)
    assert base.condition == Holds("ver", 3)
    assert base.row["ver"] == 4
    assert [(type(change), changed_key(change).pk) for change in others] == [
        (RowPut, f"IDX#person#companyId#{OTHER}"),
        (RowDelete, f"IDX#person#companyId#{COMPANY}"),
    ]


def test_a_soft_delete_leaves_the_unique_row_and_the_list() -> None:
    before = StoredRecord(ada(), 1)
    base, *others = plan(KEYLESS, before, deleted(before.record, STAMP))

    assert isinstance(base, RowPut)
    assert str(base.row["listPk"]).startswith("DELETED#person#")
    assert [changed_key(change).pk for change in others] == [
        f"IDX#person#companyId#{COMPANY}",
        "TOK#person#ad",
        "TOK#person#ex",
    ]


def test_a_destroy_removes_every_row() -> None:
    before = StoredRecord(ada(), 2)
    base, *others = plan(KEYLESS, before, None)

    assert isinstance(base, RowDelete)
    assert base.condition == Holds("ver", 2)
    assert all(isinstance(change, RowDelete) for change in others)
    assert len(others) == 4


def test_a_long_unique_value_is_kept_as_its_hash() -> None:
    wide = object_type("wide", "wides", [Field("sku", TextType(), unique=True)])
    record = created(wide, {"sku": "x" * 600}, ID, STAMP)
    write = Write(wide, "create", WriteContext(STAMP.actor), NOW)
    keys = [changed_key(change).pk for change in plan(write, None, record)]

    assert any(key.startswith("UNQ#wide#sku#sha256:") for key in keys)
    assert all(len(key) < 200 for key in keys)


def test_more_rows_than_a_transaction_takes_are_refused() -> None:
    fields = [Field(f"field{number}", TextType(), indexed=True) for number in range(100)]
    wide = object_type("wide", "wides", fields)
    record = created(wide, {field.name: "x" for field in fields}, ID, STAMP)

    with pytest.raises(errors.RecordInputError, match="101 rows of at most 100"):
        plan(Write(wide, "create", WriteContext(STAMP.actor), NOW), None, record)


def test_an_unchanged_record_is_no_revision() -> None:
    assert changed(PERSON, ada(), {"emails": {"primaryEmail": "ada@example.com"}}, STAMP) is None


def test_the_source_of_a_creation_may_be_given_and_its_name_may_not() -> None:
    record = ada(createdBy={"source": "EMAIL", "name": "Somebody"})

    assert record["createdBy"] == {**STAMP.actor.to_value(), "source": "EMAIL"}
