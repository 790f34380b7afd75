"""RunStore in memory: the same rows, conditions and order as the table."""

from __future__ import annotations

import copy
from threading import Lock
from typing import TYPE_CHECKING, Any

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
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import ChainCut, ChunkKey, LoadedRun, Run, StepState, Stored
    from ventuno.runs.places import Place

    Key = tuple[Any, Any]


class MemoryRunStore:
    """Rows in a dictionary under one lock; `rows` and `lock` are for the store of its forms."""

    def __init__(self) -> None:
        self.rows: dict[Key, JsonObject] = {}
        self.lock = Lock()

    def create(self, run: Run) -> Run | None:
        """Store a new run, or return the one that has its id."""
        key = key_of(run_key(run.id))
        with self.lock:
            if key in self.rows:
                return run_from(self.rows[key])
            self.rows[key] = copy.deepcopy(run_row(run))
            return None

    def load(self, run_id: str, places: Collection[Place], chunks: Collection[ChunkKey] = ()) -> LoadedRun:
        """Read a run, some states and some items. Raises: NotFoundError"""
        keys = [
            run_key(run_id),
            *(step_key(run_id, place) for place in places),
            *(chunk_key(run_id, chunk) for chunk in chunks),
        ]
        with self.lock:
            found = [self.rows[key_of(key)] for key in keys if key_of(key) in self.rows]
            return loaded_from(run_id, copy.deepcopy(found))

    def load_all(self, run_id: str, most: int | None = None) -> LoadedRun:
        """Read a run and all its steps. Raises: NotFoundError"""
        with self.lock:
            outside = self._matching(run_id, lambda sort_key: sort_key >= META)
            begun = loaded_from(run_id, outside).has_begun_loops
            inside = self._matching(run_id, lambda sort_key: sort_key.startswith(LOOP)) if begun else []
        whole = most is None or len(inside) <= most
        return loaded_from(run_id, [*outside, *(inside if whole else ())], whole=whole)

    def states(self, run_id: str) -> Iterator[StepState]:
        """Yield all states."""
        with self.lock:
            outside = self._matching(run_id, lambda sort_key: sort_key > META)
            inside = self._matching(run_id, lambda sort_key: sort_key.startswith(LOOP))
        yield from map(state_from, [*outside, *inside])

    def last_iteration(self, run_id: str, step_id: str, within: str) -> str | None:
        """Return the last iteration in which a step was stored."""
        prefix = f"{LOOP}{step_id}#{sortable(within)}{'.' if within else ''}"
        with self.lock:
            rows = self._matching(run_id, lambda sort_key: sort_key.startswith(prefix))
        return str(rows[-1]["iteration"]) if rows else None

    def _matching(self, run_id: str, wanted: Callable[[str], bool]) -> list[JsonObject]:
        """Copy the rows of a run whose sort key is wanted, in its order."""
        partition = run_key(run_id)["PK"]
        keys = sorted(key for key in self.rows if key[0] == partition and wanted(key[1]))
        return copy.deepcopy([self.rows[key] for key in keys])

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        """Store a step's state; the first that is not open stays."""
        row = state_row(run, state)
        with self.lock:
            there = self.rows.get(key_of(row))
            if there is not None and "open" not in there:
                return state_from(copy.deepcopy(there))
            self.rows[key_of(row)] = copy.deepcopy(row)
            return None

    def save_items(self, run: Run, chunks: Mapping[ChunkKey, Stored]) -> None:
        """Store items of an iterator."""
        rows = [chunk_row(run, key, items) for key, items in chunks.items()]
        with self.lock:
            self.rows.update((key_of(row), row) for row in rows)

    def mark_failed(self, run_id: str, places: Collection[Place], broken: Collection[Place] = ()) -> None:
        """Note failed steps and broken loops on a run that exists."""
        self._add_to_set(run_id, "failed", places)
        self._add_to_set(run_id, "broken", broken)

    def _add_to_set(self, run_id: str, attribute: str, places: Collection[Place]) -> None:
        with self.lock:
            row = self.rows.get(key_of(run_key(run_id)))
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
        with self.lock:
            row = self.rows.get(key_of(run_key(run_id)))
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
        key = key_of(run_key(run.id))
        with self.lock:
            row = self.rows.get(key)
            if row is None or row["status"] != RunStatus.FAILED.value or row["attempt"] != run.attempt - 1:
                return False
            self.rows[key] = copy.deepcopy(run_row(run))
            return True

    def replace_steps(self, run: Run, states: Collection[StepState], gone: Collection[Place] = ()) -> None:
        """Store states whatever is there, and delete others."""
        with self.lock:
            for row in (state_row(run, state) for state in states):
                self.rows[key_of(row)] = copy.deepcopy(row)
            for place in gone:
                self.rows.pop(key_of(step_key(run.id, place)), None)

    def by_workflow(self, workflow_id: str, limit: int, cursor: str | None, *, tests: bool = False) -> Page:
        """List a workflow's runs, newest first. Raises: BadRequestError (cursor)"""
        return self._page("workflowPk", listed_under(workflow_id, tests=tests), "workflowSk", limit, cursor)

    def waiting(self, after: str, limit: int) -> tuple[list[Run], str | None]:
        """Read runs that wait to start, by workflow and oldest first."""
        with self.lock:
            rows = [row for row in self.rows.values() if row.get("statusPk") == "STATUS#NOT_STARTED"]
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
        with self.lock:
            row = self.rows.get(key_of(run_key(run_id)))
            if row is None or row["status"] not in statuses or attempt not in (None, row["attempt"]):
                return False
            row.update(changes)
            return True

    def _page(self, partition: str, value: str, order: str, limit: int, cursor: str | None) -> Page:
        with self.lock:
            rows = copy.deepcopy([row for row in self.rows.values() if row.get(partition) == value])
        rows.sort(key=lambda row: str(row[order]), reverse=True)
        before = sort_key_from(cursor)[0] if cursor else None
        later = [row for row in rows if before is None or str(row[order]) < before]
        cut = to_cursor(str(later[limit - 1][order])) if len(later) > limit else None
        return Page(tuple(run_from(row) for row in later[:limit]), cut)


def key_of(row: JsonObject) -> Key:
    """Return the key of a row."""
    return row["PK"], row["SK"]
