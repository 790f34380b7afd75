"""The view of a run that people and clients read.

The reference's `state`, with derived statuses filled in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.graph import Graph
from ventuno.definition.model import TRIGGER
from ventuno.engine.settle import settle
from ventuno.engine.statuses import StepStatus
from ventuno.runs.claim_check import check_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.ports import PayloadStore
    from ventuno.runs.model import LoadedRun, Run, StepState


ENDED_BEFORE = "Workflow has been ended before this step was completed"


def step_statuses(definition: Definition, loaded: LoadedRun) -> dict[str, StepStatus]:
    """Give every step a status.

    A step that may start counts as RUNNING while the run goes on, and as FAILED once the run has ended
    without it.
    """
    settled = settle(Graph(definition), {step: state.reached() for step, state in loaded.by_step().items()})
    unfinished = StepStatus.FAILED if loaded.run.status.ended else StepStatus.RUNNING
    open_steps = [step for step, status in settled.statuses.items() if status is StepStatus.PENDING]
    ended = dict.fromkeys(open_steps, StepStatus.FAILED) if loaded.run.status.ended else {}
    return settled.statuses | dict.fromkeys(settled.ready, unfinished) | ended


def summary(run: Run) -> JsonObject:
    """Return one line of a list of runs.

    Item: {id, name, workflowId, versionNumber, status, startedAt, endedAt, error, createdBy, test}
    """
    return {
        "id": run.id,
        "name": run.name,
        "workflowId": run.version.workflow_id,
        "versionNumber": run.version.number,
        "status": run.status.value,
        "startedAt": run.started_at,
        "endedAt": run.ended_at,
        "error": run.error,
        "createdBy": run.created_by,
        "test": run.test,
    }


def run_view(definition: Definition, loaded: LoadedRun, payloads: PayloadStore) -> JsonObject:
    """Return a run with its flow and the state of every step.

    Item: summary + {state: {flow, stepInfos: {id: {status, result?, error?, history?}}, workflowRunError?}}
    Source: reference §1.1
    """
    statuses = step_statuses(definition, loaded)
    stored = loaded.by_step()
    infos: JsonObject = {TRIGGER: {"status": "SUCCESS", "result": check_out(loaded.run.payload, payloads)}}
    for step in definition.steps:
        infos[step.id] = _step_info(statuses[step.id], stored.get(step.id), payloads)
    flow = {"trigger": definition.to_dict()["trigger"], "steps": definition.to_dict()["steps"]}
    state: JsonObject = {"flow": flow, "stepInfos": infos}
    if loaded.run.error is not None:
        state["workflowRunError"] = loaded.run.error
    return {**summary(loaded.run), "state": state}


def _step_info(status: StepStatus, state: StepState | None, payloads: PayloadStore) -> JsonObject:
    info: JsonObject = {"status": status.value}
    if state is None:
        return info | ({"error": ENDED_BEFORE} if status is StepStatus.FAILED else {})
    if state.result is not None:
        info["result"] = check_out(state.result, payloads)
    if state.error is not None:
        info["error"] = state.error
    if state.history:
        info["history"] = [
            _drop_none(
                {
                    "status": attempt.status.value,
                    "error": attempt.error,
                    "retryAttempt": attempt.retry_attempt,
                }
            )
            for attempt in state.history
        ]
    return info | _drop_none({"startedAt": state.started_at, "endedAt": state.ended_at})


def _drop_none(fields: Mapping[str, object]) -> JsonObject:
    return {key: value for key, value in fields.items() if value is not None}  # type: ignore[misc]
