"""Many webhooks at once, and the account of what became of each: answered, stored, ended."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from ventuno.definition.loading import definition_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product
    from ventuno.definition.model import Definition
    from ventuno.runs.model import Run

_ANSWER_SECONDS = 60.0
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a webhook; `run_id` is None where it was not accepted, `seconds` is until the answer."""

    status: int
    run_id: str | None
    seconds: float


def taking_notes(name: str) -> Definition:
    """Write a workflow that makes a note of what it was told."""
    webhook: dict[str, Any] = {"type": "WEBHOOK", "settings": {"httpMethod": "POST", "authentication": None}}
    given: Any = {"objectName": "note", "objectRecord": {"title": "{{trigger.text}}"}}
    step: Any = {"id": "note", "name": "Note", "type": "CREATE_RECORD", "settings": {"input": given}}
    return definition_from({"name": name, "trigger": webhook | {"nextStepIds": ["note"]}, "steps": [step]})


def call_many(address: str, texts: list[str], concurrency: int) -> list[Call]:
    """Call a webhook once with each text, by so many callers at once, each on its own connection."""
    local = threading.local()

    def one(text: str) -> Call:
        if not hasattr(local, "http"):
            local.http = httpx.Client(timeout=_ANSWER_SECONDS)
        began = time.perf_counter()
        answer = local.http.post(address, json={"text": text})
        seconds = time.perf_counter() - began
        accepted = answer.status_code == httpx.codes.CREATED
        return Call(answer.status_code, answer.json()["workflowRunId"] if accepted else None, seconds)

    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(one, texts))


def runs_of(product: Product, slug: str) -> Iterator[Run]:
    """Read all runs of a workflow from the store."""
    workflow = product.services.workflows.find(slug)
    assert workflow is not None
    cursor: str | None = None
    while True:
        page = product.services.runs.by_workflow(workflow.id, _PAGE, cursor)
        yield from page.runs
        cursor = page.cursor
        if cursor is None:
            return


def all_ended(product: Product, slug: str, within: float) -> dict[str, str]:
    """Wait until every run of a workflow has ended, or for so many seconds; return their statuses by id."""
    until = time.monotonic() + within
    while True:
        runs = {run.id: run.status for run in runs_of(product, slug)}
        if all(status.ended for status in runs.values()) or time.monotonic() > until:
            return {run_id: status.value for run_id, status in runs.items()}
        time.sleep(0.2)


def titles(product: Product) -> Counter[str]:
    """Count the notes that there are by title."""
    notes = product.services.records.each("note", None, ["title"])
    return Counter(str(note["title"]) for note in notes)
