"""List runs: of a workflow, of a status, of both, or the newest of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno.engine.statuses import RunStatus
from ventuno.runtime import show_run
from ventuno.runtime.workflows import find_workflow

if TYPE_CHECKING:
    from ventuno.runtime.services import Services

    Page = dict[str, Any]  # {"runs": [summary], "cursor": text or null}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs, and how many at most."""

    workflow: str | None
    status: RunStatus | None
    limit: int
    cursor: str | None
    tests: bool = False


def list_runs(wanted: Wanted, services: Services) -> Page:
    """List one page of runs, newest first; only the newest of all have no further page.

    Raises: NotFoundError, BadRequestError, StoreUnavailableError
    """
    if wanted.workflow is None and wanted.status is None:
        return {"runs": _newest(wanted, services), "cursor": None}
    return _page(wanted, services)


def _page(wanted: Wanted, services: Services) -> Page:
    """Read on while a page holds nothing: the runs of a status are picked out of those of a workflow."""
    workflow = find_workflow(wanted.workflow, services) if wanted.workflow else None
    cursor = wanted.cursor
    while True:
        page: Page = show_run.list_runs(
            services, workflow, wanted.status, wanted.limit, cursor, tests=wanted.tests
        )
        cursor = page["cursor"]
        if page["runs"] or cursor is None:
            return page


def _newest(wanted: Wanted, services: Services) -> list[Any]:
    """Merge the newest runs of every status: the store lists by status or by workflow only."""
    limit = wanted.limit
    pages: list[Page] = [
        {**show_run.list_runs(services, None, status, limit, None, tests=wanted.tests)}
        for status in RunStatus
    ]
    found = [run for page in pages for run in page["runs"]]
    return sorted(found, key=lambda run: str(run["startedAt"]), reverse=True)[:limit]
