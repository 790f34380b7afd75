"""RunStore on DynamoDB.

Source: architecture, Data; item shapes in `ventuno.runs.rows`
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ventuno.adapters.dynamodb.numbers import to_item
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.engine.statuses import RunStatus
from ventuno.ports import Page
from ventuno.runs.cursor import sort_key_from, to_cursor
from ventuno.runs.keys import LOOP, META, chunk_key, run_key, step_key
from ventuno.runs.places import sortable
from ventuno.runs.rows import (
    chunk_row,
    cut_fields,
    listed_under,
    loaded_from,
    run_from,
    run_row,
    state_from,
    state_row,
    status_index,
    waiting_since,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import ChainCut, ChunkKey, LoadedRun, Run, StepState, Stored
    from ventuno.runs.places import Place

_ABSENT = Condition("attribute_not_exists(PK)", {})
_OPEN = Condition("attribute_not_exists(PK) OR attribute_exists(#open)", {})


class DynamoRunStore:
    """The runs table: one partition per run."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)

    def create(self, run: Run) -> Run | None:
        """Store a new run, or return the one that has its id. Raises: StoreUnavailableError"""
        try:
            self._table.put(run_row(run), _ABSENT)
        except RefusedError as refused:
            return run_from(refused.row) if refused.row else self.load(run.id, []).run
        return None

    def load(self, run_id: str, places: Collection[Place], chunks: Collection[ChunkKey] = ()) -> LoadedRun:
        """Read a run, some states and some items. Raises: NotFoundError, StoreUnavailableError"""
        keys = [
            run_key(run_id),
            *(step_key(run_id, place) for place in places),
            *(chunk_key(run_id, chunk) for chunk in chunks),
        ]
        return loaded_from(run_id, self._table.get_many(keys))

    def load_all(self, run_id: str, most: int | None = None) -> LoadedRun:
        """Read a run and all its steps, page by page. Raises: NotFoundError, StoreUnavailableError"""
        outside, _ = self._rows("SK >= :from", run_id, {"from": META}, None)
        loaded = loaded_from(run_id, outside)
        if not loaded.has_begun_loops:
            return loaded
        inside, whole = self._rows("begins_with(SK, :from)", run_id, {"from": LOOP}, most)
        return loaded_from(run_id, [*outside, *(inside if whole else ())], whole=whole)

    def states(self, run_id: str) -> Iterator[StepState]:
        """Yield all states, page by page. Raises: StoreUnavailableError"""
        for condition, start in (("SK > :from", META), ("begins_with(SK, :from)", LOOP)):
            for page in self._pages(condition, run_id, {"from": start}, None):
                yield from map(state_from, page)

    def _rows(
        self, condition: str, run_id: str, values: JsonObject, most: int | None
    ) -> tuple[list[JsonObject], bool]:
        """Read the rows of a run, and tell whether these are all; with more than `most` they are not."""
        rows: list[JsonObject] = []
        for page in self._pages(condition, run_id, values, most):
            rows += page
            if most is not None and len(rows) > most:
                return rows, False
        return rows, True

    def _pages(
        self, condition: str, run_id: str, values: JsonObject, most: int | None
    ) -> Iterator[list[JsonObject]]:
        request: dict[str, Any] = {
            "KeyConditionExpression": f"PK = :pk AND {condition}",
            "ConsistentRead": True,
        } | ({} if most is None else {"Limit": most + 1})
        start: Any = None
        while True:
            page, start = self._table.query(
                request | ({"ExclusiveStartKey": start} if start else {}),
                values | {"pk": run_key(run_id)["PK"]},
            )
            yield page
            if not start:
                return

    def last_iteration(self, run_id: str, step_id: str, within: str) -> str | None:
        """Return the last iteration in which a step was stored. Raises: StoreUnavailableError"""
        inside = f"{LOOP}{step_id}#{sortable(within)}{'.' if within else ''}"
        request: dict[str, Any] = {
            "KeyConditionExpression": "PK = :pk AND begins_with(SK, :inside)",
            "ProjectionExpression": "iteration",
            "ConsistentRead": True,
            "ScanIndexForward": False,
            "Limit": 1,
        }
        rows, _ = self._table.query(request, {"pk": run_key(run_id)["PK"], "inside": inside})
        return str(rows[0]["iteration"]) if rows else None

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        """Store a step's state; the first that is not open stays. Raises: StoreUnavailableError"""
        try:
            self._table.put(state_row(run, state), _OPEN)
        except RefusedError as refused:
            row = refused.row or self._table.get(step_key(run.id, state.place))
            return state_from(row) if row else None
        return None

    def save_items(self, run: Run, chunks: Mapping[ChunkKey, Stored]) -> None:
        """Store items of an iterator. Raises: StoreUnavailableError"""
        self._table.put_many([chunk_row(run, key, items) for key, items in chunks.items()])

    def mark_failed(self, run_id: str, places: Collection[Place], broken: Collection[Place] = ()) -> None:
        """Note failed steps and broken loops on a run that exists. Raises: StoreUnavailableError"""
        sets = {"failed": places, "broken": broken}
        texts = {name: [*map(str, added)] for name, added in sets.items() if added}
        with suppress(RefusedError):
            self._table.add_to_sets(run_key(run_id), texts)

    def close(self, run_id: str, attempt: int, status: RunStatus, error: str | None, ended_at: str) -> bool:
        """End a RUNNING run of this attempt. Raises: StoreUnavailableError"""
        values: dict[str, Any] = {
            "ended": ended_at,
            "new": status.value,
            "statusPk": f"STATUS#{status.value}",
        }
        expression = "SET #status = :new, #endedAt = :ended, #statusPk = :statusPk"
        if error is not None:
            expression += ", #error = :error"
            values["error"] = error
        values |= {"stopping": RunStatus.STOPPING.value, "attempt": attempt}
        return self._advance(
            run_id, expression, "#status IN (:running, :stopping) AND #attempt = :attempt", values
        )

    def note_cut(self, run_id: str, cut: ChainCut) -> bool:
        """Note on a run that its chain was cut, once. Raises: StoreUnavailableError"""
        fresh = Condition("attribute_exists(PK) AND attribute_not_exists(#cut)", {"cut": cut_fields(cut)})
        try:
            self._table.update(run_key(run_id), "SET #cut = :cut", fresh)
        except RefusedError:
            return False
        return True

    def begin_attempt(self, run_id: str, attempt: int) -> bool:
        """Count one more execution of a RUNNING run. Raises: StoreUnavailableError"""
        values = {"next": attempt + 1, "attempt": attempt}
        return self._advance(
            run_id, "SET #attempt = :next", "#status = :running AND #attempt = :attempt", values
        )

    def begin(self, run: Run) -> bool:
        """Move a run that waits to start to RUNNING. Raises: StoreUnavailableError"""
        return self._leave_queue(run, RunStatus.RUNNING, "", {})

    def cancel(self, run: Run, error: str, ended_at: str) -> bool:
        """Move a run that waits to start to STOPPED. Raises: StoreUnavailableError"""
        told = ", #error = :error, #endedAt = :ended"
        return self._leave_queue(run, RunStatus.STOPPED, told, {"error": error, "ended": ended_at})

    def _leave_queue(self, run: Run, status: RunStatus, told: str, values: dict[str, Any]) -> bool:
        index = status_index(run, status)
        expression = f"SET #status = :new, #statusPk = :statusPk, #statusSk = :statusSk{told}"
        waiting = {"waiting": RunStatus.NOT_STARTED.value, "new": status.value}
        held = Condition("#status = :waiting", {**waiting, **index, **values})
        try:
            self._table.update(run_key(run.id), expression, held)
        except RefusedError:
            return False
        return True

    def begin_stop(self, run_id: str) -> bool:
        """Move a RUNNING run to STOPPING. Raises: StoreUnavailableError"""
        status = RunStatus.STOPPING
        values = {"new": status.value, "statusPk": f"STATUS#{status.value}"}
        expression = "SET #status = :new, #statusPk = :statusPk"
        return self._advance(run_id, expression, "#status = :running", values)

    def _advance(self, run_id: str, expression: str, condition: str, values: dict[str, Any]) -> bool:
        held = Condition(condition, {**values, "running": RunStatus.RUNNING.value})
        try:
            self._table.update(run_key(run_id), expression, held)
        except RefusedError:
            return False
        return True

    def reopen(self, run: Run) -> bool:
        """Store a run that FAILED as RUNNING again. Raises: StoreUnavailableError"""
        held = Condition(
            "#status = :failed AND #attempt = :attempt",
            {"failed": RunStatus.FAILED.value, "attempt": run.attempt - 1},
        )
        try:
            self._table.put(run_row(run), held)
        except RefusedError:
            return False
        return True

    def replace_steps(self, run: Run, states: Collection[StepState], gone: Collection[Place] = ()) -> None:
        """Store states whatever is there, and delete others. Raises: StoreUnavailableError"""
        self._table.put_many(
            [state_row(run, state) for state in states], [step_key(run.id, place) for place in gone]
        )

    def waiting(self, after: str, limit: int) -> tuple[list[Run], str | None]:
        """Read runs that wait to start, by workflow and oldest first. Raises: StoreUnavailableError"""
        request: dict[str, Any] = {
            "IndexName": "byStatus",
            "KeyConditionExpression": "statusPk = :pk AND statusSk > :after",
            "Limit": limit,
        }
        # A key may not be empty, and every place begins with a workflow's id.
        values = {"pk": f"STATUS#{RunStatus.NOT_STARTED.value}", "after": after or "!"}
        keys, last = self._table.query(request, values)
        rows = self._table.get_many([{"PK": row["PK"], "SK": row["SK"]} for row in keys])
        runs = [run for run in map(run_from, rows) if run.status is RunStatus.NOT_STARTED]
        return sorted(runs, key=waiting_since), str(keys[-1]["statusSk"]) if last and keys else None

    def by_workflow(self, workflow_id: str, limit: int, cursor: str | None, *, tests: bool = False) -> Page:
        """List a workflow's runs, newest first. Raises: BadRequestError (cursor), StoreUnavailableError"""
        rows, end = self._newest("workflow", listed_under(workflow_id, tests=tests), limit, cursor)
        return Page(tuple(run_from(row) for row in rows), end)

    def by_status(self, status: RunStatus, limit: int, cursor: str | None) -> Page:
        """List the runs of a status, newest first. Raises: BadRequestError (cursor), StoreUnavailableError

        The index holds keys only and lags; the runs themselves are read strongly consistent, and those whose
        status has changed are left out.
        """
        keys, end = self._newest("status", f"STATUS#{status.value}", limit, cursor)
        rows = self._table.get_many([{"PK": row["PK"], "SK": row["SK"]} for row in keys])
        runs = [run for run in map(run_from, rows) if run.status is status]
        return Page(tuple(sorted(runs, key=_sort_key, reverse=True)), end)

    def _newest(
        self, index: str, value: str, limit: int, cursor: str | None
    ) -> tuple[list[JsonObject], str | None]:
        request: dict[str, Any] = {
            "IndexName": f"by{index.title()}",
            "KeyConditionExpression": f"{index}Pk = :pk",
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            sort_key, run_id = sort_key_from(cursor)
            start = run_key(run_id) | {f"{index}Pk": value, f"{index}Sk": sort_key}
            request["ExclusiveStartKey"] = to_item(start)
        rows, last = self._table.query(request, {"pk": value})
        return rows, to_cursor(str(rows[-1][f"{index}Sk"])) if last and rows else None


def _sort_key(run: Run) -> str:
    return f"{run.started_at}#{run.id}"
