"""A write with a key happens once, on every store, whatever happened in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ventuno import errors
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from ventuno.records.service import RecordService


def keyed(key: str) -> WriteContext:
    return WriteContext(Actor("WORKFLOW", "Quick lead"), key, causation=("run-1",))


def test_a_repeated_create_returns_the_first_record(service: RecordService, by_api: WriteContext) -> None:
    first = service.create("note", {"title": "1"}, keyed("run/step/0"))
    service.update("note", str(first["id"]), {"title": "2"}, by_api)
    again = service.create("note", {"title": "other"}, keyed("run/step/0"))

    assert again == first
    assert service.find("note").total_count == 1
    assert service.get("note", str(first["id"]))["title"] == "2"


def test_a_repeated_update_writes_nothing_over_later_writes(
    service: RecordService, by_api: WriteContext
) -> None:
    note = service.create("note", {"title": "1"}, by_api)
    first = service.update("note", str(note["id"]), {"title": "2"}, keyed("a"))
    latest = service.update("note", str(note["id"]), {"title": "3"}, by_api)
    again = service.update("note", str(note["id"]), {"title": "2"}, keyed("a"), expected_version=1)

    assert again == first
    assert service.get("note", str(note["id"])) == latest


def test_a_repeated_update_that_changed_nothing_still_writes_nothing(
    service: RecordService, by_api: WriteContext
) -> None:
    note = service.create("note", {"title": "1"}, by_api)
    first = service.update("note", str(note["id"]), {"title": "1"}, keyed("a"))
    latest = service.update("note", str(note["id"]), {"title": "2"}, by_api)
    again = service.update("note", str(note["id"]), {"title": "1"}, keyed("a"))

    assert first == again == note
    assert service.get("note", str(note["id"])) == latest


def test_a_repeated_delete_returns_the_deleted_record(service: RecordService, by_api: WriteContext) -> None:
    note = service.create("note", {"title": "1"}, by_api)
    first = service.delete("note", str(note["id"]), keyed("a"))
    again = service.delete("note", str(note["id"]), keyed("a"))

    assert again == first
    assert first["deletedAt"] is not None


def test_a_repeated_upsert_returns_what_it_made(service: RecordService, by_api: WriteContext) -> None:
    ada = {"emails": {"primaryEmail": "ada@example.com"}}
    first = service.upsert("person", {**ada, "jobTitle": "1"}, keyed("a"))
    latest = service.upsert("person", {**ada, "jobTitle": "2"}, by_api)
    again = service.upsert("person", {**ada, "jobTitle": "1"}, keyed("a"))

    assert again == first
    assert service.get("person", str(first["id"])) == latest


def test_a_key_of_another_write_is_a_conflict(service: RecordService) -> None:
    note = service.create("note", {"title": "1"}, keyed("a"))

    with pytest.raises(errors.RecordConflictError, match="belongs to the create of note"):
        service.create("task", {"title": "1"}, keyed("a"))
    with pytest.raises(errors.RecordConflictError, match="belongs to the create of note"):
        service.update("note", str(note["id"]), {"title": "2"}, keyed("a"))
    assert service.find("task").total_count == 0


def test_a_very_long_key_is_a_key(service: RecordService) -> None:
    first = service.create("note", {"title": "1"}, keyed("x" * 5000))

    assert service.create("note", {"title": "1"}, keyed("x" * 5000)) == first
    assert service.create("note", {"title": "1"}, keyed("x" * 5001)) != first


def test_one_key_from_many_threads_makes_one_record(service: RecordService) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda n: service.create("note", {"title": str(n)}, keyed("a")), range(24)))

    assert len({record["id"] for record in made}) == 1
    assert len({str(record["title"]) for record in made}) == 1
    assert service.find("note").total_count == 1


def test_one_key_from_many_threads_updates_once(service: RecordService, by_api: WriteContext) -> None:
    note = service.create("note", {"title": "new"}, by_api)

    def update(number: int) -> object:
        return service.update("note", str(note["id"]), {"title": str(number)}, keyed("a"))["title"]

    with ThreadPoolExecutor(8) as threads:
        titles = set(threads.map(update, range(24)))

    assert len(titles) == 1
    assert service.get_versioned("note", str(note["id"])).version == 2
