"""Security 14: no definition and no sender runs up a bill: runs, steps, items and depth each have a cap."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from pydantic import ValidationError

from tests.builders import create, step, written
from tests.fakes.events import Events
from tests.functional.rest.conftest import Api, api
from ventuno import errors
from ventuno.actions import iterator
from ventuno.actions.ai_agent_settings import AiAgentSettings
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import compile_checked
from ventuno.runtime.webhook import WebhookCall, accept_webhook

if TYPE_CHECKING:
    from tests.fakes.world import World

__all__ = ["api"]
DEPTH: Final = 10
MOST_ROUNDS: Final = 50
TOO_MANY_STEPS: Final = 3_600


def test_a_flood_of_webhooks_starts_as_many_runs_as_the_cap_allows(api: Api) -> None:
    world = api.world
    workflow = world.publish(written(create()))
    assert api("PUT", "/workflows/flow/limits", {"perHour": 5}, role="admin")[0] == 200
    path = f"/webhooks/workflows/default/{workflow.id}"
    statuses: Counter[int] = Counter()
    for _ in range(50):
        try:
            statuses[accept_webhook(WebhookCall("POST", path, {}, {}, b"{}"), world.services).status] += 1
        except errors.ApiError as error:
            statuses[error.status] += 1

    assert statuses == {201: 5, 429: 45}
    assert len(world.machines.started) == 5


def test_two_workflows_that_write_what_starts_the_other_come_to_an_end() -> None:
    events = Events()
    for slug in ("ping", "pong"):
        given = {
            "objectName": "company",
            "objectRecordId": "{{trigger.recordId}}",
            "objectRecord": {"name": f"{slug} {{{{trigger.properties.after.name}}}}"},
        }
        events.listen("company.updated", slug, step("a", "UPDATE_RECORD", given=given), fields=["name"])
    record = events.write("create", "company", {"name": "0"})
    events.dispatch()
    events.write("update", "company", str(record["id"]), {"name": "1"})
    rounds = 0
    while events.dispatch().counts.get("started") and rounds < MOST_ROUNDS:
        rounds += 1
        for slug in ("ping", "pong"):
            for run in events.runs_of(slug):
                if "a" not in events.states(run.id):
                    events.call(run)
    runs = [run for slug in ("ping", "pong") for run in events.runs_of(slug)]

    assert max(len(run.causation) for run in runs) == DEPTH
    assert rounds < MOST_ROUNDS
    assert any(run.cut for run in runs), "it can be seen where the chain was cut"


def test_a_list_has_at_most_a_million_items(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    assert iterator.MAX_ITEMS == 1_000_000
    monkeypatch.setattr(iterator, "MAX_ITEMS", 3)
    given = {"items": "{{trigger.list}}", "initialLoopStepIds": ["body"]}
    run = world.begin(
        step("loop", "ITERATOR", given=given), step("body", then="loop"), payload={"list": [1, 2, 3, 4]}
    )

    with pytest.raises(errors.StepFailedError, match="4 items, 3 are allowed"):
        world.call(run, "loop")


def test_a_definition_has_as_many_steps_as_one_machine_can_run_and_no_more() -> None:
    chain = [create(f"s{n}", f"s{n + 1}" if n < TOO_MANY_STEPS else ()) for n in range(TOO_MANY_STEPS + 1)]

    with pytest.raises(errors.DefinitionError, match="QUOTA_EXCEEDED"):
        compile_checked(definition_from(written(*chain)))


@pytest.mark.parametrize(
    "budget", [{"turns": 51}, {"tokens": 5_000_001}, {"seconds": 601}, {"turns": None}], ids=str
)
def test_no_author_gives_an_agent_more_than_the_product_allows(budget: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="budget"):
        AiAgentSettings.model_validate({"prompt": "x", "budget": budget})
