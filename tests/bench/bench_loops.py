"""ITERATOR over 100 to 10,000 items with a two-step body on a local stack of its own; prints its lines.

Fails where a function's worker takes more memory for more items, or the last iteration cannot be read.
Usage: python tests/bench/bench_loops.py [items …]
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.e2e.conftest import start
from tests.e2e.runs import product_of
from tests.fakes.progress import Silent
from ventuno.definition.loading import definition_from
from ventuno.runtime.show_iterations import Wanted, show_iterations
from ventuno_dev.stack import pidfile, process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import RunningStack
    from tests.e2e.runs import Product

ITEMS: Final = (100, 1_000, 10_000)
WARM_UP: Final = 20
CONCURRENCY: Final = (1, 8)
LIMIT_SECONDS: Final = 900.0
GROWTH_BYTES: Final = 20 * 1024 * 1024
"""How much more memory a worker may take after a long loop than after a short one."""


def _step(kind: str, name: str, following: list[str], given: Any) -> dict[str, Any]:  # noqa: ANN401 - author JSON
    return {"id": name, "name": name, "type": kind, "nextStepIds": following, "settings": {"input": given}}


def definition(concurrency: int) -> dict[str, Any]:
    """Write a loop whose body makes one record of each item that has a name."""
    items = {"items": "{{trigger.items}}", "initialLoopStepIds": ["named"], "maxConcurrency": concurrency}
    named = {
        "type": "TEXT",
        "stepOutputKey": "{{each.currentItem.name}}",
        "operand": "CONTAINS",
        "value": "item",
    }
    record = {"objectName": "note", "objectRecord": {"title": "{{each.currentItem.name}}"}}
    return {
        "name": f"Loop {concurrency}",
        "trigger": {"type": "WEBHOOK", "settings": {"httpMethod": "POST"}, "nextStepIds": ["each"]},
        "steps": [
            _step("ITERATOR", "each", [], items),
            _step("FILTER", "named", ["note"], {"stepFilters": [named]}),
            _step("CREATE_RECORD", "note", ["each"], record),
        ],
    }


def main(sizes: tuple[int, ...]) -> None:
    """Run the loop at each size, one by one and several at once."""
    with _stack() as (stack, data):
        product = product_of(stack.target)
        for concurrency in CONCURRENCY:
            address = product.activated(f"loop-{concurrency}", definition_from(definition(concurrency)))
            _looped(product, address, WARM_UP)
            before = 0
            for items in sizes:
                worked = _processor_seconds(data)
                run_id, seconds = _looped(product, address, items)
                worked = _processor_seconds(data) - worked
                grown = _largest_worker(data)
                before = before or grown
                if grown - before > GROWTH_BYTES:
                    raise SystemExit(f"a worker grew from {before} to {grown} bytes with {items} items")
                _read_last(product, run_id, items)
                name = f"loops.at_{concurrency}.{items}"
                sys.stdout.write(f"{name}.per_item {seconds / items * 1000:.2f} ms {items}\n")
                sys.stdout.write(f"{name}.processor_per_item {worked / items * 1000:.2f} ms {items}\n")
                sys.stdout.write(f"{name}.worker {grown / 1e6:.1f} MB {items}\n")
                sys.stdout.flush()


def _looped(product: Product, address: str, items: int) -> tuple[str, float]:
    """Run a loop over so many items, and return the run's id and how long it took."""
    began = time.perf_counter()
    run_id = product.post(address, {"items": [{"name": f"item {one}"} for one in range(items)]})[
        "workflowRunId"
    ]
    while not (run := product.services.runs.load(run_id, []).run).status.ended:
        if time.perf_counter() - began > LIMIT_SECONDS:
            raise SystemExit(f"a loop over {items} items takes longer than {LIMIT_SECONDS} s")
        time.sleep(0.05)
    if run.status != "COMPLETED":
        raise SystemExit(f"a loop over {items} items came to {run.status}: {run.error}")
    return run_id, time.perf_counter() - began


def _read_last(product: Product, run_id: str, items: int) -> None:
    view: Any = show_iterations(run_id, Wanted("each", items - 1), product.services)
    (last,) = view["iterations"]
    if (last["index"], last["item"]["name"]) != (items - 1, f"item {items - 1}"):
        raise SystemExit(f"the last iteration is told as {last}")
    if last["steps"]["note"]["result"]["title"] != f"item {items - 1}":
        raise SystemExit(f"the last iteration's record is told as {last['steps']['note']}")


def _largest_worker(data: Path) -> int:
    return max((worker.memory_info().rss for worker in _processes(data)[1:]), default=0)


def _processor_seconds(data: Path) -> float:
    """Tell how long processors have worked for the stack; what else runs here changes little of it."""
    times = [process.cpu_times() for process in _processes(data)]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def _processes(data: Path) -> list[psutil.Process]:
    """List the stack's process and those of its workers."""
    record = pidfile.running(data)
    if record is None:
        raise SystemExit("the stack does not run any more")
    stack = psutil.Process(record.pid)
    return [stack, *stack.children(recursive=True)]


@contextmanager
def _stack() -> Iterator[tuple[RunningStack, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        running = start(data, iam=False)
        try:
            with running.clients:
                yield running, data
        finally:
            process.stop(data, Silent())


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or ITEMS)
