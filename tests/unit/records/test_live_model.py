from __future__ import annotations

import pytest

from tests.fakes.clock import FakeClock
from ventuno import errors
from ventuno.adapters.memory.metadata import MemoryMetadataStore
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.context import Actor, WriteContext
from ventuno.records.custom.declaration import declaration_from
from ventuno.records.custom.live import MAX_AGE_SECONDS, LiveObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import STANDARD_OBJECTS

WRITE = WriteContext(Actor("API", "Test"))
TIER = {"objects": [{"name": "company", "fields": [{"name": "tier", "type": "TEXT", "unique": True}]}]}


class Process:
    """One Lambda of several that share the stores."""

    def __init__(self, metadata: MemoryMetadataStore, store: MemoryRecordStore, clock: FakeClock) -> None:
        self.objects = LiveObjectModel(STANDARD_OBJECTS, metadata, clock)
        ids = iter(f"00000000-0000-4000-8000-{number:012}" for number in range(1000))
        self.records = RecordService(self.objects, store, clock, lambda: next(ids), clock.advance)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def metadata() -> MemoryMetadataStore:
    return MemoryMetadataStore()


@pytest.fixture
def processes(metadata: MemoryMetadataStore, clock: FakeClock) -> tuple[Process, Process]:
    store = MemoryRecordStore()
    return Process(metadata, store, clock), Process(metadata, store, clock)


def declare(metadata: MemoryMetadataStore, value: object) -> None:
    metadata.save(declaration_from(value).to_value(), metadata.load().revision)


def test_the_store_is_read_once_a_minute(
    processes: tuple[Process, Process], metadata: MemoryMetadataStore, clock: FakeClock
) -> None:
    objects = processes[0].objects
    for _ in range(10):
        objects.get("company")
        list(objects)
    first = metadata.loads
    clock.advance(MAX_AGE_SECONDS + 1)
    objects.get("company")

    assert (first, metadata.loads) == (1, 2)


def test_what_was_added_elsewhere_is_there_at_once(
    processes: tuple[Process, Process], metadata: MemoryMetadataStore, clock: FakeClock
) -> None:
    process = processes[0]
    company = process.records.create("company", {"name": "Acme"}, WRITE)
    declare(metadata, {"objects": [{"name": "invoice", "plural": "invoices"}, *TIER["objects"]]})
    clock.advance(2)
    changed = process.records.update("company", str(company["id"]), {"tier": "A"}, WRITE)

    assert changed["tier"] == "A"
    assert process.objects.by_plural("invoices") is process.objects.get("invoice")


def test_unknown_names_do_not_read_the_store_each_time(
    processes: tuple[Process, Process], metadata: MemoryMetadataStore
) -> None:
    for _ in range(20):
        with pytest.raises(errors.RecordInputError):
            processes[0].objects.get("unicorn")

    assert metadata.loads == 1


def test_a_process_of_the_old_model_keeps_what_it_does_not_know(
    processes: tuple[Process, Process], metadata: MemoryMetadataStore, clock: FakeClock
) -> None:
    old, new = processes
    company = str(old.records.create("company", {"name": "Acme"}, WRITE)["id"])
    declare(metadata, TIER)
    clock.advance(2)
    new.records.update("company", company, {"tier": "A"}, WRITE)
    old.records.update("company", company, {"name": "Acme Ltd"}, WRITE)
    shown = new.records.get("company", company)

    assert (shown["name"], shown["tier"]) == ("Acme Ltd", "A")


def test_a_process_of_the_old_model_frees_the_values_it_did_not_know(
    processes: tuple[Process, Process], metadata: MemoryMetadataStore, clock: FakeClock
) -> None:
    old, new = processes
    company = str(old.records.create("company", {"name": "Acme"}, WRITE)["id"])
    declare(metadata, TIER)
    clock.advance(2)
    new.records.update("company", company, {"tier": "A"}, WRITE)
    clock.advance(2)
    old.records.destroy("company", company, WRITE)
    new.records.create("company", {"tier": "A"}, WRITE)

    assert new.records.find("company", Comparison(("tier",), Operator.EQ, "A")).total_count == 1
