"""The durable 5-step run beside n8n and DBOS, in rounds that take turns; `make bench-peers`.

The run: webhook, FILTER, UPSERT_RECORD, CODE, UPDATE_RECORD. A round of a product ends when all its runs
are stored as ended. Prints a table and the medians, and puts them into bench/results.json.
Usage: python -m tests.bench.peers [rounds [runs a round]]
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from tests.bench.peers.installing import install
from tests.bench.peers.ours import Ours
from tests.bench.peers.peers import LIMIT_SECONDS, Dbos, N8n

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS: Final = 3
RUNS: Final = 100
WARM_UP: Final = 20
CONCURRENCY: Final = (1, 8, 32)
IDLE_SECONDS: Final = 5.0
RESULTS: Final = Path(__file__).resolve().parents[3] / "bench" / "results.json"

Product = Ours | N8n | Dbos


@dataclass(frozen=True, slots=True)
class Round:
    """One product at one concurrency. Units: `seconds` for all runs, `median` of one."""

    seconds: float
    median: float


def main(rounds: int, runs: int) -> None:
    """Measure all and print."""
    install()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        products: list[Product] = [made(Path(folder)) for made in (Ours, N8n, Dbos)]
        results = []
        for product in products:
            running.callback(product.stop)
            results += _started(product)
        for product in products:
            _round(product, WARM_UP, CONCURRENCY[-1])
        measured: dict[tuple[str, int], list[Round]] = {}
        for _ in range(rounds):
            for concurrency in CONCURRENCY:
                for product in products:
                    done = _round(product, runs, concurrency)
                    measured.setdefault((product.name, concurrency), []).append(done)
        results += _medians(measured, runs)
        for product in products:
            sys.stdout.write(f"{product.name:<10} stores: {product.durability}\n")
    _tell(results)


def _started(product: Product) -> list[dict[str, Any]]:
    """Start it for the first time, then again as a user does every day; the second time counts."""
    product.start()
    product.stop()
    seconds = product.start()
    time.sleep(IDLE_SECONDS)
    return [
        _result(f"peers.{product.name}.start", seconds, "s", 1),
        _result(f"peers.{product.name}.idle_memory", product.memory_mb(), "MB", 1),
    ]


def _round(product: Product, runs: int, concurrency: int) -> Round:
    before, local = product.finished(), threading.local()

    def one(number: int) -> float:
        if not hasattr(local, "http"):
            local.http = httpx.Client(timeout=LIMIT_SECONDS)
        started = time.perf_counter()
        product.call(local.http, {"name": f"Ann {number}", "email": f"ann{number}.{concurrency}@example.com"})
        return time.perf_counter() - started

    began = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as pool:
        times = list(pool.map(one, range(runs)))
    _wait(lambda: product.finished() - before == runs, product.name)
    return Round(time.perf_counter() - began, statistics.median(times))


def _wait(holds: Callable[[], bool], name: str) -> None:
    until = time.perf_counter() + LIMIT_SECONDS
    while not holds():
        if time.perf_counter() > until:
            raise SystemExit(f"{name} has not stored all its runs as ended")
        time.sleep(0.01)


def _medians(measured: dict[tuple[str, int], list[Round]], runs: int) -> list[dict[str, Any]]:
    results = []
    for (name, concurrency), rounds in measured.items():
        per_second = statistics.median(runs / one.seconds for one in rounds)
        median = statistics.median(one.median for one in rounds) * 1000
        samples = runs * len(rounds)
        results.append(_result(f"peers.{name}.per_second_at_{concurrency}", per_second, "runs", samples))
        results.append(_result(f"peers.{name}.p50_at_{concurrency}", median, "ms", samples))
    return results


def _result(name: str, value: float, unit: str, samples: int) -> dict[str, Any]:
    return {"name": name, "value": round(value, 1), "unit": unit, "samples": samples}


def _tell(results: list[dict[str, Any]]) -> None:
    for one in sorted(results, key=lambda one: [*reversed(one["name"].split("."))]):
        sys.stdout.write(f"{one['name']:<40} {one['value']:>10.1f} {one['unit']:<6} {one['samples']:>6}\n")
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    RESULTS.parent.mkdir(exist_ok=True)
    kept = [one for one in known if not one["name"].startswith("peers.")]
    RESULTS.write_text(json.dumps([*kept, *results], indent=1) + "\n")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [ROUNDS, RUNS][len(given) :]))
