"""Manual runs on records: what each run gets, once each, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from ventuno import errors
from ventuno.filters.rest import parse_filter
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.claim_check import check_out
from ventuno.runtime.run_on_records import MOST_IDS, PAGE, Selection, StartedRuns, run_on_records

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.json_value import JsonObject

NOBODY = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def manual(kind: str, object_name: str = "company") -> Json:
    availability = {"type": kind, "objectNameSingular": object_name}
    return written(step("a"), trigger={"type": "MANUAL", "settings": {"availability": availability}})


def companies(world: World, *names: str) -> list[JsonObject]:
    write = WriteContext(Actor("API", "test"))
    return [world.services.records.create("company", {"name": name}, write) for name in names]


def ids_of(records: list[JsonObject]) -> tuple[str, ...]:
    return tuple(str(record["id"]) for record in records)


def run_on(world: World, selection: Selection, key: str | None = None) -> StartedRuns:
    return run_on_records(world.workflow(), selection, "Ann", world.services, key)


def payloads(world: World, done: StartedRuns) -> list[Any]:
    return [check_out(started.run.payload, world.payloads) for started in done.runs]


def test_a_single_record_is_the_payload_of_a_run_of_its_own(world: World) -> None:
    world.publish(manual("SINGLE_RECORD"))
    made = companies(world, "A", "B", "C")
    done = run_on(world, Selection(ids_of([made[2], made[0]])))

    assert payloads(world, done) == [
        {**record, "payload": record, "metadata": {"workspaceMemberId": None}}
        for record in (made[2], made[0])
    ]
    assert done.cursor is None
    assert done.runs[0].run.created_by == {"source": "MANUAL", "name": "Ann", "workspaceMemberId": None}


def test_records_in_bulk_are_the_payload_of_one_run(world: World) -> None:
    world.publish(manual("BULK_RECORDS"))
    made = companies(world, "A", "B")
    done = run_on(world, Selection(ids_of(made)))

    assert payloads(world, done) == [
        {
            "companies": made,
            "payload": {"companies": made},
            "metadata": {"workspaceMemberId": None},
        }
    ]


def test_all_that_meet_a_filter_run_page_by_page(world: World) -> None:
    world.publish(manual("SINGLE_RECORD"))
    companies(world, *(f"Acme {number}" for number in range(PAGE + 5)), "Other")
    condition = parse_filter('name[like]:"Acme%"')
    first = run_on(world, Selection(condition=condition))
    second = run_on(world, Selection(condition=condition, cursor=first.cursor))

    assert (len(first.runs), len(second.runs), second.cursor) == (PAGE, 5, None)
    names = [payload["name"] for payload in payloads(world, first) + payloads(world, second)]
    assert sorted(names) == sorted(f"Acme {number}" for number in range(PAGE + 5))


def test_no_filter_takes_all_there_are(world: World) -> None:
    world.publish(manual("BULK_RECORDS"))
    made = companies(world, "A", "B", "C")
    (payload,) = payloads(world, run_on(world, Selection()))

    assert {record["id"] for record in payload["companies"]} == set(ids_of(made))


def test_the_same_key_starts_each_run_once(world: World) -> None:
    world.publish(manual("SINGLE_RECORD"))
    ids = ids_of(companies(world, "A", "B"))
    done = [run_on(world, Selection(ids), "key") for _ in range(2)]

    assert [started.fresh for each in done for started in each.runs] == [True, True, False, False]
    assert len(world.machines.started) == 2


def test_a_record_chosen_twice_runs_once(world: World) -> None:
    world.publish(manual("SINGLE_RECORD"))
    (one,) = ids_of(companies(world, "A"))

    assert len(run_on(world, Selection((one, one.upper()))).runs) == 1


@pytest.mark.parametrize("wrong", [NOBODY, "x", "", "../a", "x" * 5000])
@pytest.mark.parametrize("kind", ["SINGLE_RECORD", "BULK_RECORDS"])
def test_a_record_that_is_not_there_starts_nothing(world: World, kind: str, wrong: str) -> None:
    world.publish(manual(kind))
    (one,) = ids_of(companies(world, "A"))

    with pytest.raises(errors.NotFoundError, match="there is no company with the id"):
        run_on(world, Selection((one, wrong)))
    assert world.machines.started == []


def test_a_deleted_record_is_not_there(world: World) -> None:
    world.publish(manual("SINGLE_RECORD"))
    (one,) = ids_of(companies(world, "A"))
    world.services.records.delete("company", one, WriteContext(Actor("API", "test")))

    with pytest.raises(errors.NotFoundError):
        run_on(world, Selection((one,)))


@pytest.mark.parametrize("count", [0, MOST_IDS + 1])
def test_the_number_of_ids_is_bounded(world: World, count: int) -> None:
    world.publish(manual("SINGLE_RECORD"))

    with pytest.raises(errors.BadRequestError, match="1 to 200"):
        run_on(world, Selection((NOBODY,) * count))


@pytest.mark.parametrize(
    ("trigger", "kind"),
    [
        ({"type": "MANUAL", "settings": {}}, errors.BadRequestError),
        ({"type": "WEBHOOK", "settings": {}}, errors.WorkflowTriggerError),
    ],
)
def test_a_workflow_that_takes_no_records_is_refused(
    world: World, trigger: Json, kind: type[errors.ApiError]
) -> None:
    world.publish(written(create(), trigger=trigger))

    with pytest.raises(kind):
        run_on(world, Selection((NOBODY,)))


def test_more_records_than_a_payload_holds_are_refused_with_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(manual("BULK_RECORDS"))
    companies(world, "A", "B", "C")
    monkeypatch.setattr("ventuno.runtime.run_on_records.MOST_IN_BULK", 2)

    with pytest.raises(errors.BadRequestError, match="narrow the filter"):
        run_on(world, Selection())
    assert world.machines.started == []
