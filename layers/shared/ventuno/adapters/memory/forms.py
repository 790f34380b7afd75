"""FormStore in memory: the same rows, conditions and order as the table."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from ventuno.adapters.memory.runs import key_of
from ventuno.engine.statuses import RunStatus
from ventuno.ports import FormPage
from ventuno.runs.cursor import form_key_from, to_cursor
from ventuno.runs.form_rows import ANSWERED, forms_partition, listed_at
from ventuno.runs.keys import META, step_key, token_key
from ventuno.runs.rows import run_from, state_from, state_row, token_row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ventuno.adapters.memory.runs import MemoryRunStore
    from ventuno.runs.model import Run, StepState
    from ventuno.runs.places import Place


class MemoryFormStore:
    """The forms among the rows of a store of runs."""

    def __init__(self, runs: MemoryRunStore) -> None:
        self._runs = runs

    def change(self, run: Run, state: StepState) -> bool:
        """Store a waiting form again, if it waits with the same token."""
        row = state_row(run, state)
        with self._runs.lock:
            there = self._runs.rows.get(key_of(row), {})
            if "open" not in there or there.get("token") != state.token:
                return False
            self._runs.rows[key_of(row)] = copy.deepcopy(row)
            return True

    def waiting(self, assignee: str | None, now: str, limit: int, cursor: str | None) -> FormPage:
        """List the forms that wait. Raises: BadRequestError (cursor)"""
        index, partition = forms_partition(assignee)
        after = form_key_from(cursor) if cursor else now
        with self._runs.lock:
            rows = [row for row in self._runs.rows.values() if row.get(f"{index}Pk") == partition]
            later = sorted(
                (row for row in rows if str(row[f"{index}Sk"]) > after),
                key=lambda row: str(row[f"{index}Sk"]),
            )
            page = copy.deepcopy(later[:limit])
            runs = [run_from(self._runs.rows[row["PK"], META]) for row in page]
        forms = zip(runs, map(state_from, page), strict=True)
        waiting = tuple((run, state) for run, state in forms if run.status is RunStatus.RUNNING)
        return FormPage(waiting, to_cursor(str(page[-1][f"{index}Sk"])) if len(later) > limit else None)

    def told(self, run_id: str, place: Place) -> None:
        """Note that the machine knows of an answer."""
        with self._runs.lock:
            row = self._runs.rows.get(key_of(step_key(run_id, place)), {})
            for name in ("untold", "statusPk", "statusSk") if "untold" in row else ():
                del row[name]

    def untold(self, before: str, limit: int) -> Sequence[tuple[str, Place]]:
        """List forms whose machine may not know of their answer."""
        with self._runs.lock:
            keys = [
                str(row["statusSk"]) for row in self._runs.rows.values() if row.get("statusPk") == ANSWERED
            ]
        return [listed_at(key) for key in sorted(keys) if key < before][:limit]

    def save_tokens(self, run: Run, places: Collection[Place], token: str) -> None:
        """Store a token for some forms."""
        rows = [token_row(run, place, token) for place in places]
        with self._runs.lock:
            self._runs.rows.update((key_of(row), row) for row in rows)

    def token(self, run_id: str, place: Place) -> str | None:
        """Return the token of a form."""
        row = self._runs.rows.get(key_of(token_key(run_id, place)))
        return str(row["token"]) if row else None
