"""What an operations person does: switch workflows on, write records over REST, look at runs and records."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from tests.e2e.acceptance.replaying import real_statuses, simulated_statuses
from tests.e2e.runs import RUN_LIMIT_SECONDS, WORKFLOWS, Product
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.access import create_key
from ventuno.runtime.activate import deactivate
from ventuno.runtime.show_run import run_figures, show_run
from ventuno_dev.yaml_source import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.definition.model import Definition

Json = dict[str, Any]
ACCOUNT: Final = "acceptance"
"""The id of the account that sends; its server runs on this machine."""


def shipped(slug: str, replaced: Mapping[str, str] | None = None, trigger: Json | None = None) -> Definition:
    """Read a shipped workflow, with other addresses or another schedule in place of its own.

    E-mail goes by the account of these tests, not by the oldest one of the stack.
    """
    text = (WORKFLOWS / f"{slug}.yaml").read_text("utf-8")
    for old, new in (replaced or {}).items():
        assert old in text
        text = text.replace(old, new)
    value: Any = read_yaml(text).value
    for step in value["steps"]:
        if step["type"] == "SEND_EMAIL":
            step["settings"]["input"]["connectedAccountId"] = ACCOUNT
    if trigger is not None:
        value["trigger"]["settings"] = trigger
    return definition_from(value)


def key_of(product: Product) -> str:
    """Make an administrator's key."""
    return create_key("acceptance", Role.ADMIN, product.services)[1]


@dataclass(slots=True)
class Desk:
    """One test's view of the running stack; what it switched on is switched off at the end."""

    product: Product
    token: str
    slugs: list[str] = field(default_factory=list)
    before: dict[str, set[str]] = field(default_factory=dict)
    records: dict[str, str | None] = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)

    def rest(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - any JSON
        """Call the API, which must agree."""
        headers = {"authorization": f"Bearer {self.token}"}
        answer = self.product.http.request(
            method, f"{self.product.api_url}{path}", json=body, headers=headers
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def created(self, plural: str, **fields: Any) -> Json:  # noqa: ANN401 - any JSON
        """Create a record."""
        return dict(next(iter(self.rest("POST", f"/rest/{plural}", fields)["data"].values())))

    def changed(self, plural: str, record_id: str, **fields: Any) -> Json:  # noqa: ANN401 - any JSON
        """Write fields of a record."""
        data = self.rest("PATCH", f"/rest/{plural}/{record_id}", fields)["data"]
        return dict(next(iter(data.values())))

    def record(self, plural: str, record_id: str) -> Json:
        """Read a record."""
        return dict(next(iter(self.rest("GET", f"/rest/{plural}/{record_id}")["data"].values())))

    def found(self, plural: str, condition: str) -> list[Json]:
        """Find records by a REST filter, oldest first."""
        query = urlencode({"limit": 200, "filter": condition})
        return list(self.rest("GET", f"/rest/{plural}?{query}")["data"][plural])

    def switch_on(
        self, slug: str, replaced: Mapping[str, str] | None = None, trigger: Json | None = None
    ) -> str:
        """Activate a shipped workflow and return its webhook's address."""
        address = self.product.activated(slug, shipped(slug, replaced, trigger))
        self.slugs.append(slug)
        self.before[slug] = set(self._run_ids(slug))
        return address

    def runs(
        self, slug: str, count: int = 1, record: str | None = None, within: float = RUN_LIMIT_SECONDS
    ) -> list[Json]:
        """Wait until so many runs, of events of one record if it is given, have ended; oldest first."""
        self.until(lambda: len(self.run_ids(slug, record)) >= count, f"{slug} starts {count} runs", within)
        return [self.finished(run) for run in self.run_ids(slug, record)]

    def run_ids(self, slug: str, record: str | None = None) -> list[str]:
        """List the runs that started since the workflow was switched on, oldest first."""
        return [run for run in reversed(self._run_ids(slug)) if self._is_ours(run, slug, record)]

    def step_of(self, run_id: str, step: str) -> Json:
        """Show a step of a run as it stands."""
        return dict(self.show(run_id)["state"]["stepInfos"][step])

    def finished(self, run_id: str) -> Json:
        """Wait until a run has ended; both engines of `simulate` must come to the same."""
        if run_id not in self.views:
            view = self.product.finished(run_id)
            real = real_statuses(view)
            for engine, simulated in simulated_statuses(view).items():
                assert simulated == real, f"the {engine} came to {simulated}, the stack to {real}"
            self.views[run_id] = view
        return self.views[run_id]

    def until(self, reached: Callable[[], object], what: str, within: float = RUN_LIMIT_SECONDS) -> None:
        """Wait until something is so."""
        give_up = time.monotonic() + within
        while not reached():
            assert time.monotonic() < give_up, f"not within {within:g} s: {what}"
            time.sleep(0.02)

    def show(self, run_id: str) -> Json:
        """Show a run as it stands."""
        view: Any = show_run(run_id, self.product.services)
        return dict(view)

    def executions(self, view: Json) -> dict[str, int]:
        """Tell how often each step of a run was executed."""
        figures: Any = run_figures(view["id"], self.product.services)
        return {step["id"]: step["executions"] for step in figures["steps"]}

    def figures(self) -> Json:
        """Sum up the runs that were waited for: runs, steps, transitions, calls, seconds."""
        each: list[Any] = [run_figures(run_id, self.product.services) for run_id in self.views]
        return {
            "runs": len(each),
            "steps": sum(one["executedSteps"] for one in each),
            "transitions": sum(one["transitions"] for one in each),
            "calls": sum(one["calls"] for one in each),
            "seconds": sum(_seconds(view) for view in self.views.values()),
        }

    def close(self) -> None:
        """Switch off what was switched on."""
        for slug in self.slugs:
            workflow = self.product.services.workflows.find(slug)
            if workflow is not None:
                deactivate(workflow, self.product.services)

    def _run_ids(self, slug: str) -> list[str]:
        workflow = self.product.services.workflows.find(slug)
        assert workflow is not None
        return [run.id for run in self.product.services.runs.by_workflow(workflow.id, 200, None).runs]

    def _is_ours(self, run_id: str, slug: str, record: str | None) -> bool:
        """Whether a run is new, and of the record; other tests' records may still come through the stream."""
        return run_id not in self.before[slug] and record in {None, self._record_of(run_id)}

    def _record_of(self, run_id: str) -> str | None:
        if run_id not in self.records:
            payload = self.show(run_id)["state"]["stepInfos"]["trigger"]["result"]
            self.records[run_id] = payload.get("recordId")
        return self.records[run_id]


def _seconds(view: Json) -> float:
    started, ended = (datetime.fromisoformat(view[at]) for at in ("startedAt", "endedAt"))
    return (ended - started).total_seconds()
