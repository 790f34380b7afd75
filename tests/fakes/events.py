"""Events: a World whose record writes are dispatched when told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.builders import Json, step, written
from tests.fakes.streaming import StreamingRecordStore
from tests.fakes.world import World
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.claim_check import check_out
from ventuno.runtime.dispatch_event import Dispatcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonObject
    from ventuno.records.events import StreamedWrite
    from ventuno.runs.model import Run
    from ventuno.runtime.dispatch_event import Dispatched

API = WriteContext(Actor("API", "test"))


@dataclass
class Events(World):
    """`stream` are the records, which remember what was written."""

    stream: StreamingRecordStore = field(default_factory=StreamingRecordStore)

    def __post_init__(self) -> None:
        """Keep the records in the stream."""
        super().__post_init__()
        self.records = self.stream

    def listen(self, event: str, slug: str = "flow", *steps: Json, **settings: Any) -> None:  # noqa: ANN401 - author JSON
        """Publish a workflow that an event starts."""
        trigger = {"type": "DATABASE_EVENT", "settings": {"eventName": event, **settings}}
        self.publish(written(*(steps or (step("a"),)), trigger=trigger, name=slug.title()), slug)

    def write(self, operation: str, *arguments: Any, by: WriteContext = API) -> JsonObject:  # noqa: ANN401 - of any operation
        """Write a record by an operation of the record service."""
        written_record: JsonObject = getattr(self.services.records, operation)(*arguments, by)
        return written_record

    def dispatch(self, writes: Sequence[StreamedWrite] | None = None) -> Dispatched:
        """Deliver writes, or all since the last time."""
        dispatcher = Dispatcher(self.services)
        for write in self.stream.take() if writes is None else writes:
            self.clock.advance(1)
            dispatcher.dispatch(write)
        return dispatcher.done

    def runs_of(self, slug: str = "flow") -> list[Run]:
        """Read a workflow's runs, oldest first."""
        return list(reversed(self.runs.by_workflow(self.workflow(slug).id, 200, None).runs))

    def payloads_of(self, slug: str = "flow") -> list[Any]:
        """Read the payloads of a workflow's runs, oldest first."""
        return [check_out(run.payload, self.payloads) for run in self.runs_of(slug)]
