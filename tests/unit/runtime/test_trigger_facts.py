"""Facts of the reference about triggers, record events, the clock, throttling and the life of a workflow.

Where decisions differ from the reference, the proof says how.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.facts import FACTS
from tests.fakes.events import Events
from tests.fakes.world import ACTOR, World
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.execution_ports import SCHEDULED_TIME
from ventuno.runs.claim_check import check_out
from ventuno.runtime.activate import deactivate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.lifecycle import archive, restore
from ventuno.runtime.run_manually import run_manually
from ventuno.runtime.schedules import Fired, MomentCame, moment_came
from ventuno.runtime.start_run import Start, start_run
from ventuno.runtime.sweep import GRACE_SECONDS, sweep
from ventuno.runtime.validation import findings_of
from ventuno.runtime.webhook import WebhookAnswer, WebhookCall, accept_webhook
from ventuno.triggers.cron import CronSettings
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from tests.facts import Proofs
    from ventuno.json_value import JsonObject

AFTER_AND_BEFORE = {"before", "after", "updatedFields", "diff"}
BY_METHOD = {"type": "WEBHOOK", "settings": {"httpMethod": "GET"}}


def expression(kind: str, **schedule: int) -> str:
    return CronSettings.model_validate({"type": kind, "schedule": schedule}).expression


def clock(settings: Json) -> Json:
    return written(step("a"), trigger={"type": "CRON", "settings": settings}, name="Clock")


def daily() -> World:
    world = World()
    world.publish(clock({"type": "CUSTOM", "pattern": "0 9 * * *"}))
    return world


def fire(world: World, moment: str = "2026-03-02T09:00:00Z") -> Fired:
    (schedule,) = world.schedules.by_name.values()
    sent = json.loads(schedule.payload.replace(SCHEDULED_TIME, moment))
    return moment_came(MomentCame.model_validate(sent), world.services)


def payloads(world: World) -> list[Any]:
    runs = world.runs.by_workflow(world.workflow().id, 100, None).runs
    return [check_out(run.payload, world.payloads) for run in runs]


def a_moment_that_scheduler_tries_again() -> bool:
    """Scheduler, not a queue, tries again: the moment is its key, so that is one run."""
    world = daily()
    world.machines.refusal = errors.StoreUnavailableError("throttled")
    tries = [fire(world) for _ in range(4)]
    return tries == [Fired.STARTED, *[Fired.KNOWN] * 3] and payloads(world) == [{}]


def a_moment_of_a_deactivated_workflow() -> bool:
    world = daily()
    kept = dict(world.schedules.by_name)
    deactivate(world.workflow(), world.services)
    world.schedules.by_name.update(kept)
    return fire(world) is Fired.DELETED and payloads(world) == []


def invalid(settings: Json, told: str) -> bool:
    """Activation refuses what the reference would pass over when it fires."""
    found = findings_of(definition_from(clock(settings)))
    return any(told in finding.message for finding in found)


def started_by_update(fields: list[str] | None, **values: Any) -> bool:  # noqa: ANN401 - any JSON
    """Update a company and tell whether a workflow that watches fields was started with the whole event."""
    events = Events()
    record = events.write("create", "company", {"name": "Acme"})
    events.stream.take()
    events.listen("company.updated", fields=fields)
    after = events.write("update", "company", str(record["id"]), values)
    events.dispatch()
    told = [payload["properties"] for payload in events.payloads_of()]
    assert all(each["after"]["name"] == after["name"] and each.keys() == AFTER_AND_BEFORE for each in told)
    return len(told) == 1


def properties(event: str, *operations: str) -> list[Json]:
    """Write one company by some operations, and return what a workflow that listens to an event got."""
    events = Events()
    events.listen(f"company.{event}")
    record: Json = {}
    for operation in operations:
        if operation == "create":
            record = events.write("create", "company", {"name": "Acme", "position": 5})
        elif operation == "update":
            events.write("update", "company", str(record["id"]), {"name": "Acme"})
        else:
            events.write(operation, "company", str(record["id"]))
    events.dispatch()
    return [payload["properties"] for payload in events.payloads_of()]


def an_insert_is_two_events() -> bool:
    (created,), (upserted,) = properties("created", "create"), properties("upserted", "create")
    return (
        created.keys() == {"after"}
        and upserted.keys() == AFTER_AND_BEFORE - {"before"}
        and set(upserted["updatedFields"]) == {"id", "createdAt", "createdBy", "name", "position"}
    )


def call(world: World, method: str = "GET", path: str = "", query: str = "") -> WebhookAnswer:
    address = path or f"/webhooks/workflows/default/{world.workflow().id}"
    return accept_webhook(WebhookCall(method, address, {}, {}, b"", query), world.services)


def hooked(**trigger: Any) -> World:  # noqa: ANN401 - author JSON
    world = World()
    world.publish(written(create(), trigger=BY_METHOD | trigger, name="Hook"))
    return world


def status_of(world: World, method: str = "GET", path: str = "") -> int:
    try:
        return call(world, method, path).status
    except errors.ApiError as error:
        return error.status


def never_published() -> World:
    world = World()
    apply_definition("flow", definition_from(written(create(), trigger=BY_METHOD)), world.services)
    return world


def deactivated() -> World:
    world = hooked()
    deactivate(world.workflow(), world.services)
    return world


def answered_with_its_run() -> bool:
    world = hooked()
    answer = call(world)
    (execution,) = world.machines.started
    wanted: JsonObject = {"workflowName": "Hook", "success": True, "workflowRunId": execution.name}
    return answer == WebhookAnswer(200, wanted)


def the_query_is_the_payload() -> bool:
    """Decisions: the query string is the payload, which the reference ignores."""
    world = hooked()
    call(world)
    call(world, query="name=Ann")
    return sorted(payloads(world), key=len) == [{}, {"name": "Ann"}]


def a_first_version() -> bool:
    world = never_published()
    (version,) = world.workflows.versions(world.workflow().id)
    return (version.number, version.status.value) == (1, "DRAFT")


def a_restored_workflow_has_its_versions_and_is_not_active() -> bool:
    world = hooked()
    before = world.workflows.versions(world.workflow().id)
    archive(world.workflow(), world.services)
    restored = restore(world.workflow(), world.services)
    kept = world.workflows.versions(world.workflow().id)
    return [one.digest for one in kept] == [one.digest for one in before] and restored.active is None


def the_name_follows() -> bool:
    """There is no menu: lists, addresses' answers and runs name the workflow as it is activated."""
    world = hooked()
    world.publish(written(create(), trigger=BY_METHOD, name="New hook"))
    answer: Any = call(world).body
    return [answer["workflowName"], world.workflow().name] == ["New hook"] * 2


def statuses_are_never_given() -> bool:
    """Decisions: a key that nothing reads is an error, where the reference drops it."""
    with pytest.raises(errors.DefinitionError, match="statuses"):
        definition_from(written(create()) | {"statuses": ["ACTIVE"]})
    return True


def throttled() -> World:
    """Limit automated runs of all workflows to two a minute; the reference has 100."""
    world = World(stage_limits=Limits(per_minute=2))
    world.publish(written(create(), trigger={"type": "MANUAL", "settings": {}}))
    return world


def automated_runs_wait() -> bool:
    world = throttled()
    runs = [start_run(Start(world.workflow(), {}, ACTOR), world.services).run.id for _ in range(5)]
    before = [world.runs.load(run, []).run.status.value for run in runs]
    world.clock.advance(60)
    begun = sweep(world.services).begun
    return (before, begun) == (["RUNNING"] * 2 + ["NOT_STARTED"] * 3, 2)


def manual_runs_do_not_wait() -> bool:
    world = throttled()
    started = [run_manually(world.workflow(), {}, "Ann", world.services) for _ in range(5)]
    return {one.run.status for one in started} == {RunStatus.RUNNING} and len(world.machines.started) == 5


def runs_whose_start_was_lost_start_once() -> bool:
    """There is no ENQUEUED: a run whose execution never began is started by one sweep."""
    world = hooked()
    world.machines.refusal = errors.StoreUnavailableError("throttled")
    for _ in range(3):
        start_run(Start(world.workflow(), {}, ACTOR), world.services)
    world.machines.refusal = None
    world.clock.advance(GRACE_SECONDS)
    first, second = sweep(world.services).resumed, sweep(world.services).resumed
    return (first, second, len(world.machines.started)) == (3, 0, 3)


def the_eighth_run() -> bool:
    world = hooked()
    names = [world.start().run.name for _ in range(8)]
    world.workflows.save(replace(world.workflow(), name="Renamed"), [])
    return names[-1] == "#8 - Hook" and world.start().run.name == "#9 - Renamed"


PROOFS: Proofs = {
    "3 stale ENQUEUED runs": runs_whose_start_was_lost_start_once,
    "HOURS {hour:10,minute:30}": lambda: expression("HOURS", hour=10, minute=30) == "30 */10 * * *",
    "MINUTES {minute:15}": lambda: expression("MINUTES", minute=15) == "*/15 * * * *",
    "unknown schedule type": lambda: invalid({"type": "WEEKS"}, "'DAYS', 'HOURS', 'MINUTES' or 'CUSTOM'"),
    "due trigger": a_moment_that_scheduler_tries_again,
    "dedupe service says not due": a_moment_of_a_deactivated_workflow,
    "cached trigger without pattern": lambda: invalid({"type": "CUSTOM"}, "needs a cron expression"),
    "updated event, watched fields [field1,field3], updatedFields [field1,field2]": lambda: started_by_update(
        ["name", "address"], name="Ajax", position=9
    ),
    "watched fields undefined": lambda: started_by_update(None, name="Ajax"),
    "watched fields []": lambda: started_by_update([], name="Ajax"),
    "created event payload properties.after only": lambda: (
        [each.keys() for each in properties("created", "create")] == [{"after"}]
    ),
    "deleted event": lambda: (
        [each.keys() for each in properties("deleted", "create", "delete")] == [AFTER_AND_BEFORE]
    ),
    'only "position" updated, no watched fields': lambda: started_by_update(None, position=9),
    'only "position" updated, watched fields [field1]': lambda: not started_by_update(["name"], position=9),
    "update that changes nothing (except updatedAt/searchVector)": lambda: (
        properties("updated", "create", "update") == []
    ),
    "insert of a record": an_insert_is_two_events,
    "hard delete": lambda: (
        [each.keys() for each in properties("destroyed", "create", "destroy")] == [{"before"}]
    ),
    "create workflow": a_first_version,
    "restore workflow": a_restored_workflow_has_its_versions_and_is_not_active,
    "rename workflow": the_name_follows,
    "createMany workflows with statuses in payload": statuses_are_never_given,
    "automated run (webhook/cron/db)": automated_runs_wait,
    "manual run": manual_runs_do_not_wait,
    'last run named "#7 - X"': the_eighth_run,
    "GET on an active webhook workflow": the_query_is_the_payload,
    "success response": answered_with_its_run,
    "unknown workspace or workflow": lambda: (
        [
            status_of(hooked(), path=f"/webhooks/workflows/{place}")
            for place in ("other/1", "default/8f14e45f-ceea-467f-a8f0-2b1d4c7c2121")
        ]
        == [404, 404]
    ),
    "workflow never published / version not ACTIVE / trigger not WEBHOOK": lambda: (
        [status_of(each) for each in (never_published(), deactivated(), hooked(type="MANUAL", settings={}))]
        == [400, 400, 400]
    ),
    # Decisions: another method is 405, where the reference accepts any.
    "HTTP method differs from the configured one": lambda: (
        [status_of(hooked(), method) for method in ("GET", "POST")] == [200, 405]
    ),
}


@pytest.mark.parametrize("given", PROOFS)
def test_a_fact_of_the_reference_holds(given: str) -> None:
    assert PROOFS[given](), FACTS[given]
