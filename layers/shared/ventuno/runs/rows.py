"""Runs and step states as plain rows and back; both stores keep exactly these.

Item:   run  {PK: RUN#<id>, SK: META, workflowPk: WORKFLOW#<id> or TESTS#<id>, workflowSk: <startedAt>#<id>,
              statusPk: STATUS#<status>, statusSk: <startedAt>#<id>, …}
             of one that waits to start {statusPk: STATUS#NOT_STARTED, statusSk: <workflow>#<startedAt>#<id>}
        step {PK: RUN#<id>, SK: STEP#<step>, …}
             and while a form waits the keys of `runs.form_rows`
        in a loop {PK: RUN#<id>, SK: LOOP#<step>#<iteration>, …}
        items {PK: RUN#<id>, SK: ITEMS#<iterator>#<iteration>#<number>, items}
        token {PK: RUN#<id>, SK: AWAIT#<form>#<iteration>, token}
        What is inside loops sorts before META, so a run without it is one query; so do tokens, which nobody
        reads but who answers a form.
        Values are JSON text or a claim check; empty fields are left out.
Source: architecture, Data
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runs.fields import (
    attempt_fields,
    attempt_from,
    error_from,
    error_value,
    present,
    stored_from,
    stored_value,
)
from ventuno.runs.form_rows import form_index
from ventuno.runs.keys import ITEMS, META, chunk_key, run_key, step_key, token_key
from ventuno.runs.model import (
    ChainCut,
    ChunkKey,
    LoadedRun,
    Run,
    StepState,
    Stored,
    VersionRef,
)
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject


def chunk_row(run: Run, chunk: ChunkKey, items: Stored) -> JsonObject:
    """Write some of an iterator's items as a row; it expires with its run."""
    identity: JsonObject = {"iterator": chunk.iterator, "iteration": chunk.iteration, "number": chunk.number}
    return chunk_key(run.id, chunk) | identity | {"items": stored_value(items), "expiresAt": run.expires_at}


def token_row(run: Run, place: Place, token: str) -> JsonObject:
    """Write a token as a row; it expires with its run."""
    return token_key(run.id, place) | {"token": token, "expiresAt": run.expires_at}


def status_index(run: Run, status: RunStatus) -> JsonObject:
    """Return the key of the index by status; it moves when the status does.

    Runs that wait to start stand there by workflow, because whether one may start is a matter of its own.
    """
    waiting = status is RunStatus.NOT_STARTED
    order = waiting_since(run) if waiting else f"{run.started_at}#{run.id}"
    return {"statusPk": f"STATUS#{status.value}", "statusSk": order}


def waiting_since(run: Run) -> str:
    """Return the place of a run among those that wait to start."""
    return f"{run.version.workflow_id}#{run.started_at}#{run.id}"


def listed_under(workflow_id: str, *, tests: bool) -> str:
    """Return the partition that lists a workflow's runs; tests have one of their own."""
    return f"{'TESTS' if tests else 'WORKFLOW'}#{workflow_id}"


def run_row(run: Run) -> JsonObject:
    """Write a run as a row."""
    return (
        run_key(run.id)
        | status_index(run, run.status)
        | present(
            workflowPk=listed_under(run.version.workflow_id, tests=run.test),
            workflowSk=f"{run.started_at}#{run.id}",
            id=run.id,
            name=run.name,
            version=str(run.version),
            machineArn=run.machine_arn,
            status=run.status.value,
            payload=stored_value(run.payload),
            createdBy=run.created_by,
            startedAt=run.started_at,
            endedAt=run.ended_at,
            expiresAt=run.expires_at,
            error=run.error,
            riders=[_state_fields(state) for state in run.start_riders],
            attempt=run.attempt,
            causation=list(run.causation),
            failed=sorted(str(place) for place in run.failed),
            broken=sorted(str(place) for place in run.broken),
            test=run.test or None,
            cut=cut_fields(run.cut) if run.cut else None,
            holdsPlace=run.holds_place or None,
            candidate=run.candidate or None,
            refused=run.refused or None,
        )
    )


def run_from(row: JsonObject) -> Run:
    """Read a run back."""
    fields: Any = row
    return Run(
        id=fields["id"],
        name=fields["name"],
        version=VersionRef.parse(fields["version"]),
        machine_arn=fields["machineArn"],
        status=RunStatus(fields["status"]),
        payload=stored_from(fields["payload"]),
        created_by=fields["createdBy"],
        started_at=fields["startedAt"],
        expires_at=fields["expiresAt"],
        start_riders=tuple(_state_from(state) for state in fields.get("riders", ())),
        attempt=fields["attempt"],
        ended_at=fields.get("endedAt"),
        error=fields.get("error"),
        causation=tuple(fields.get("causation", ())),
        failed=frozenset(Place.parse(text) for text in fields.get("failed", ())),
        broken=frozenset(Place.parse(text) for text in fields.get("broken", ())),
        test=fields.get("test", False),
        cut=_cut_from(fields["cut"]) if "cut" in fields else None,
        holds_place=fields.get("holdsPlace", False),
        candidate=fields.get("candidate", False),
        refused=fields.get("refused", False),
    )


def cut_fields(cut: ChainCut) -> JsonObject:
    """Write where a chain was cut. Item: {event, recordId, workflows: [slug], limit}"""
    return {
        "event": cut.event,
        "recordId": cut.record_id,
        "workflows": list(cut.workflows),
        "limit": cut.limit,
    }


def _cut_from(fields: Any) -> ChainCut:  # noqa: ANN401 - a row's nested fields
    return ChainCut(fields["event"], fields["recordId"], tuple(fields["workflows"]), fields["limit"])


def state_row(run: Run, state: StepState) -> JsonObject:
    """Write a step's state as a row; it expires with its run."""
    opened: JsonObject = {"open": True} if state.open or state.riders_due else {}
    fields = {"expiresAt": run.expires_at} | opened | _state_fields(state)
    return step_key(run.id, state.place) | fields | form_index(run.id, state)


def state_from(row: JsonObject) -> StepState:
    """Read a step's state back."""
    return _state_from(row)


def loaded_from(run_id: str, rows: list[JsonObject], *, whole: bool = True) -> LoadedRun:
    """Read the rows of one run. Raises: NotFoundError"""
    run: Run | None = None
    states: list[StepState] = []
    chunks: dict[ChunkKey, Stored] = {}
    for row in rows:
        if row["SK"] == META:
            run = run_from(row)
        elif str(row["SK"]).startswith(ITEMS):
            chunks |= _chunk_from(row)
        else:
            states.append(state_from(row))
    if run is None:
        raise errors.NotFoundError(f'there is no run "{run_id}"')
    return LoadedRun(run, tuple(states), chunks, whole)


def _chunk_from(row: JsonObject) -> dict[ChunkKey, Stored]:
    fields: Any = row
    return {ChunkKey(fields["iterator"], fields["iteration"], fields["number"]): stored_from(fields["items"])}


def _state_fields(state: StepState) -> JsonObject:
    return present(
        stepId=state.step_id,
        iteration=state.iteration or None,
        status=state.status.value,
        result=stored_value(state.result) if state.result else None,
        error=error_value(state.error),
        branch=state.branch,
        rescued=state.rescued or None,
        count=state.count,
        over=state.over,
        waitingFor=state.waiting_for,
        token=state.token,
        rides=list(state.rides),
        alone=state.alone or None,
        link=state.link,
        untold=state.untold or None,
        form=stored_value(state.form) if state.form else None,
        ridersDue=state.riders_due or None,
        history=[attempt_fields(attempt) for attempt in state.history],
        riders=[_state_fields(rider) for rider in state.riders],
        startedAt=state.started_at,
        endedAt=state.ended_at,
        calls=dict(state.calls),
        log=stored_value(state.log) if state.log else None,
        usage=dict(state.usage) or None,
    )


def _state_from(row: JsonObject) -> StepState:
    fields: Any = row
    return StepState(
        step_id=fields["stepId"],
        status=StepStatus(fields["status"]),
        iteration=fields.get("iteration", ""),
        result=stored_from(fields["result"]) if "result" in fields else None,
        error=error_from(fields.get("error")),
        branch=fields.get("branch"),
        rescued=fields.get("rescued", False),
        count=fields.get("count"),
        over=fields.get("over"),
        waiting_for=fields.get("waitingFor"),
        token=fields.get("token"),
        rides=tuple(fields.get("rides", ())),
        alone=fields.get("alone", False),
        link=fields.get("link"),
        untold=fields.get("untold", False),
        form=stored_from(fields["form"]) if "form" in fields else None,
        riders_due=fields.get("ridersDue", False),
        history=tuple(attempt_from(attempt) for attempt in fields.get("history", ())),
        riders=tuple(_state_from(rider) for rider in fields.get("riders", ())),
        started_at=fields.get("startedAt"),
        ended_at=fields.get("endedAt"),
        calls=fields.get("calls", {}),
        log=stored_from(fields["log"]) if "log" in fields else None,
        usage=fields.get("usage", {}),
    )
