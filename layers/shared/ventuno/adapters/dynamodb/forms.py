"""FormStore on DynamoDB: the rows of forms stand in the runs table, among those of their runs.

Source: architecture, Data; item shapes in `ventuno.runs.rows` and `ventuno.runs.form_rows`
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.engine.statuses import RunStatus
from ventuno.ports import FormPage
from ventuno.runs.cursor import form_key_from, to_cursor
from ventuno.runs.form_rows import ANSWERED, forms_partition, listed_at
from ventuno.runs.keys import META, step_key, token_key
from ventuno.runs.rows import run_from, state_from, state_row, token_row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import Run, StepState
    from ventuno.runs.places import Place


class DynamoFormStore:
    """The forms of the runs table."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)

    def change(self, run: Run, state: StepState) -> bool:
        """Store a waiting form again, if it waits with the same token. Raises: StoreUnavailableError"""
        held = Condition("attribute_exists(#open) AND #token = :token", {"token": state.token})
        try:
            self._table.put(state_row(run, state), held)
        except RefusedError:
            return False
        return True

    def waiting(self, assignee: str | None, now: str, limit: int, cursor: str | None) -> FormPage:
        """List the forms that wait. Raises: BadRequestError (cursor), StoreUnavailableError

        The index lags, so each form and its run are read again, strongly consistent: two requests a page.
        """
        index, partition = forms_partition(assignee)
        request: dict[str, Any] = {
            "IndexName": f"by{index.title()}",
            "KeyConditionExpression": f"{index}Pk = :pk AND {index}Sk > :after",
            "Limit": limit,
        }
        values: JsonObject = {"pk": partition, "after": form_key_from(cursor) if cursor else now}
        keys, more = self._table.query(request, values)
        places = [((row["PK"], META), (row["PK"], row["SK"])) for row in keys]
        wanted: list[JsonObject] = [{"PK": part, "SK": sort} for place in places for part, sort in place]
        rows = {(row["PK"], row["SK"]): row for row in self._table.get_many(wanted)}
        there = [place for place in places if rows.keys() >= set(place)]
        forms = [(run_from(rows[run]), state_from(rows[form])) for run, form in there]
        waiting = tuple((run, form) for run, form in forms if form.asks and run.status is RunStatus.RUNNING)
        return FormPage(waiting, to_cursor(str(keys[-1][f"{index}Sk"])) if more and keys else None)

    def told(self, run_id: str, place: Place) -> None:
        """Note that the machine knows of an answer. Raises: StoreUnavailableError"""
        known = Condition("attribute_exists(#untold)", {})
        with suppress(RefusedError):
            self._table.update(step_key(run_id, place), "REMOVE #untold, #statusPk, #statusSk", known)

    def untold(self, before: str, limit: int) -> Sequence[tuple[str, Place]]:
        """List forms whose machine may not know of their answer. Raises: StoreUnavailableError"""
        request: dict[str, Any] = {
            "IndexName": "byStatus",
            "KeyConditionExpression": "statusPk = :pk AND statusSk < :before",
            "Limit": limit,
        }
        rows, _ = self._table.query(request, {"pk": ANSWERED, "before": before})
        return [listed_at(str(row["statusSk"])) for row in rows]

    def save_tokens(self, run: Run, places: Collection[Place], token: str) -> None:
        """Store a token for some forms. Raises: StoreUnavailableError"""
        self._table.put_many([token_row(run, place, token) for place in places])

    def token(self, run_id: str, place: Place) -> str | None:
        """Return the token of a form. Raises: StoreUnavailableError"""
        return str(row["token"]) if (row := self._table.get(token_key(run_id, place))) else None
