"""The clock starts a run on the real stack, at the shortest interval there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.definition.loading import definition_from
from ventuno.runtime.activate import deactivate

if TYPE_CHECKING:
    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product
    from ventuno.json_value import JsonObject

pytestmark = pytest.mark.e2e

WAIT_SECONDS = 75.0  # a minute begins at the latest after 60, and Scheduler looks every second
EVERY_MINUTE: JsonObject = {
    "name": "Every minute",
    "trigger": {
        "type": "CRON",
        "settings": {"type": "MINUTES", "schedule": {"minute": 1}},
        "nextStepIds": ["note"],
    },
    "steps": [
        {
            "id": "note",
            "name": "Note",
            "type": "CREATE_RECORD",
            "settings": {"input": {"objectName": "note", "objectRecord": {"title": "tick"}}},
        }
    ],
}


def test_a_schedule_fires_and_is_gone_after_deactivation(product: Product, stack: RunningStack) -> None:
    product.activated("every-minute", definition_from(EVERY_MINUTE))
    (run_id,) = product.started("every-minute", within=WAIT_SECONDS)[-1:]
    view = product.finished(run_id)
    workflow = product.services.workflows.find("every-minute")
    assert workflow is not None
    deactivate(workflow, product.services)

    assert view["status"] == "COMPLETED"
    assert view["state"]["stepInfos"]["trigger"]["result"] == {}
    group = stack.outputs.schedule_group
    listed = stack.clients.scheduler.list_schedules(GroupName=group)["Schedules"]
    assert [one["Name"] for one in listed if one["Name"].startswith(workflow.id)] == []
