"""A record written over REST starts the workflows that listen to it, through the real stream."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.access import create_key
from ventuno.runtime.activate import deactivate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject

pytestmark = pytest.mark.e2e

PROMISED = timedelta(seconds=3)
"""A record's write starts its runs within this time."""


@pytest.fixture(scope="module")
def editor(product: Product) -> dict[str, str]:
    _, token = create_key("editor", Role.EDITOR, product.services)
    return {"x-api-key": token}


@pytest.fixture
def slug(product: Product) -> Iterator[str]:
    """A workflow's name; what listened is deactivated, so that no other test's records start it."""
    name = f"events-{uuid.uuid4().hex[:8]}"
    yield name
    workflow = product.services.workflows.find(name)
    if workflow is not None:
        deactivate(workflow, product.services)


def defined(event: str, step: JsonObject, **settings: Any) -> Definition:  # noqa: ANN401 - author JSON
    return definition_from(
        {
            "name": "On a record",
            "trigger": {
                "type": "DATABASE_EVENT",
                "settings": {"eventName": event, **settings},
                "nextStepIds": ["only"],
            },
            "steps": [{"id": "only", "name": "Only", **step}],
        }
    )


def made(product: Product, plural: str, values: JsonObject, key: dict[str, str]) -> Any:  # noqa: ANN401 - a record
    answer = product.http.post(f"{product.api_url}/rest/{plural}", json=values, headers=key)
    assert answer.status_code == 201, answer.text
    return next(iter(answer.json()["data"].values()))


def test_a_record_created_over_rest_starts_a_run(product: Product, editor: dict[str, str], slug: str) -> None:
    note: JsonObject = {
        "type": "CREATE_RECORD",
        "settings": {
            "input": {
                "objectName": "note",
                "objectRecord": {"title": "{{trigger.properties.after.title}} of {{trigger.recordId}}"},
            }
        },
    }
    product.activated(slug, defined("task.created", note))
    task = made(product, "tasks", {"title": "Call"}, editor)
    (run_id,) = product.started(slug)
    view = product.finished(run_id)

    assert view["status"] == "COMPLETED"
    assert view["createdBy"]["source"] == "WORKFLOW"
    waited = datetime.fromisoformat(view["startedAt"]) - datetime.fromisoformat(task["createdAt"])
    assert waited < PROMISED
    assert view["state"]["stepInfos"]["only"]["result"]["title"] == f"Call of {task['id']}"


def test_a_workflow_that_updates_its_own_record_stops_at_the_tenth_run_which_says_so(
    product: Product, editor: dict[str, str], slug: str
) -> None:
    update: JsonObject = {
        "type": "UPDATE_RECORD",
        "settings": {
            "input": {
                "objectName": "task",
                "objectRecordId": "{{trigger.recordId}}",
                "objectRecord": {"title": "{{trigger.properties.after.title}}!"},
            }
        },
    }
    product.activated(slug, defined("task.upserted", update))
    task = made(product, "tasks", {"title": "Loop"}, editor)
    views = [product.finished(run_id) for run_id in product.started(slug, 10)]
    last = next(view for view in views if view["name"].startswith("#10 "))
    title = product.services.records.get("task", task["id"])["title"]

    assert title == "Loop" + 10 * "!"
    assert {view["status"] for view in views} == {"COMPLETED"}
    assert product.cut(last["id"])["workflows"] == [slug]
    assert len(product.started(slug, 10)) == 10
