"""What end-to-end tests do again and again: apply and activate a workflow, call it, wait for its run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ventuno.runtime.activate import activate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.show_run import show_run
from ventuno_dev.connection import connect
from ventuno_dev.definition_files import read_definition

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonValue
    from ventuno.runtime.services import Services
    from ventuno_dev.stack.target import Target

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
RUN_LIMIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Product:
    """The product as its users meet it: over HTTP, and through the same use cases as the command line."""

    services: Services
    api_url: str
    http: httpx.Client

    def activated(self, slug: str, definition: Definition | None = None) -> str:
        """Apply and activate a shipped workflow, or a given definition; return its webhook's address."""
        given = definition or read_definition(WORKFLOWS / f"{slug}.yaml")
        applied = apply_definition(slug, given, self.services)
        workflow = applied.workflow
        if workflow.active is None or workflow.active.number != applied.version.number:
            workflow = activate(workflow, self.services)
        return f"{self.api_url}/webhooks/workflows/{self.services.workspace_id}/{workflow.id}"

    def post(self, address: str, body: JsonValue, **headers: str) -> dict[str, Any]:
        """Call a webhook that must accept, and return its answer."""
        answer = self.http.post(
            address, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def started(self, slug: str, count: int = 1, within: float = RUN_LIMIT_SECONDS) -> list[str]:
        """Wait until a workflow has so many runs and return their ids, newest first."""
        workflow = self.services.workflows.find(slug)
        assert workflow is not None
        until = time.monotonic() + within
        while len(runs := self.services.runs.by_workflow(workflow.id, 200, None).runs) < count:
            assert time.monotonic() < until, f"{slug} has {len(runs)} runs, not {count}"
            time.sleep(0.01)
        return [run.id for run in runs]

    def cut(self, run_id: str) -> dict[str, Any]:
        """Wait until a run says that its chain was cut and return what it says."""
        until = time.monotonic() + RUN_LIMIT_SECONDS
        cut: Any = None
        while not cut:
            assert time.monotonic() < until, f"the chain of run {run_id} was not cut"
            time.sleep(0.01)
            cut = show_run(run_id, self.services)["chainCut"]
        return dict(cut)

    def finished(self, run_id: str) -> dict[str, Any]:
        """Wait until a run has ended and return its view."""
        until = time.monotonic() + RUN_LIMIT_SECONDS
        while not self.services.runs.load(run_id, []).run.status.ended:
            assert time.monotonic() < until, f"run {run_id} did not end: {show_run(run_id, self.services)}"
            time.sleep(0.01)
        return dict(show_run(run_id, self.services))


def product_of(target: Target) -> Product:
    """Connect to a running stack."""
    connection = connect(target)
    return Product(connection.services, connection.api_url, httpx.Client(timeout=30))


def statuses(view: dict[str, Any]) -> dict[str, str]:
    """Return the status of each step of a run's view."""
    return {step: info["status"] for step, info in view["state"]["stepInfos"].items() if step != "trigger"}
