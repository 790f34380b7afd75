"""AWS calls of the durable 5-step run, counted by botocore's hook on a local stack; prints its lines.

Those of the steps are what step_runner counted and stored; starting and closing are done here by the same use
cases, the closing on a copy of the run, because the run itself is closed by run_events at once.
Usage:   python tests/bench/bench_calls.py
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.bench_runs import DEFINITION, own_stack
from tests.e2e.runs import product_of
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.webhook import WebhookCall, accept_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.runs.model import LoadedRun
    from ventuno.runtime.services import Services

BODY: Final = json.dumps({"name": "Ann", "email": "ann@example.com"}).encode()


def main() -> None:
    """Run it once to fill the caches of versions and objects, then count."""
    with own_stack() as stack:
        product = product_of(stack.target)
        path = urlsplit(product.activated("five-steps", definition_from(DEFINITION))).path
        call = WebhookCall(
            "POST", path[path.index("/webhooks/") :], {"content-type": "application/json"}, {}, BODY
        )
        for _ in range(2):
            run_id, starting = _started(call, product.services)
            product.finished(run_id)
            loaded = product.services.runs.load_all(run_id)
            closing = _closed(loaded, product.services)
    steps = {state.step_id: state.calls for state in loaded.states}
    for name, counts in {"start": starting, **steps, "close": closing}.items():
        _tell(name, counts)
    _tell("run", {"all": sum(sum(counts.values()) for counts in (starting, closing, *steps.values()))})


def _started(call: WebhookCall, services: Services) -> tuple[str, Mapping[str, int]]:
    services.calls.start()
    answer = accept_webhook(call, services)
    assert isinstance(answer.body, dict)
    return str(answer.body["workflowRunId"]), services.calls.counts()


def _closed(loaded: LoadedRun, services: Services) -> Mapping[str, int]:
    run = replace(loaded.run, id=services.ids.new_id(), status=RunStatus.RUNNING, ended_at=None)
    services.runs.create(run)
    services.runs.replace_steps(run, loaded.states)
    ended = {"stateMachineArn": run.machine_arn, "name": run.execution_name, "status": "SUCCEEDED"}
    event = ExecutionEnded.model_validate({"executionArn": "", "input": json.dumps({"run": run.id}), **ended})
    services.calls.start()
    if not close_run(event, services):
        raise SystemExit("the copy of the run was not closed")
    return services.calls.counts()


def _tell(name: str, counts: Mapping[str, int]) -> None:
    sys.stdout.write(f"calls.five_steps.{name} {sum(counts.values())} calls 1\n")
    if len(counts) > 1:
        for operation, count in sorted(counts.items()):
            sys.stdout.write(f"calls.five_steps.{name}.{operation.rpartition(':')[2]} {count} calls 1\n")


if __name__ == "__main__":
    main()
