"""kill -9 of the whole stack: nothing that was stored is lost, and a run that was cut comes to its end."""

from __future__ import annotations

import os
import signal
import time
import uuid
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.e2e.conftest import start
from tests.e2e.runs import product_of
from ventuno.definition.loading import definition_from
from ventuno.records.context import Actor, WriteContext
from ventuno_dev.stack import pidfile, process
from ventuno_dev.stack.progress import Silent

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.runs import Product
    from ventuno.json_value import JsonObject

pytestmark = pytest.mark.e2e

SAVE_SECONDS = 2.5  # what is older than the emulator's save interval survives


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


def until_tried(product: Product, run_id: str, tries: int) -> None:
    until = time.monotonic() + 20

    def tried() -> int:
        state = product.services.runs.load_all(run_id).by_step().get("second")
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
        time.sleep(SAVE_SECONDS)

        record = pidfile.running(tmp_path)
        assert record is not None
        emulator = psutil.Process(record.pid)
        os.kill(record.pid, signal.SIGKILL)
        emulator.wait(10)
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
