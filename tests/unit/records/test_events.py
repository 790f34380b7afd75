"""The events of a write: which there are, and what they say changed. Source: reference §2.1"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.clock import FakeClock
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.records.context import Actor, WriteContext
from ventuno.records.events import EventName, StreamedWrite, events_of
from ventuno.records.service import RecordService
from ventuno.records.standard.opportunity import OPPORTUNITY
from ventuno.records.standard.registry import standard_model

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.records.events import RecordEvent

COMPANY_ID = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
WRITE = WriteContext(Actor("API", "test"))


@pytest.fixture
def before() -> JsonObject:
    clock = FakeClock()
    service = RecordService(standard_model(), MemoryRecordStore(), clock, lambda: COMPANY_ID, clock.advance)
    service.create("company", {}, WRITE)
    return service.create("opportunity", {"name": "Big", "companyId": COMPANY_ID}, WRITE)


def told(before: JsonObject | None, after: JsonObject | None) -> dict[str, RecordEvent]:
    return {event.name: event for event in events_of(OPPORTUNITY, before, after)}


def test_a_new_record_is_created_and_upserted_with_all_that_it_has(before: JsonObject) -> None:
    events = told(None, before)
    upserted = events["upserted"]

    assert list(events) == ["created", "upserted"]
    assert (events["created"].before, events["created"].after) == (None, before)
    assert set(upserted.updated_fields) == {
        *("id", "createdAt", "position", "createdBy", "name", "stage", "company", "companyId")
    }
    assert upserted.before is None
    assert upserted.diff["name"] == {"before": None, "after": "Big"}


def test_a_change_is_updated_and_upserted_with_what_differs(before: JsonObject) -> None:
    after = before | {"stage": "CUSTOMER", "amount": {"amountMicros": 5, "currencyCode": "EUR"}}
    events = told(before, after)

    assert list(events) == ["updated", "upserted"]
    for event in events.values():
        assert event.updated_fields == ("amount", "stage")
        assert event.diff == {
            "amount": {"before": before["amount"], "after": after["amount"]},
            "stage": {"before": "NEW", "after": "CUSTOMER"},
        }
        assert (event.before, event.after) == (before, after)


def test_a_change_of_a_relation_names_the_relation_and_its_column(before: JsonObject) -> None:
    other = "a87ff679-a2f3-471d-9181-a67b7542122c"
    event = told(before, before | {"companyId": other})["updated"]
    cleared = told(before, before | {"companyId": None})["updated"]

    assert event.updated_fields == ("company", "companyId")
    assert event.diff == {"company": {"before": {"id": COMPANY_ID}, "after": {"id": other}}}
    assert cleared.diff == {"company": {"before": {"id": COMPANY_ID}, "after": None}}


@pytest.mark.parametrize(
    "stamps", [{}, {"updatedAt": "2027-01-01T00:00:00.000Z"}, {"updatedBy": {"source": "API", "name": "x"}}]
)
def test_who_wrote_last_and_when_is_no_event(before: JsonObject, stamps: JsonObject) -> None:
    assert told(before, before | stamps) == {}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ({}, {"deletedAt": "2026-03-01T12:00:00.000Z"}, ["deleted"]),
        ({}, {"deletedAt": "2026-03-01T12:00:00.000Z", "name": "Small"}, ["deleted"]),
        ({"deletedAt": "2026-03-01T12:00:00.000Z"}, {"deletedAt": None}, ["restored"]),
        (
            {"deletedAt": "2026-03-01T12:00:00.000Z"},
            {"deletedAt": None, "name": "Small"},
            ["restored", "updated", "upserted"],
        ),
        ({}, {"position": 7}, ["updated", "upserted"]),
    ],
)
def test_deleting_and_restoring_are_events_of_their_own(
    before: JsonObject, old: JsonObject, new: JsonObject, names: list[str]
) -> None:
    events = told(before | old, before | new)

    assert list(events) == names
    assert events[names[0]].updated_fields


def test_a_record_removed_for_good_is_destroyed_with_what_it_was(before: JsonObject) -> None:
    (event,) = events_of(OPPORTUNITY, before, None)

    assert (event.name, event.before, event.after) == (EventName.DESTROYED, before, None)
    assert event.record == before


def test_a_write_tells_its_object_and_the_runs_that_led_to_it() -> None:
    row: JsonObject = {"object": "company", "causation": ["run-1", "run-2"]}

    assert StreamedWrite("1", None, row).causation == ("run-1", "run-2")
    assert StreamedWrite("1", row, {"object": "company"}).causation == ()
    assert StreamedWrite("1", row, None).causation == ()
    assert StreamedWrite("1", row, None).object_name == "company"
