"""record_events, given batches as Lambda delivers them, on moto."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.builders import Json, step, written
from tests.functional.deployment import call, event, publish, services
from ventuno.runs.claim_check import check_out

pytestmark = pytest.mark.usefixtures("deployed")

RECORD_ID = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def batch(count: int = 1) -> Any:  # noqa: ANN401 - a captured event
    """A batch of writes of one record, each with an id and a place of its own."""
    captured = event("record_stream", RECORD_ID=RECORD_ID, RUN_ID="run-1")
    records = [copy.deepcopy(captured["Records"][0]) for _ in range(count)]
    for number, record in enumerate(records):
        record["eventID"] += str(number)
        record["dynamodb"]["SequenceNumber"] += str(number)
    return {"Records": records}


def listening(name: str = "company.updated") -> Json:
    return written(step("a"), trigger={"type": "DATABASE_EVENT", "settings": {"eventName": name}})


def test_a_write_starts_the_workflows_that_listen_to_it() -> None:
    workflow = publish(listening())
    publish(listening("company.created"), "other")

    assert call("record_events", batch()) == {"batchItemFailures": []}
    (run,) = services().runs.by_workflow(workflow.id, 9, None).runs
    payload: Any = check_out(run.payload, services().payloads)
    assert payload["recordId"] == RECORD_ID
    assert payload["properties"]["diff"] == {"name": {"before": "Acme", "after": "Ajax"}}
    assert payload["properties"]["after"]["position"] == -1772366400.5
    assert run.causation == ("run-1", run.id)


def test_a_batch_that_comes_again_starts_nothing_twice() -> None:
    workflow = publish(listening())
    for _ in range(2):
        call("record_events", batch(3))

    assert len(services().runs.by_workflow(workflow.id, 9, None).runs) == 3


def test_a_batch_goes_on_from_the_first_write_that_failed() -> None:
    workflow = publish(listening())
    sent = batch(4)
    sent["Records"][1]["dynamodb"]["NewImage"] = {"object": {"S": "company"}}  # no such row can exist
    answer = call("record_events", sent)
    places = [record["dynamodb"]["SequenceNumber"] for record in sent["Records"]]

    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == places[1:]
    assert len(services().runs.by_workflow(workflow.id, 9, None).runs) == 1
