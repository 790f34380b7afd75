"""Record events start runs: the ones that match, once each, and no chain without end."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, passes, written
from tests.fakes.events import Events
from ventuno import errors
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.claim_check import check_out
from ventuno.runtime.activate import activate, deactivate
from ventuno.runtime.dispatch_event import Dispatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import Run


@pytest.fixture
def events() -> Events:
    return Events()


def test_a_created_record_starts_one_run_with_the_event_as_its_payload(events: Events) -> None:
    events.listen("company.created")
    record = events.write("create", "company", {"name": "Acme"})
    done = events.dispatch()
    (run,) = events.runs_of()

    assert done.counts == {"writes": 1, "started": 1}
    assert events.payloads_of() == [
        {"recordId": record["id"], "properties": {"after": record | {"accountOwner": None}}}
    ]
    assert run.created_by == {
        "source": "WORKFLOW",
        "name": "Flow",
        "workspaceMemberId": None,
        "context": {},
    }
    assert [started.name for started in events.machines.started] == [run.id]


@pytest.mark.parametrize(
    ("event", "operations", "properties"),
    [
        ("updated", ["update"], [{"before", "after", "updatedFields", "diff"}]),
        ("deleted", ["delete"], [{"before", "after", "updatedFields", "diff"}]),
        ("restored", ["delete", "restore"], [{"before", "after", "updatedFields", "diff"}]),
        ("destroyed", ["destroy"], [{"before"}]),
        (
            "upserted",
            ["update", "delete", "restore"],
            [{"after", "updatedFields", "diff"}, {"before", "after", "updatedFields", "diff"}],
        ),
    ],
)
def test_each_event_has_its_own_properties(
    events: Events, event: str, operations: list[str], properties: list[set[str]]
) -> None:
    events.listen(f"company.{event}")
    record = events.write("create", "company", {"name": "Acme"})
    for operation in operations:
        values = [{"name": "Ajax"}] if operation == "update" else []
        events.write(operation, "company", str(record["id"]), *values)
    events.dispatch()

    assert [set(payload["properties"]) for payload in events.payloads_of()] == properties
    assert all(payload["recordId"] == record["id"] for payload in events.payloads_of())


def test_a_write_that_changes_nothing_starts_nothing(events: Events) -> None:
    events.listen("company.upserted")
    record = events.write("create", "company", {"name": "Acme"})
    events.write("update", "company", str(record["id"]), {"name": "Acme"})

    assert events.dispatch().counts == {"writes": 1, "started": 1}


@pytest.mark.parametrize(
    ("fields", "written_fields", "matches"),
    [
        (["name", "position"], {"name": "Ajax"}, True),
        (None, {"name": "Ajax"}, True),
        ([], {"name": "Ajax"}, True),
        (None, {"position": 9}, True),
        (["name"], {"position": 9}, False),
        (["company"], {"companyId": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"}, True),
        (["companyId"], {"companyId": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"}, True),
        (["stage"], {"companyId": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"}, False),
    ],
)
def test_watched_fields_decide_which_updates_count(
    events: Events, fields: list[str] | None, written_fields: JsonObject, *, matches: bool
) -> None:
    events.write("create", "company", {"id": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"})
    record = events.write("create", "opportunity", {"name": "Big"})
    events.stream.take()
    events.listen("opportunity.updated", fields=fields)
    events.write("update", "opportunity", str(record["id"]), written_fields)
    events.dispatch()

    assert len(events.runs_of()) == int(matches)


def test_watched_fields_do_not_hold_back_other_events(events: Events) -> None:
    events.listen("company.created", fields=["linkedinLink"])
    events.write("create", "company", {"name": "Acme"})

    assert events.dispatch().counts["started"] == 1


def test_a_filter_is_asked_of_the_event(events: Events) -> None:
    events.listen("company.created", filter=passes("{{trigger.properties.after.name}}", "Acme"))
    for name in ("Acme", "Ajax"):
        events.write("create", "company", {"name": name})
    done = events.dispatch()

    assert done.counts == {"writes": 2, "started": 1}
    assert [payload["properties"]["after"]["name"] for payload in events.payloads_of()] == ["Acme"]


def test_a_filter_that_cannot_be_evaluated_starts_no_run_and_is_told(events: Events) -> None:
    wrong = {"stepFilters": [{"type": "BOOLEAN", "stepOutputKey": "x", "operand": "CONTAINS", "value": ""}]}
    events.listen("company.created", "broken", filter=wrong)
    events.listen("company.created", "whole")
    events.write("create", "company", {"name": "Acme"})
    done = events.dispatch()

    assert done.counts == {"writes": 1, "refused": 1, "started": 1}
    assert done.refusals[0].startswith("broken did not take a write of company: Operand CONTAINS")


def test_related_records_are_attached_before_and_after(events: Events) -> None:
    acme = events.write("create", "company", {"name": "Acme"})
    record = events.write("create", "opportunity", {"name": "Big", "companyId": acme["id"]})
    events.stream.take()
    events.listen("opportunity.updated", filter=passes("{{trigger.properties.before.company.name}}", "Acme"))
    events.write("update", "opportunity", str(record["id"]), {"companyId": None})
    events.dispatch()
    (payload,) = events.payloads_of()

    assert payload["properties"]["before"]["company"] == acme
    assert payload["properties"]["after"]["company"] is None


def test_the_member_who_wrote_is_named(events: Events) -> None:
    member = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
    events.listen("company.created")
    events.write("create", "company", {"name": "Acme"}, by=WriteContext(Actor("MANUAL", "Ann", member)))
    events.dispatch()

    assert events.payloads_of()[0]["workspaceMemberId"] == member


def test_only_what_listens_to_the_event_is_started(events: Events) -> None:
    for slug, event in (("a", "company.created"), ("b", "company.upserted"), ("c", "company.updated")):
        events.listen(event, slug)
    events.listen("person.created", "d")
    events.publish(written(create()), "e")
    events.write("create", "company", {"name": "Acme"})
    events.dispatch()

    assert [len(events.runs_of(slug)) for slug in "abcde"] == [1, 1, 0, 0, 0]


def test_a_deactivated_workflow_no_longer_listens(events: Events) -> None:
    events.listen("company.created")
    deactivate(events.workflow(), events.services)
    events.write("create", "company", {"name": "Acme"})

    assert events.dispatch().counts == {"writes": 1}
    activate(events.workflow(), events.services)
    events.write("create", "company", {"name": "Ajax"})
    assert events.dispatch().counts["started"] == 1


def test_a_new_version_listens_in_place_of_the_old_one(events: Events) -> None:
    events.listen("company.created")
    events.listen("person.created")
    events.write("create", "company", {"name": "Acme"})
    events.write("create", "person", {})
    events.dispatch()

    assert [run.version.number for run in events.runs_of()] == [2]


def test_an_event_delivered_five_times_at_once_starts_one_run(events: Events) -> None:
    events.listen("company.created")
    events.write("create", "company", {"name": "Acme"})
    writes = events.stream.take()
    with ThreadPoolExecutor(5) as pool:
        done = list(pool.map(lambda _: events.dispatch(writes), range(5)))

    assert len(events.runs_of()) == len(events.machines.started) == 1
    assert sum(each.counts["started"] for each in done) == 1
    assert sum(each.counts["known"] for each in done) == 4


def test_two_writes_of_one_record_are_two_runs_in_order(events: Events) -> None:
    events.listen("company.upserted")
    record = events.write("create", "company", {"name": "A"})
    for name in ("B", "C"):
        events.clock.advance(1)
        events.write("update", "company", str(record["id"]), {"name": name})
    events.dispatch()

    started = [json.loads(started.payload)["run"] for started in events.machines.started]
    payloads = {run.id: check_out(run.payload, events.payloads) for run in events.runs_of()}
    names = [payloads[run_id]["properties"]["after"]["name"] for run_id in started]  # type: ignore[index, call-overload]
    assert names == ["A", "B", "C"]


def test_a_write_that_fails_for_now_holds_back_the_ones_behind_it(events: Events) -> None:
    events.listen("company.upserted")
    for name in ("A", "B"):
        events.write("create", "company", {"name": name})
    first, second = events.stream.take()
    broken = replace(events.services, workflows=_Unavailable())
    dispatcher = Dispatcher(broken)
    for write in (first, second):
        with pytest.raises(errors.StoreUnavailableError):
            dispatcher.dispatch(write)

    assert dispatcher.done.counts == {"writes": 1}
    assert events.dispatch([first, second]).counts["started"] == 2


class _Unavailable:
    """A workflow store that refuses everything for now."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def refuse(*_: Any, **__: Any) -> Any:  # noqa: ANN401 - as any method
            raise errors.StoreUnavailableError(f"{name} is throttled")

        return refuse


def test_a_batch_reads_what_listens_to_an_object_once(events: Events) -> None:
    events.listen("company.created")
    for name in ("A", "B", "C"):
        events.write("create", "company", {"name": name})
    counting = _Counting(events.workflows)
    dispatcher = Dispatcher(replace(events.services, workflows=counting))
    for write in events.stream.take():
        dispatcher.dispatch(write)

    assert counting.asked == 1
    assert dispatcher.done.counts["started"] == 3


class _Counting:
    """A workflow store that counts the questions after listeners."""

    def __init__(self, store: Any) -> None:  # noqa: ANN401 - any workflow store
        self._store = store
        self.asked = 0

    def listeners(self, *arguments: Any) -> Any:  # noqa: ANN401 - as the port
        self.asked += 1
        return self._store.listeners(*arguments)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method
        return getattr(self._store, name)


def test_a_chain_of_runs_is_cut_after_ten_and_its_last_run_says_so(events: Events) -> None:
    events.listen("company.updated")
    record = events.write("create", "company", {"name": "0"})
    events.dispatch()
    events.write("update", "company", str(record["id"]), {"name": "1"})
    for name in range(2, 20):
        if not events.dispatch().counts["started"]:
            break
        by = WriteContext(Actor("WORKFLOW", "Flow"), causation=_newest(events).causation)
        events.write("update", "company", str(record["id"]), {"name": str(name)}, by=by)

    chains = sorted(len(run.causation) for run in events.runs_of())
    last = max(events.runs_of(), key=lambda run: len(run.causation))
    assert chains == list(range(1, 11))
    assert last.cut is not None
    assert (last.cut.event, last.cut.workflows, last.cut.limit) == ("company.updated", ("flow",), 10)
    assert last.cut.record_id == record["id"]
    assert [run.cut for run in events.runs_of() if run != last] == [None] * 9


def _newest(events: Events) -> Run:
    return max(events.runs_of(), key=lambda run: len(run.causation))


def test_a_chain_is_not_called_cut_where_nothing_would_have_started(events: Events) -> None:
    events.listen("company.created", filter=passes("{{trigger.properties.after.name}}", "Other"))
    events.publish(written(create()), "hook")
    run = events.start({"name": "x"}, slug="hook").run
    chain = tuple(f"run-{number}" for number in range(9))
    by = WriteContext(Actor("WORKFLOW", "Hook"), causation=(*chain, run.id))
    events.write("create", "company", {"name": "Acme"}, by=by)
    done = events.dispatch()

    assert done.counts == {"writes": 1}
    assert events.runs.load(run.id, []).run.cut is None


def test_the_length_of_a_chain_is_the_deployments_choice(events: Events) -> None:
    events.listen("company.created")
    by = WriteContext(Actor("WORKFLOW", "Flow"), causation=("run-1", "run-2"))
    events.write("create", "company", {"name": "Acme"}, by=by)
    (write,) = events.stream.take()
    dispatcher = Dispatcher(replace(events.services, longest_chain=2))
    dispatcher.dispatch(write)

    assert dispatcher.done.counts == {"writes": 1, "cut": 1}
    assert events.dispatch([write]).counts["started"] == 1


def test_a_write_of_an_object_that_was_removed_is_passed_over(events: Events) -> None:
    events.write("create", "company", {"name": "Acme"})
    (write,) = events.stream.take()
    assert write.new is not None
    gone = replace(write, new={**write.new, "object": "rocket"})

    assert events.dispatch([gone]).counts == {"writes": 1}


def test_fields_declared_a_moment_ago_are_part_of_the_event(events: Events) -> None:
    events.listen("company.created")
    events.write("create", "company", {"name": "Acme"})
    (write,) = events.stream.take()
    assert write.new is not None
    declared: JsonObject = {
        "objects": [{"name": "company", "fields": [{"name": "motto", "type": "TEXT"}]}],
    }
    events.metadata.save(declared, 0)
    events.clock.advance(5)
    fields: Any = write.new["fields"]
    events.dispatch([replace(write, new={**write.new, "fields": {**fields, "motto": "More"}})])

    assert events.payloads_of()[0]["properties"]["after"]["motto"] == "More"
