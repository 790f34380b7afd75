"""DELETE_RECORD on the real stack: the record is gone for readers, starts what listens, and can come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step, written
from tests.e2e.runs import statuses
from ventuno.definition.loading import definition_from
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e

WEBHOOK = {"type": "WEBHOOK", "settings": {"httpMethod": "POST", "authentication": None}}


def test_a_step_deletes_a_record_which_can_be_restored(product: Product) -> None:
    given = {"objectName": "task", "objectRecordId": "{{trigger.id}}"}
    definition = definition_from(written(step("drop", "DELETE_RECORD", (), given), trigger=WEBHOOK))
    address = product.activated("drop-task", definition)
    heard: Any = {"type": "DATABASE_EVENT", "settings": {"eventName": "task.deleted"}}
    product.activated("task-dropped", definition_from(written(step("noted", "EMPTY"), trigger=heard)))
    records, me = product.services.records, WriteContext(Actor("API", "Test"))
    task = records.create("task", {"title": "Call back"}, me)

    view = product.finished(product.post(address, {"id": task["id"]})["workflowRunId"])
    again = product.finished(product.post(address, {"id": task["id"]})["workflowRunId"])
    told = [product.finished(run) for run in product.started("task-dropped")]

    assert view["state"]["stepInfos"]["drop"]["result"]["deletedAt"] is not None
    assert (statuses(again), again["status"]) == ({"drop": "FAILED"}, "FAILED")
    assert task["id"] in again["state"]["stepInfos"]["drop"]["error"]
    assert task["id"] in [run["state"]["stepInfos"]["trigger"]["result"]["recordId"] for run in told]
    assert records.restore("task", str(task["id"]), me)["deletedAt"] is None
