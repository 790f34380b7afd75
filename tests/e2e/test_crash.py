"""kill -9 of the whole stack: nothing that was stored is lost, and a run that was cut comes to its end."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import start
from tests.e2e.power_cut import cut_power
from tests.e2e.runs import product_of
from tests.fakes.progress import Silent
from ventuno.definition.loading import definition_from
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.places import Place
from ventuno_dev.stack import process

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.runs import Product
    from ventuno.json_value import JsonObject

pytestmark = pytest.mark.e2e


def waits_for_note(note_id: str) -> JsonObject:
    """Define a workflow whose first step succeeds and whose second is retried until a note exists."""
    update: JsonObject = {"objectName": "note", "objectRecordId": note_id, "objectRecord": {"title": "found"}}
    retries = {"retryOnFailure": {"value": 3}}
    return {
        "name": "Cut in the middle",
        "trigger": {"type": "WEBHOOK", "settings": {}, "nextStepIds": ["first"]},
        "steps": [
            {
                "id": "first",
                "name": "First",
                "type": "CREATE_RECORD",
                "nextStepIds": ["second"],
                "settings": {"input": {"objectName": "task", "objectRecord": {"title": "once"}}},
            },
            {
                "id": "second",
                "name": "Second",
                "type": "UPDATE_RECORD",
                "settings": {"input": update, "errorHandlingOptions": retries},
            },
        ],
    }


def waits_for(seconds: int) -> JsonObject:
    """Define a workflow that waits some time between two tasks."""
    task: JsonObject = {"input": {"objectName": "task", "objectRecord": {"title": "{{trigger.title}}"}}}
    wait: JsonObject = {"input": {"delayType": "DURATION", "duration": {"seconds": seconds}}}
    makes: JsonObject = {"type": "CREATE_RECORD", "settings": task}
    return {
        "name": "Wait",
        "trigger": {"type": "WEBHOOK", "settings": {}, "nextStepIds": ["before"]},
        "steps": [
            {
                "id": "before",
                "name": "Before",
                "type": "CREATE_RECORD",
                "nextStepIds": ["wait"],
                "settings": task,
            },
            {"id": "wait", "name": "Wait", "type": "DELAY", "nextStepIds": ["after"], "settings": wait},
            {"id": "after", "name": "After", **makes},
        ],
    }


def test_a_delay_survives_a_restart_and_ends_when_it_would_have_ended(tmp_path: Path) -> None:
    running = start(tmp_path)
    try:
        product = product_of(running.target)
        short, long = (
            product.activated(f"wait-{seconds}", definition_from(waits_for(seconds))) for seconds in (4, 15)
        )
        over, going = (product.post(address, {"title": "x"})["workflowRunId"] for address in (short, long))
        until = {run_id: _until(product, run_id) for run_id in (over, going)}

        cut_power(tmp_path, product)
        time.sleep(3)  # the short delay ends while nothing runs
        product = product_of(start(tmp_path).target)

        for run_id in (over, going):
            infos = product.finished(run_id)["state"]["stepInfos"]
            assert {info["status"] for info in infos.values()} == {"SUCCESS"}
            assert _until(product, run_id) == until[run_id]
            assert infos["after"]["startedAt"] >= until[run_id]
        assert len(product.services.records.find("task").records) == 4
    finally:
        process.stop(tmp_path, Silent())


def _until(product: Product, run_id: str) -> str:
    """Tell until when a run waits, once it does."""
    give_up = time.monotonic() + 30
    while (state := product.services.runs.load_all(run_id).by_place.get(Place("wait"))) is None:
        assert time.monotonic() < give_up, "the run does not wait"
        time.sleep(0.05)
    waiting: Any = state.waiting_for
    return str(waiting["until"])


def until_tried(product: Product, run_id: str, tries: int) -> None:
    until = time.monotonic() + 20

    def tried() -> int:
        state = product.services.runs.load_all(run_id).by_place.get(Place("second"))
        return len(state.history) if state else 0

    while tried() < tries:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_killed_stack_comes_back_and_finishes_what_was_cut(tmp_path: Path) -> None:
    running = start(tmp_path)
    try:
        product = product_of(running.target)
        address = product.activated("web-form-to-person")
        whole = product.finished(product.post(address, {"email": "before@example.com"})["workflowRunId"])
        note_id = str(uuid.uuid4())
        cut = product.activated("cut", definition_from(waits_for_note(note_id)))
        run_id = product.post(cut, {})["workflowRunId"]
        until_tried(product, run_id, 2)
        product.services.records.create("note", {"id": note_id}, WriteContext(Actor("API", "test")))

        cut_power(tmp_path, product)
        product = product_of(start(tmp_path).target)

        again = product.finished(run_id)
        assert again["status"] == "COMPLETED"
        assert product.services.runs.load(run_id, []).run.attempt == 1
        assert product.services.records.get("note", note_id)["title"] == "found"
        assert len(product.services.records.find("task").records) == 1
        assert product.finished(whole["id"]) == whole
        address = product.activated("web-form-to-person")
        assert product.post(address, {"email": "after@example.com"})["success"] is True
    finally:
        process.stop(tmp_path, Silent())
