"""Read runs for people: lists, one run with its steps, and what it cost in AWS requests and transitions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ventuno.engine.statuses import RunStatus
from ventuno.runs.view import run_view, summary
from ventuno.runtime.load_run import load_run
from ventuno.runtime.versions import read_version

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import LoadedRun
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion
    from ventuno.workflow.model import Workflow


def list_runs(
    services: Services,
    workflow: Workflow | None,
    status: RunStatus | None,
    limit: int,
    cursor: str | None,
    *,
    tests: bool = False,
) -> JsonObject:
    """List runs of a workflow or of a status, or only tests of drafts, newest first.

    Item: {"runs": [summary], "cursor": text or null}
    """
    if workflow is not None:
        page = services.runs.by_workflow(workflow.id, limit, cursor, tests=tests)
    else:
        page = services.runs.by_status(status or RunStatus.RUNNING, limit, cursor)
    runs = [run for run in page.runs if run.test == tests and status in (None, run.status)]
    return {"runs": [summary(run) for run in runs], "cursor": page.cursor}


def show_run(run_id: str, services: Services) -> JsonObject:
    """Return one run with the state of every step. Raises: NotFoundError"""
    whole = load_run(run_id, services)
    return run_view(whole.version.definition, whole.loaded, whole.rebuilt, services.payloads)


def run_figures(run_id: str, services: Services) -> JsonObject:
    """Measure one run: AWS requests and state transitions, in all and by step.

    Item: {"steps": [{id, name, executions, calls: {operation: n}, transitions}],
           "calls": n, "transitions": n, "executedSteps": n, "transitionsPerStep": x}
    Transitions are the states that the run's executions really entered, counted from their history.
    """
    loaded = services.runs.load_all(run_id)
    version = read_version(loaded.run.version, services.workflows, services.payloads)
    entered = _entered(loaded, services)
    steps = _step_figures(version, loaded, _transitions_by_step(version, entered))
    executed = len(loaded.by_place)
    return {
        "steps": steps,
        "transitions": len(entered),
        "calls": sum(sum(host.calls.values()) for host in loaded.states),
        "executedSteps": executed,
        "transitionsPerStep": round(len(entered) / executed, 2) if executed else None,
    }


def _entered(loaded: LoadedRun, services: Services) -> list[str]:
    run = loaded.run
    names = [run.id, *(f"{run.id}-r{attempt}" for attempt in range(1, run.attempt + 1))]
    return [state for name in names for state in services.machines.entered_states(run.machine_arn, name)]


def _transitions_by_step(version: LoadedVersion, entered: list[str]) -> Counter[str]:
    from ventuno.runtime.validation import machine_of  # noqa: PLC0415 - the compiler, which few calls need

    source_map = machine_of(version.definition).source_map
    return Counter(source_map[state] for state in entered if state in source_map)


def _step_figures(version: LoadedVersion, loaded: LoadedRun, transitions: Counter[str]) -> list[JsonObject]:
    executions = Counter(place.step_id for place in loaded.by_place)
    calls: dict[str, Counter[str]] = {step_id: Counter() for step_id in executions}
    for place, state in loaded.by_place.items():
        calls[place.step_id].update(state.calls)
    return [
        {
            "id": step_id,
            "name": version.definition.step(step_id).name,
            "executions": count,
            "calls": dict(calls[step_id]),
            "transitions": transitions[step_id],
        }
        for step_id, count in executions.items()
    ]
