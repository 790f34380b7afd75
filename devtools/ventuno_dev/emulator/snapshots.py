# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Snapshots: what has changed is saved every two seconds, so kill -9 loses no more than that.

Changes are collected between two requests and written by another thread as one batch: after a restart all
services are as they were at one moment. Nothing is collected while nothing happens.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack import app as ministack_app
from ministack.core import persistence
from ministack.services import eventbridge, lambda_svc

from ventuno_dev.emulator import garbage
from ventuno_dev.emulator.settings import MINISTACK_VERSION, Settings
from ventuno_dev.emulator.storage.executions import ExecutionStore
from ventuno_dev.emulator.storage.functions import FunctionStore
from ventuno_dev.emulator.storage.items import ItemStore
from ventuno_dev.emulator.storage.log import Log
from ventuno_dev.emulator.storage.logs import LogStore
from ventuno_dev.emulator.storage.operations import Document, Operation
from ventuno_dev.emulator.storage.stores import Store, WholeStore
from ventuno_dev.emulator.values import Json

logger = logging.getLogger("ventuno.emulator")

READING = ("Describe", "Get", "List", "Query", "Scan", "Search", "Select", "Test", "Validate")
# Actions whose effect the store of their service sees by itself, or that leave nothing to save.
SEEN_ANYWAY = frozenset(
    {
        "BatchExecuteStatement",
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "ExecuteStatement",
        "ExecuteTransaction",
        "PutEvents",
        "PutItem",
        "PutLogEvents",
        "SendTaskFailure",
        "SendTaskHeartbeat",
        "SendTaskSuccess",
        "StartExecution",
        "StartSyncExecution",
        "StopExecution",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    }
)
# Services that change without a request: by timers, by events, by what Lambda functions leave.
SELF_CHANGING = ("sqs", "scheduler")
TRIM_EVERY = 5  # saves
KEPT_POINTS = 1_000  # of a metric, of the events of a region

Response = Any
Handler = Callable[..., Awaitable[Response]]


class UnloadableStateError(RuntimeError):
    """MiniStack does not accept what was saved."""


class Snapshots:
    """Loads and saves everything. Units: `every` in seconds."""

    def __init__(self, settings: Settings) -> None:
        self._every = settings.save_every_seconds
        self._log = Log(settings.data / "state", MINISTACK_VERSION, persistence._json_default)
        self._items, self._executions, self._logs = ItemStore(), ExecutionStore(), LogStore()
        self._stores: dict[str, Store] = {
            name: WholeStore(name, module) for name, module in ministack_app._state_map.items()
        }
        self._stores |= {
            "cloudwatch_logs": self._logs,
            "dynamodb": self._items,
            "lambda": FunctionStore("lambda", "lambda_svc"),
            "stepfunctions": self._executions,
        }
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ventuno-writer")
        self._saves = 0
        self._prune = lambda_svc._prune_orphan_code_blobs

    def load(self) -> None:
        """Read the data folder into MiniStack, whose own loading and saving is switched off.

        Raises: BrokenLogError, WrongVersionError, OSError
        """
        self._mark_on_requests()
        self._restore(self._log.open())
        ministack_app._load_persisted_state = lambda: None
        ministack_app.save_all = lambda _services: None
        # MiniStack deletes unused code when it saves; after a kill it may be needed, so we do it at the end.
        lambda_svc._prune_orphan_code_blobs = lambda _referenced: None
        lambda_svc._write_code_blob = _remembering(lambda_svc._write_code_blob)
        self._forget_on_reset()

    async def run(self) -> None:
        """Save for ever."""
        while True:
            await asyncio.sleep(self._every)
            await self.save()

    async def save(self) -> None:
        """Save what has changed."""
        batch = self._collect()
        garbage.collect(idle=not batch)
        if not batch:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._log.append, batch)
        except Exception:
            logger.exception("Saving failed; everything will be saved again in %s s", self._every)
            self._forget()

    async def finish(self) -> None:
        """Save all services once more, delete code that none of them names, and close."""
        self._mark_all()
        await self.save()
        self._writer.shutdown()
        self._log.close()
        lambda_svc._prune_orphan_code_blobs = self._prune
        lambda_svc.get_state()

    def _restore(self, document: Document) -> None:
        for name, module in ministack_app._state_map.items():
            state = self._stores[name].restored(document)
            if state:
                _load(name, module, state)

    def _collect(self) -> list[Operation]:
        self._mark_running_stacks()
        batch: list[Operation] = []
        for name, store in self._stores.items():
            if name in SELF_CHANGING:
                store.mark()
            try:
                batch += store.changes()
            except RuntimeError:  # another thread changed it meanwhile, so nothing of it is certain
                store.forget()
        self._saves += 1
        if self._saves % TRIM_EVERY == 0:
            self._trim()
        return batch

    def _trim(self) -> None:
        self._items.trim()
        self._executions.trim()
        self._logs.trim()
        _trim_metrics()
        _trim_events()

    def _mark_running_stacks(self) -> None:
        """While CloudFormation works, it changes other services without requests to them."""
        module = sys.modules.get("ministack.services.cloudformation")
        stacks = module._stacks.all_values() if module else []
        if any("IN_PROGRESS" in stack.get("StackStatus", "") for stack in stacks):
            self._mark_all()

    def _mark_all(self) -> None:
        for store in self._stores.values():
            store.mark()

    def _forget(self) -> None:
        for store in self._stores.values():
            store.forget()

    def _forget_on_reset(self) -> None:
        reset = ministack_app._reset_all_state

        def reset_and_forget() -> None:
            reset()
            self._forget()

        ministack_app._reset_all_state = reset_and_forget

    def _mark_on_requests(self) -> None:
        get_module = ministack_app._get_module
        marks: dict[str, list[Store]] = {}
        for name, module in ministack_app._state_map.items():
            marks.setdefault(module, []).append(self._stores[name])

        def get_marking_module(name: str) -> Json:
            module = get_module(name)
            handles = hasattr(module, "handle_request") and not getattr(module, "_ventuno_marks", False)
            if handles:
                module._ventuno_marks = True
                module.handle_request = self._marking(module.handle_request, marks.get(name, []), name)
            return module

        ministack_app._get_module = get_marking_module

    def _marking(self, handle: Handler, stores: list[Store], name: str) -> Handler:
        async def handle_and_mark(
            method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
        ) -> Response:
            response = await handle(method, path, headers, body, query)
            if _writes(method, path, headers):
                for store in stores:
                    store.mark()
                if name == "cloudformation":
                    self._mark_all()
            return response

        return handle_and_mark


def _load(name: str, module: str, state: Json) -> None:
    try:
        ministack_app._get_module(module).load_persisted_state(state)
    except Exception as exc:
        raise UnloadableStateError(f"the saved state of {name} cannot be loaded: {exc!r}") from exc


def _trim_metrics() -> None:
    """Keep the newest data points of each metric; every Lambda call adds some."""
    module = sys.modules.get("ministack.services.cloudwatch")
    for points in list(module._metrics._data.values()) if module else []:
        del points[: max(len(points) - KEPT_POINTS, 0)]


def _trim_events() -> None:
    """Keep the newest events of the buses; MiniStack remembers all and uses none of them."""
    for events in list(eventbridge._events_log._data.values()):
        del events[: max(len(events) - KEPT_POINTS, 0)]


def _writes(method: str, path: str, headers: dict[str, str]) -> bool:
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if method in ("GET", "HEAD", "OPTIONS") or path.endswith("/invocations"):
        return False
    return action not in SEEN_ANYWAY and not action.startswith(READING)


def _remembering(write: Callable[[bytes], str]) -> Callable[[bytes], str]:
    """Write and hash each code archive once, however often its function is saved."""
    names: dict[int, tuple[bytes, str]] = {}

    def write_once(code: bytes) -> str:
        known = names.get(id(code))
        if known is None:
            known = names[id(code)] = (code, write(code))
        return known[1]

    return write_once
