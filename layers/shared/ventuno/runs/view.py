"""The view of a run that people and clients read.

The reference's `state`, with everything filled in that follows from what is stored.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ventuno.definition.model import TRIGGER
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import Inline, PayloadRef
from ventuno.runs.places import Place, indexes_of, iteration_of
from ventuno.runs.rows import cut_fields

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.engine.frames import Frame
    from ventuno.json_value import JsonObject
    from ventuno.ports import PayloadStore
    from ventuno.runs.frames import RebuiltRun
    from ventuno.runs.model import LoadedRun, Run


def summary(run: Run) -> JsonObject:
    """Return one line of a list of runs.

    Item: {id, name, workflowId, versionNumber, status, startedAt, endedAt, error, createdBy, test, refused,
           chainCut: {event, recordId, workflows: [slug], limit} or null}
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
        "refused": run.refused,
        "chainCut": cut_fields(run.cut) if run.cut else None,
    }


def run_view(
    definition: Definition, loaded: LoadedRun, whole: RebuiltRun, payloads: PayloadStore
) -> JsonObject:
    """Return a run with its flow and the state of every step.

    Item: summary + {state: {flow, stepInfos: {id: info}, workflowRunError?}, stepLogs, usage,
          historyLeftOut?};
          usage is the sum of what the steps used, such as {inputTokens, outputTokens}; with historyLeftOut of
          those that were read;
          info is {status, result?, error?, waitingFor?, history?, startedAt?, endedAt?, count?};
          count is the number of an iterator's items once it has begun;
          historyLeftOut is true where a loop has too many iterations to list;
          stepLogs is {id: {details, entries, truncated?, sizeBytes}}, in a loop that of the last iteration
    Source: reference §1.1
    """
    root = whole.root
    infos: JsonObject = {TRIGGER: {"status": "SUCCESS", "result": check_out(loaded.run.payload, payloads)}}
    for step in definition.steps:
        history, now = root.told(step.id)
        told = readable(now, payloads) | _count(loaded, root, step.id)
        if history and loaded.whole:
            told["history"] = [readable(entry, payloads) for entry in history]
        infos[step.id] = told
    flow = {"trigger": definition.to_dict()["trigger"], "steps": definition.to_dict()["steps"]}
    state: JsonObject = {"flow": flow, "stepInfos": infos}
    if loaded.run.error is not None:
        state["workflowRunError"] = loaded.run.error
    left_out: JsonObject = {} if loaded.whole else {"historyLeftOut": True}
    logs, used = _step_logs(loaded, payloads), _usage(loaded)
    return {**summary(loaded.run), "state": state, "stepLogs": logs, "usage": used, **left_out}


def _usage(loaded: LoadedRun) -> JsonObject:
    used: Counter[str] = Counter()
    for state in loaded.by_place.values():
        used.update(state.usage)
    return {**used}


def _step_logs(loaded: LoadedRun, payloads: PayloadStore) -> JsonObject:
    told = [state for state in loaded.by_place.values() if state.log is not None]
    last = {state.step_id: state for state in sorted(told, key=lambda state: indexes_of(state.iteration))}
    return {step_id: check_out(state.log, payloads) for step_id, state in last.items() if state.log}


def _count(loaded: LoadedRun, frame: Frame, step_id: str) -> JsonObject:
    """Count the items of an iterator, inside another loop in the iteration that stands out."""
    if step_id in frame.states:
        return item_count(loaded, Place(step_id, iteration_of(frame.iteration)))
    outer = frame.loops.get(frame.scope.way_to[step_id])
    return _count(loaded, outer.shown(), step_id) if outer is not None and outer.iterations else {}


def item_count(loaded: LoadedRun, place: Place) -> JsonObject:
    """Return `{count}` of an iterator that has begun, nothing of any other step."""
    state = loaded.by_place.get(place)
    return {} if state is None or state.count is None else {"count": state.count}


def readable(info: JsonObject, payloads: PayloadStore) -> JsonObject:
    """Return a step's info with its result read from where it is stored. Raises: PayloadLostError"""
    stored: Any = info.get("result")
    if isinstance(stored, Inline | PayloadRef):
        return info | {"result": check_out(stored, payloads)}
    return info
