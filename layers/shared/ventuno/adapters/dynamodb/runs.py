"""RunStore on DynamoDB.

Source: architecture, Data; item shapes in `ventuno.runs.rows`
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.ports import Page
from ventuno.runs.rows import loaded_from, run_from, run_key, run_row, state_from, state_row, step_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import LoadedRun, Run, StepState

_ABSENT = Condition("attribute_not_exists(PK)", {})
_UNFINISHED = Condition(
    "attribute_not_exists(PK) OR #status IN (:pending, :running)",
    {"pending": StepStatus.PENDING.value, "running": StepStatus.RUNNING.value},
)


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

    def load(self, run_id: str, steps: Collection[tuple[str, str]]) -> LoadedRun:
        """Read a run and some of its steps in one request. Raises: NotFoundError, StoreUnavailableError"""
        keys = [run_key(run_id), *(step_key(run_id, step_id, iteration) for step_id, iteration in steps)]
        return loaded_from(run_id, self._table.get_many(keys))

    def load_all(self, run_id: str) -> LoadedRun:
        """Read a run and all its steps, page by page. Raises: NotFoundError, StoreUnavailableError"""
        rows: list[JsonObject] = []
        start: Any = None
        while True:
            request: dict[str, Any] = {"KeyConditionExpression": "PK = :pk", "ConsistentRead": True}
            page, start = self._table.query(
                request | ({"ExclusiveStartKey": start} if start else {}), {"pk": run_key(run_id)["PK"]}
            )
            rows += page
            if not start:
                return loaded_from(run_id, rows)

    def save_step(self, run_id: str, state: StepState) -> StepState | None:
        """Store a step's state; the first finished one stays. Raises: StoreUnavailableError"""
        try:
            self._table.put(state_row(run_id, state), _UNFINISHED)
        except RefusedError as refused:
            key = step_key(run_id, state.step_id, state.iteration)
            row = refused.row or self._table.get(key)
            return state_from(row) if row else None
        return None

    def close(self, run_id: str, attempt: int, status: RunStatus, error: str | None, ended_at: str) -> bool:
        """End a RUNNING run of this attempt. Raises: StoreUnavailableError"""
        values = {"ended": ended_at, "new": status.value, "statusPk": f"STATUS#{status.value}"}
        expression = "SET #status = :new, #endedAt = :ended, #statusPk = :statusPk"
        if error is not None:
            expression += ", #error = :error"
            values["error"] = error
        return self._advance(run_id, attempt, expression, values)

    def begin_attempt(self, run_id: str, attempt: int) -> bool:
        """Count one more execution of a RUNNING run. Raises: StoreUnavailableError"""
        return self._advance(run_id, attempt, "SET #attempt = :next", {"next": attempt + 1})

    def _advance(self, run_id: str, attempt: int, expression: str, values: dict[str, Any]) -> bool:
        held = Condition(
            "#status = :running AND #attempt = :attempt",
            {**values, "running": RunStatus.RUNNING.value, "attempt": attempt},
        )
        try:
            self._table.update(run_key(run_id), expression, held)
        except RefusedError:
            return False
        return True

    def by_workflow(self, workflow_id: str, limit: int, cursor: str | None) -> Page:
        """List a workflow's runs, newest first. Raises: StoreUnavailableError"""
        return self._page("byWorkflow", "workflowPk", f"WORKFLOW#{workflow_id}", limit, cursor)

    def by_status(self, status: RunStatus, limit: int, cursor: str | None) -> Page:
        """List the runs of a status, newest first. Raises: StoreUnavailableError"""
        return self._page("byStatus", "statusPk", f"STATUS#{status.value}", limit, cursor)

    def _page(self, index: str, attribute: str, value: str, limit: int, cursor: str | None) -> Page:
        request: dict[str, Any] = {
            "IndexName": index,
            "KeyConditionExpression": f"{attribute} = :pk",
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            request["ExclusiveStartKey"] = decode_cursor(cursor)
        rows, last = self._table.query(request, {"pk": value})
        return Page(tuple(run_from(row) for row in rows), encode_cursor(last) if last else None)


def encode_cursor(key: dict[str, Any]) -> str:
    """Write the key where a page ended as text for URLs."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode()


def decode_cursor(cursor: str) -> dict[str, Any]:
    """Read a cursor back. Raises: BadRequestError"""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except ValueError as error:
        raise errors.BadRequestError("the cursor is not one that a list of runs returned") from error
    if not isinstance(key, dict):
        raise errors.BadRequestError("the cursor is not one that a list of runs returned")
    return key
