"""Many creates at once, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import eq
from ventuno import errors
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.records.service import RecordService
    from ventuno.records.store import RecordStore, RowChange

KEYED = WriteContext(Actor("IMPORT", "Importer"), key="batch")


def people(count: int) -> list[dict[str, Any]]:
    return [{"emails": {"primaryEmail": f"{number}@example.com"}} for number in range(count)]


def test_a_batch_larger_than_a_transaction_is_created_in_order(
    service: RecordService, by_api: WriteContext
) -> None:
    created = service.create_many("person", people(120), by_api)

    assert [person["emails"]["primaryEmail"] for person in created] == [  # type: ignore[index,call-overload]
        f"{number}@example.com" for number in range(120)
    ]
    assert service.find("person").total_count == 120
    assert service.find("person", eq("emails.primaryEmail", "77@example.com")).records == (created[77],)


def test_a_repeated_batch_creates_nothing_more(service: RecordService) -> None:
    first = service.create_many("person", people(3), KEYED)
    again = service.create_many("person", people(3), KEYED)

    assert again == first
    assert service.find("person").total_count == 3


def test_a_batch_that_was_cut_off_is_completed(service: RecordService) -> None:
    service.create_many("person", people(2), KEYED)
    service.create_many("person", people(5), KEYED)

    assert service.find("person").total_count == 5


def test_every_record_can_be_walked_over(service: RecordService, by_api: WriteContext) -> None:
    created = service.create_many("note", [{"title": str(number)} for number in range(30)], by_api)

    assert {note["id"] for note in service.each("note", None, ())} == {note["id"] for note in created}
    assert [note["title"] for note in service.each("note", eq("title", "7"), ["title"])] == ["7"]


def test_a_race_names_the_record_that_lost_it(
    service: RecordService, store: RecordStore, by_api: WriteContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, raced = store.write, False

    def slow_write(changes: Sequence[RowChange]) -> None:
        nonlocal raced
        if not raced:
            raced = True
            service.create("person", people(3)[1], by_api)
        write(changes)

    monkeypatch.setattr(store, "write", slow_write)

    with pytest.raises(
        errors.RecordConflictError, match=r"\[1\] There is already .* 1 of the batch are written"
    ):
        service.create_many("person", people(3), by_api)
