"""Start the runs that writes of records lead to: one run for each write and workflow whose trigger matches.

One batch of a stream is dispatched in order and stops at the first write that cannot be dispatched for now,
so the writes of one record start their runs in the order they were made.
Source: reference §2.1; decisions, Triggers and Engine (Duplicates, Loops)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.model import TRIGGER
from ventuno.expressions import NOW
from ventuno.records.events import events_of
from ventuno.records.layout import stored_record
from ventuno.runs.model import ChainCut
from ventuno.runtime.actors import workflow_actor
from ventuno.runtime.services import instant
from ventuno.runtime.start_run import Start, start_run
from ventuno.triggers.database_event import DatabaseEventSettings, event_payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.json_value import JsonObject
    from ventuno.records.events import RecordEvent, StreamedWrite
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import Row
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow


@dataclass(frozen=True, slots=True)
class _Listener:
    """A workflow and what it listens to."""

    workflow: Workflow
    settings: DatabaseEventSettings


@dataclass(slots=True)
class Dispatched:
    """What was done with the writes of a batch.

    `counts`: writes, started, known (runs that an earlier delivery started), cut, refused.
    `refusals`: why a workflow could not take an event, in sentences.
    """

    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)


class Dispatcher:
    """Dispatches the writes of one batch; what listens to an object is read once a batch."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._listeners: dict[tuple[str, ...], list[_Listener]] = {}
        self._stopped = False
        self.done = Dispatched()

    def dispatch(self, write: StreamedWrite) -> None:
        """Start what a write leads to.

        Raises: StoreUnavailableError, also for every write behind one that raised it
        """
        if self._stopped:
            raise errors.StoreUnavailableError("a write before this one must be dispatched first")
        self._stopped = True
        self._dispatch(write)
        self._stopped = False

    def _dispatch(self, write: StreamedWrite) -> None:
        self.done.counts["writes"] += 1
        events = {event.name: event for event in self._events(write)}
        wanted = [
            (one, events[one.settings.event])
            for one in self._listening(write.object_name, tuple(events))
            if one.settings.watches(events[one.settings.event])
        ]
        if wanted:
            self._start_matching(write, wanted)

    def _events(self, write: StreamedWrite) -> Iterator[RecordEvent]:
        try:
            kind = self._kind(write)
        except errors.RecordInputError:
            return  # the object was removed, and its triggers with it
        yield from events_of(kind, _record(kind, write.old), _record(kind, write.new))

    def _kind(self, write: StreamedWrite) -> ObjectType:
        """Return the object of a write; one with columns that this process does not know yet is newer."""
        objects = self._services.objects
        kind = objects.get(write.object_name)
        rows = [row for row in (write.old, write.new) if row]
        unknown = any(stored_record(kind, row).unknown for row in rows)
        return objects.get(write.object_name) if unknown and objects.reload() else kind

    def _listening(self, object_name: str, events: tuple[str, ...]) -> list[_Listener]:
        if not events:
            return []
        key = (object_name, *events)
        if key not in self._listeners:
            found = self._services.workflows.listeners(object_name, events)
            self._listeners[key] = [_Listener(workflow, _settings(workflow)) for workflow in found]
        return self._listeners[key]

    def _start_matching(self, write: StreamedWrite, wanted: Iterable[tuple[_Listener, RecordEvent]]) -> None:
        payloads: dict[str, JsonObject] = {}
        cut: dict[str, list[str]] = {}
        for listener, event in wanted:
            if event.name not in payloads:
                payloads[event.name] = self._payload(write, event)
            payload = payloads[event.name]
            try:
                if not self._passes(listener, payload):
                    continue
                if len(write.causation) >= self._services.longest_chain:
                    cut.setdefault(listener.settings.event_name, []).append(listener.workflow.slug)
                else:
                    self._start(write, listener.workflow, payload)
            except errors.StepInputError as error:
                self._refuse(listener.workflow, write, error)
        for event_name, slugs in cut.items():
            self._cut(write, event_name, slugs)

    def _payload(self, write: StreamedWrite, event: RecordEvent) -> JsonObject:
        """Build the payload with the related records, read as they are now."""
        kind = self._services.objects.get(write.object_name)
        sides = [side for side in (event.before, event.after) if side is not None]
        related = iter(self._services.records.with_related(kind, sides))
        before = None if event.before is None else next(related)
        after = None if event.after is None else next(related)
        by = event.after["updatedBy"] if event.after else None
        member = by.get("workspaceMemberId") if isinstance(by, dict) else None
        seen = replace(event, before=before, after=after)
        return event_payload(seen, member if isinstance(member, str) else None)

    def _passes(self, listener: _Listener, payload: JsonObject) -> bool:
        clock = self._services.clock
        return listener.settings.passes({TRIGGER: payload, NOW: instant(clock)}, clock.now())

    def _start(self, write: StreamedWrite, workflow: Workflow, payload: JsonObject) -> None:
        start = Start(workflow, payload, workflow_actor(workflow), f"record:{write.id}", write.causation)
        started = start_run(start, self._services)
        self.done.counts["started" if started.fresh else "known"] += 1

    def _refuse(self, workflow: Workflow, write: StreamedWrite, error: errors.StepInputError) -> None:
        self.done.counts["refused"] += 1
        self.done.refusals.append(f"{workflow.slug} did not take a write of {write.object_name}: {error}")

    def _cut(self, write: StreamedWrite, event_name: str, slugs: list[str]) -> None:
        """Start nothing, and say so on the run that made the write."""
        self.done.counts["cut"] += len(slugs)
        record_id = str((write.new or {})["PK"]).rpartition("#")[2]
        cut = ChainCut(event_name, record_id, tuple(slugs), self._services.longest_chain)
        self._services.runs.note_cut(write.causation[-1], cut)


def _record(kind: ObjectType, row: Row | None) -> JsonObject | None:
    return stored_record(kind, row).record if row else None


def _settings(workflow: Workflow) -> DatabaseEventSettings:
    active = workflow.active
    return DatabaseEventSettings.model_validate(active.trigger_settings if active else {})
