"""Webhooks and record events on a local stack of its own: how soon they are answered, and that none is lost.

Usage:   python tests/bench/bench_webhooks.py [webhooks in the flood]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.bench_runs import own_stack
from tests.e2e.flood import all_ended, call_many, runs_of, taking_notes, titles
from tests.e2e.runs import product_of
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.access import create_key

if TYPE_CHECKING:
    from tests.e2e.runs import Product

FLOOD: Final = 2_000
ALONE: Final = 200
EVENTS: Final = 50
CALLERS: Final = 32
LIMIT_SECONDS: Final = 1_800.0
_POLL_SECONDS: Final = 0.001


def main(webhooks: int) -> None:
    """Measure one caller, then many, then events of records."""
    with own_stack() as stack:
        product = product_of(stack.target)
        _alone(product)
        _flood(product, webhooks)
        _events(product)


def _alone(product: Product) -> None:
    address = product.activated("alone", taking_notes("Alone"))
    call_many(address, ["warm up"] * CALLERS, CALLERS)
    all_ended(product, "alone", LIMIT_SECONDS)
    seconds = sorted(call.seconds for call in call_many(address, ["alone"] * ALONE, 1))
    all_ended(product, "alone", LIMIT_SECONDS)
    _tell("accept_p50_at_1", statistics.median(seconds) * 1000, "ms", ALONE)
    _tell("accept_p99_at_1", seconds[ALONE * 99 // 100] * 1000, "ms", ALONE)


def _flood(product: Product, webhooks: int) -> None:
    """Call, then wait until the last run has ended; what is missing at the end is told, and ought to be 0."""
    address = product.activated("flood", taking_notes("Flood"))
    texts = [f"flood {number}" for number in range(webhooks)]
    began = time.perf_counter()
    calls = call_many(address, texts, CALLERS)
    answered = time.perf_counter() - began
    statuses = all_ended(product, "flood", LIMIT_SECONDS)
    ended = time.perf_counter() - began
    made = titles(product)
    seconds = sorted(call.seconds for call in calls)
    sys.stderr.write(f"{Counter(call.status for call in calls)} {Counter(statuses.values())}\n")
    for name, value, unit in (
        (f"accepted_per_second_at_{CALLERS}", webhooks / answered, "webhooks"),
        (f"accept_p50_at_{CALLERS}", statistics.median(seconds) * 1000, "ms"),
        (f"accept_p99_at_{CALLERS}", seconds[webhooks * 99 // 100] * 1000, "ms"),
        ("ended_per_second", webhooks / ended, "runs"),
        ("not_accepted", sum(call.run_id is None for call in calls), "webhooks"),
        ("without_a_run", len({call.run_id for call in calls} - statuses.keys()), "webhooks"),
        ("without_a_webhook", len(statuses.keys() - {call.run_id for call in calls}), "runs"),
        ("not_completed", sum(status != "COMPLETED" for status in statuses.values()), "runs"),
        ("notes_not_made_once", sum(made[text] != 1 for text in texts), "notes"),
    ):
        _tell(name, value, unit, webhooks)


def _events(product: Product) -> None:
    """Create records over REST, one by one, and wait for the run that each starts."""
    _, token = create_key("bench", Role.EDITOR, product.services)
    trigger = {"type": "DATABASE_EVENT", "settings": {"eventName": "task.created"}, "nextStepIds": ["note"]}
    defined: Any = {"name": "Events", "trigger": trigger, "steps": [_EMPTY]}
    product.activated("events", definition_from(defined))
    seconds = []
    for number in range(EVENTS):
        began = time.perf_counter()
        answer = product.http.post(
            f"{product.api_url}/rest/tasks", json={"title": f"Task {number}"}, headers={"x-api-key": token}
        )
        answer.raise_for_status()
        while sum(1 for _ in runs_of(product, "events")) <= number:
            time.sleep(_POLL_SECONDS)
        seconds.append(time.perf_counter() - began)
    all_ended(product, "events", LIMIT_SECONDS)
    _tell("record_over_rest_to_run_p50", statistics.median(seconds) * 1000, "ms", EVENTS)


_EMPTY: Final = {"id": "note", "name": "Nothing", "type": "EMPTY", "settings": {"input": {}}}


def _tell(name: str, value: float, unit: str, samples: int) -> None:
    sys.stdout.write(f"webhooks.{name} {value:.1f} {unit} {samples}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FLOOD)
