"""Durable 5-step runs on a local stack of its own, from webhook to COMPLETED; prints its lines.

The run: webhook, FILTER, UPSERT_RECORD, CODE, UPDATE_RECORD; all state is in the store.
Usage:   python tests/bench/bench_runs.py [runs per measurement]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.e2e.conftest import start
from tests.e2e.runs import product_of
from tests.fakes.progress import Silent
from ventuno.definition.loading import definition_from
from ventuno_dev.stack import process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack
    from ventuno.json_value import JsonObject

RUNS: Final = 200
WARM_UP: Final = 20
CONCURRENCY: Final = (1, 8, 32)
POLL_SECONDS: Final = 0.02
LIMIT_SECONDS: Final = 60.0
CODE: Final = "export const main = async (params) => ({ title: params.name.toUpperCase() });"


def _step(kind: str, name: str, following: list[str], given: Any) -> dict[str, Any]:  # noqa: ANN401 - author JSON
    return {"id": name, "name": name, "type": kind, "nextStepIds": following, "settings": {"input": given}}


DEFINITION: Final[JsonObject] = {
    "name": "Five steps",
    "trigger": {
        "type": "WEBHOOK",
        "settings": {"httpMethod": "POST", "authentication": None},
        "nextStepIds": ["wanted"],
    },
    "steps": [
        _step(
            "FILTER",
            "wanted",
            ["person"],
            {
                "stepFilterGroups": [{"id": "all", "logicalOperator": "AND"}],
                "stepFilters": [
                    {
                        "type": "TEXT",
                        "stepOutputKey": "{{trigger.email}}",
                        "operand": "CONTAINS",
                        "value": "@",
                        "stepFilterGroupId": "all",
                    }
                ],
            },
        ),
        _step(
            "UPSERT_RECORD",
            "person",
            ["title"],
            {
                "objectName": "person",
                "objectRecord": {
                    "name": {"firstName": "{{trigger.name}}"},
                    "emails": {"primaryEmail": "{{trigger.email}}"},
                },
            },
        ),
        _step(
            "CODE", "title", ["update"], {"code": CODE, "logicFunctionInput": {"name": "{{trigger.name}}"}}
        ),
        _step(
            "UPDATE_RECORD",
            "update",
            [],
            {
                "objectName": "person",
                "objectRecordId": "{{person.id}}",
                "objectRecord": {"jobTitle": "{{title.title}}"},
                "fieldsToUpdate": ["jobTitle"],
            },
        ),
    ],
}


def main(runs: int) -> None:
    """Measure at each concurrency, after a warm-up."""
    with own_stack() as stack:
        address = product_of(stack.target).activated("five-steps", definition_from(DEFINITION))
        _measure(stack, address, WARM_UP, CONCURRENCY[-1])
        for concurrency in CONCURRENCY:
            accepted, whole, seconds = _measure(stack, address, runs, concurrency)
            for name, value, unit in (
                ("per_second", runs / seconds, "runs"),
                ("p50", statistics.median(whole) * 1000, "ms"),
                ("accept_p50", statistics.median(accepted) * 1000, "ms"),
            ):
                sys.stdout.write(f"runs.five_steps.{name}_at_{concurrency} {value:.1f} {unit} {runs}\n")


@contextmanager
def own_stack() -> Iterator[RunningStack]:
    """Start a local stack in a folder of its own, and stop it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        running = start(data, iam=False)
        try:
            with running.clients:
                yield running
        finally:
            process.stop(data, Silent())


def _measure(
    stack: RunningStack, address: str, runs: int, concurrency: int
) -> tuple[list[float], list[float], float]:
    local, watch = threading.local(), Watch(stack)

    def one(number: int) -> tuple[float, float]:
        if not hasattr(local, "http"):
            local.http = httpx.Client(timeout=LIMIT_SECONDS)
        started = time.perf_counter()
        body = {"name": f"Ann {number}", "email": f"ann{number}.{concurrency}@example.com"}
        answer = local.http.post(address, json=body)
        answer.raise_for_status()
        accepted = time.perf_counter() - started
        watch.wait(answer.json()["workflowRunId"])
        return accepted, time.perf_counter() - started

    began = time.perf_counter()
    with watch, ThreadPoolExecutor(concurrency) as pool:
        times = list(pool.map(one, range(runs)))
    seconds = time.perf_counter() - began
    return [accepted for accepted, _ in times], [whole for _, whole in times], seconds


class Watch:
    """One thread that asks for all open runs at once, so that watching costs little."""

    def __init__(self, stack: RunningStack) -> None:
        self._client = stack.clients.dynamodb
        self._table = stack.outputs.runs_table
        self._open: dict[str, threading.Event] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def wait(self, run_id: str) -> None:
        event = self._open[run_id] = threading.Event()
        if not event.wait(LIMIT_SECONDS):
            raise SystemExit(f"run {run_id} did not end")

    def _look(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            keys = [{"PK": {"S": f"RUN#{run_id}"}, "SK": {"S": "META"}} for run_id in list(self._open)]
            if keys:
                asked: Any = {
                    self._table: {
                        "Keys": keys,
                        "ProjectionExpression": "PK, #s",
                        "ExpressionAttributeNames": {"#s": "status"},
                    }
                }
                for item in self._client.batch_get_item(RequestItems=asked)["Responses"][self._table]:
                    if item["status"]["S"] == "COMPLETED":
                        self._open.pop(item["PK"]["S"].removeprefix("RUN#")).set()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
