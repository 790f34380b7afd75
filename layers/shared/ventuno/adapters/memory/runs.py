"""RunStore in memory: the same rows, conditions and order as the table."""

from __future__ import annotations

import copy
from threading import Lock
from typing import TYPE_CHECKING, Any

from ventuno.engine.statuses import RunStatus
from ventuno.ports import FormPage, Page
from ventuno.runs.cursor import form_key_from, sort_key_from, to_cursor
from ventuno.runs.form_rows import ANSWERED, forms_partition, listed_at
from ventuno.runs.keys import LOOP, META, chunk_key, run_key, step_key, token_key
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
    token_row,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import ChainCut, ChunkKey, LoadedRun, Run, StepState, Stored
    from ventuno.runs.places import Place

    Key = tuple[Any, Any]


class MemoryRunStore:
    """Rows in a dictionary under one lock."""

    def __init__(self) -> None:
        self._rows: dict[Key, JsonObject] = {}
        self._lock = Lock()

    def create(self, run: Run) -> Run | None:
        """Store a new run, or return the one that has its id."""
        key = _key(run_key(run.id))
        with self._lock:
            if key in self._rows:
                return run_from(self._rows[key])
            self._rows[key] = copy.deepcopy(run_row(run))
            return None

    def load(self, run_id: str, places: Collection[Place], chunks: Collection[ChunkKey] = ()) -> LoadedRun:
        """Read a run, some states and some items. Raises: NotFoundError"""
        keys = [
            run_key(run_id),
            *(step_key(run_id, place) for place in places),
            *(chunk_key(run_id, chunk) for chunk in chunks),
        ]
        with self._lock:
            found = [self._rows[_key(key)] for key in keys if _key(key) in self._rows]
            return loaded_from(run_id, copy.deepcopy(found))

    def load_all(self, run_id: str, most: int | None = None) -> LoadedRun:
        """Read a run and all its steps. Raises: NotFoundError"""
        with self._lock:
            outside = self._matching(run_id, lambda sort_key: sort_key >= META)
            begun = loaded_from(run_id, outside).has_begun_loops
            inside = self._matching(run_id, lambda sort_key: sort_key.startswith(LOOP)) if begun else []
        whole = most is None or len(inside) <= most
        return loaded_from(run_id, [*outside, *(inside if whole else ())], whole=whole)

    def states(self, run_id: str) -> Iterator[StepState]:
        """Yield all states."""
        with self._lock:
            outside = self._matching(run_id, lambda sort_key: sort_key > META)
            inside = self._matching(run_id, lambda sort_key: sort_key.startswith(LOOP))
        yield from map(state_from, [*outside, *inside])

    def last_iteration(self, run_id: str, step_id: str, within: str) -> str | None:
        """Return the last iteration in which a step was stored."""
        prefix = f"{LOOP}{step_id}#{sortable(within)}{'.' if within else ''}"
        with self._lock:
            rows = self._matching(run_id, lambda sort_key: sort_key.startswith(prefix))
        return str(rows[-1]["iteration"]) if rows else None

    def _matching(self, run_id: str, wanted: Callable[[str], bool]) -> list[JsonObject]:
        """Copy the rows of a run whose sort key is wanted, in its order."""
        partition = run_key(run_id)["PK"]
        keys = sorted(key for key in self._rows if key[0] == partition and wanted(key[1]))
        return copy.deepcopy([self._rows[key] for key in keys])

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        """Store a step's state; the first that is not open stays."""
        row = state_row(run, state)
        with self._lock:
            there = self._rows.get(_key(row))
            if there is not None and "open" not in there:
                return state_from(copy.deepcopy(there))
            self._rows[_key(row)] = copy.deepcopy(row)
            return None

    def save_form(self, run: Run, state: StepState) -> bool:
        """Store a waiting form again, if it waits with the same token."""
        row = state_row(run, state)
        with self._lock:
            there = self._rows.get(_key(row), {})
            if "open" not in there or there.get("token") != state.token:
                return False
            self._rows[_key(row)] = copy.deepcopy(row)
            return True

    def waiting_forms(self, assignee: str | None, now: str, limit: int, cursor: str | None) -> FormPage:
        """List the forms that wait. Raises: BadRequestError (cursor)"""
        index, partition = forms_partition(assignee)
        after = form_key_from(cursor) if cursor else now
        with self._lock:
            rows = [row for row in self._rows.values() if row.get(f"{index}Pk") == partition]
            later = sorted(
                (row for row in rows if str(row[f"{index}Sk"]) > after),
                key=lambda row: str(row[f"{index}Sk"]),
            )
            page = copy.deepcopy(later[:limit])
            runs = [run_from(self._rows[row["PK"], META]) for row in page]
        forms = zip(runs, map(state_from, page), strict=True)
        waiting = tuple((run, state) for run, state in forms if run.status is RunStatus.RUNNING)
        return FormPage(waiting, to_cursor(str(page[-1][f"{index}Sk"])) if len(later) > limit else None)

    def told(self, run_id: str, place: Place) -> None:
        """Note that the machine knows of an answer."""
        with self._lock:
            row = self._rows.get(_key(step_key(run_id, place)), {})
            for name in ("untold", "statusPk", "statusSk") if "untold" in row else ():
                del row[name]

    def untold(self, before: str, limit: int) -> Sequence[tuple[str, Place]]:
        """List forms whose machine may not know of their answer."""
        with self._lock:
            keys = [str(row["statusSk"]) for row in self._rows.values() if row.get("statusPk") == ANSWERED]
        return [listed_at(key) for key in sorted(keys) if key < before][:limit]

    def save_items(self, run: Run, chunks: Mapping[ChunkKey, Stored]) -> None:
        """Store items of an iterator."""
        rows = [chunk_row(run, key, items) for key, items in chunks.items()]
        with self._lock:
            self._rows.update((_key(row), row) for row in rows)

    def mark_failed(self, run_id: str, places: Collection[Place], broken: Collection[Place] = ()) -> None:
        """Note failed steps and broken loops on a run that exists."""
        self._add_to_set(run_id, "failed", places)
        self._add_to_set(run_id, "broken", broken)

    def save_tokens(self, run: Run, places: Collection[Place], token: str) -> None:
        """Store a token for some forms."""
        rows = [token_row(run, place, token) for place in places]
        with self._lock:
            self._rows.update((_key(row), row) for row in rows)

    def token(self, run_id: str, place: Place) -> str | None:
        """Return the token of a form."""
        row = self._rows.get(_key(token_key(run_id, place)))
        return str(row["token"]) if row else None

    def _add_to_set(self, run_id: str, attribute: str, places: Collection[Place]) -> None:
        with self._lock:
            row = self._rows.get(_key(run_key(run_id)))
            if row is not None:
                before: Any = row.get(attribute, [])
                row[attribute] = sorted({*before, *(str(place) for place in places)})

    def close(self, run_id: str, attempt: int, status: RunStatus, error: str | None, ended_at: str) -> bool:
        """End a RUNNING run of this attempt."""
        changes: JsonObject = {
            "status": status.value,
            "endedAt": ended_at,
            "statusPk": f"STATUS#{status.value}",
        }
        may_end = (RunStatus.RUNNING, RunStatus.STOPPING)
        return self._advance(run_id, attempt, changes | ({} if error is None else {"error": error}), may_end)

    def note_cut(self, run_id: str, cut: ChainCut) -> bool:
        """Note on a run that its chain was cut, once."""
        with self._lock:
            row = self._rows.get(_key(run_key(run_id)))
            if row is None or "cut" in row:
                return False
            row["cut"] = cut_fields(cut)
            return True

    def begin_attempt(self, run_id: str, attempt: int) -> bool:
        """Count one more execution of a RUNNING run."""
        return self._advance(run_id, attempt, {"attempt": attempt + 1}, (RunStatus.RUNNING,))

    def begin(self, run: Run) -> bool:
        """Move a run that waits to start to RUNNING."""
        changes = {"status": RunStatus.RUNNING.value} | status_index(run, RunStatus.RUNNING)
        return self._advance(run.id, None, changes, (RunStatus.NOT_STARTED,))

    def cancel(self, run: Run, error: str, ended_at: str) -> bool:
        """Move a run that waits to start to STOPPED."""
        changes: JsonObject = {"status": RunStatus.STOPPED.value, "error": error, "endedAt": ended_at}
        changes |= status_index(run, RunStatus.STOPPED)
        return self._advance(run.id, None, changes, (RunStatus.NOT_STARTED,))

    def begin_stop(self, run_id: str) -> bool:
        """Move a RUNNING run to STOPPING."""
        status = RunStatus.STOPPING.value
        changes: JsonObject = {"status": status, "statusPk": f"STATUS#{status}"}
        return self._advance(run_id, None, changes, (RunStatus.RUNNING,))

    def reopen(self, run: Run) -> bool:
        """Store a run that FAILED as RUNNING again."""
        key = _key(run_key(run.id))
        with self._lock:
            row = self._rows.get(key)
            if row is None or row["status"] != RunStatus.FAILED.value or row["attempt"] != run.attempt - 1:
                return False
            self._rows[key] = copy.deepcopy(run_row(run))
            return True

    def replace_steps(self, run: Run, states: Collection[StepState], gone: Collection[Place] = ()) -> None:
        """Store states whatever is there, and delete others."""
        with self._lock:
            for row in (state_row(run, state) for state in states):
                self._rows[_key(row)] = copy.deepcopy(row)
            for place in gone:
                self._rows.pop(_key(step_key(run.id, place)), None)

    def by_workflow(self, workflow_id: str, limit: int, cursor: str | None, *, tests: bool = False) -> Page:
        """List a workflow's runs, newest first. Raises: BadRequestError (cursor)"""
        return self._page("workflowPk", listed_under(workflow_id, tests=tests), "workflowSk", limit, cursor)

    def waiting(self, after: str, limit: int) -> tuple[list[Run], str | None]:
        """Read runs that wait to start, by workflow and oldest first."""
        with self._lock:
            rows = [row for row in self._rows.values() if row.get("statusPk") == "STATUS#NOT_STARTED"]
            later = sorted(copy.deepcopy(rows), key=lambda row: str(row["statusSk"]))
        later = [row for row in later if str(row["statusSk"]) > after]
        position = str(later[limit - 1]["statusSk"]) if len(later) > limit else None
        return [run_from(row) for row in later[:limit]], position

    def by_status(self, status: RunStatus, limit: int, cursor: str | None) -> Page:
        """List the runs of a status, newest first. Raises: BadRequestError (cursor)"""
        return self._page("statusPk", f"STATUS#{status.value}", "statusSk", limit, cursor)

    def _advance(
        self, run_id: str, attempt: int | None, changes: JsonObject, statuses: tuple[RunStatus, ...]
    ) -> bool:
        with self._lock:
            row = self._rows.get(_key(run_key(run_id)))
            if row is None or row["status"] not in statuses or attempt not in (None, row["attempt"]):
                return False
            row.update(changes)
            return True

    def _page(self, partition: str, value: str, order: str, limit: int, cursor: str | None) -> Page:
        with self._lock:
            rows = copy.deepcopy([row for row in self._rows.values() if row.get(partition) == value])
        rows.sort(key=lambda row: str(row[order]), reverse=True)
        before = sort_key_from(cursor)[0] if cursor else None
        later = [row for row in rows if before is None or str(row[order]) < before]
        cut = to_cursor(str(later[limit - 1][order])) if len(later) > limit else None
        return Page(tuple(run_from(row) for row in later[:limit]), cut)


def _key(row: JsonObject) -> Key:
    return row["PK"], row["SK"]
