# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Step Functions' store: each execution is saved when it has moved on, machines when they change.

Executions that were running when the process was killed come back as FAILED States.ServiceRestart.
"""

import copy
import time
from typing import Any

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.storage.operations import Document, Operation, drop, put
from ventuno_dev.emulator.storage.revive import parsed_key, revived, scoped_key
from ventuno_dev.emulator.values import Json

MACHINES, EXECUTIONS = "stepfunctions", "stepfunctions.executions"
BESIDE_EXECUTIONS = (
    "state_machines",
    "tags",
    "activities",
    "state_machine_versions",
    "state_machine_aliases",
    "map_runs",
)
KEPT_HISTORIES = 1_000  # of ended executions; older ones keep their result, not their events
PROGRESS_SECONDS = 30.0  # a running execution is saved at its start and end, and so often in between

RESTARTED = {"error": "States.ServiceRestart", "cause": "The emulator ended while the execution was running"}

Key = tuple[str, str, str]
Execution = dict[str, Any]
Progress = tuple[int, str, str | None]


class ExecutionStore:
    """State machines and executions."""

    def __init__(self) -> None:
        self._marked = False
        self._saved: dict[Key, Progress] = {}
        self._open: dict[Key, float] = {}  # when each running execution was saved
        self._with_history: dict[Key, None] = {}

    def mark(self) -> None:
        """Note that machines may have changed."""
        self._marked = True

    def changes(self) -> list[Operation]:
        """Give changed machines and every execution that has moved."""
        found = [put((MACHINES,), _machines())] if self._marked else []
        self._marked = False
        executions = dict(sfn._executions._data)
        if len(executions) != len(self._saved) or self._open:
            found += self._moved(executions)
        if len(executions) != len(self._saved):
            found += self._deleted(executions)
        return found

    def forget(self) -> None:
        """Save everything again."""
        self._marked = True
        self._saved.clear()

    def restored(self, document: Document) -> Json:
        """Give machines and executions."""
        state = revived(document.pop(MACHINES, None)) or {}
        executions = type(sfn._executions)()
        for text, execution in document.pop(EXECUTIONS, {}).items():
            executions._data[parsed_key(text)] = execution
        for key, execution in executions._data.items():
            self._saved[key] = _progress(execution)
            if execution["status"] == "RUNNING":
                _end_interrupted(execution)
                self._open[key] = 0.0
            self._with_history[key] = None
        return {**state, "executions": executions} if state or executions._data else None

    def trim(self) -> None:
        """Drop the histories of executions that ended long ago."""
        surplus = list(self._with_history)[: max(len(self._with_history) - KEPT_HISTORIES, 0)]
        for key in surplus:
            del self._with_history[key]
            execution = sfn._executions._data.get(key)
            if execution is not None:
                events = execution["events"]
                execution["events"] = [*events[:1], *events[1:][-1:]]
                self._open[key] = 0.0

    def _moved(self, executions: dict[Key, Execution]) -> list[Operation]:
        now = time.monotonic()
        candidates = [key for key in executions if key not in self._saved or key in self._open]
        found: list[Operation] = []
        for key in candidates:
            execution = executions[key]
            progress = _progress(execution)
            running = execution["status"] == "RUNNING"
            due = not running or now - self._open.get(key, 0.0) > PROGRESS_SECONDS
            if self._saved.get(key) != progress and due:
                found.append(put((EXECUTIONS, scoped_key(key)), _copied(execution)))
                self._saved[key] = progress
                self._open[key] = now
            if not running:
                self._end(key, execution)
        return found

    def _end(self, key: Key, execution: Execution) -> None:
        self._open.pop(key, None)
        if len(execution["events"]) > 2:  # noqa: PLR2004 - start and end are always kept
            self._with_history[key] = None

    def _deleted(self, executions: dict[Key, Execution]) -> list[Operation]:
        gone = [key for key in self._saved if key not in executions]
        for key in gone:
            del self._saved[key]
            self._open.pop(key, None)
            self._with_history.pop(key, None)
        return [drop((EXECUTIONS, scoped_key(key))) for key in gone]


def _end_interrupted(execution: Execution) -> None:
    execution.update(RESTARTED, status="FAILED", stopDate=sfn.now_iso())
    sfn._add_event(execution, "ExecutionFailed", {"executionFailedEventDetails": dict(RESTARTED)})


def _machines() -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(sfn, f"_{name}")) for name in BESIDE_EXECUTIONS}


def _progress(execution: Execution) -> Progress:
    return len(execution["events"]), execution["status"], execution["stopDate"]


def _copied(execution: Execution) -> Execution:
    """Copy what its thread may still change; events are only ever appended."""
    return {
        **execution,
        "events": list(execution["events"]),
        "mockAttempts": dict(execution.get("mockAttempts", {})),
    }
