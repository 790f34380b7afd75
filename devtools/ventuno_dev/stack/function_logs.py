"""Read the CloudWatch logs of a stage's functions, each event once and in order of time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno_dev.stack import outputs
from ventuno_dev.stack.errors import NotRunningError, StackError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from ventuno.json_value import JsonValue
    from ventuno_dev.stack.clients import Clients

_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LATE_MS = 10_000  # an event may become readable this long after its time


@dataclass(frozen=True, slots=True)
class Line:
    """One logged event. Units: `timestamp_ms` in milliseconds since the epoch."""

    timestamp_ms: int
    function: str
    message: str
    event_id: str

    @property
    def text(self) -> str:
        """Show the event on one terminal line."""
        return f"{self.function}  {self.message.rstrip()}"

    @property
    def value(self) -> dict[str, JsonValue]:
        """Give the event as JSON."""
        return {"timestamp": self.timestamp_ms, "function": self.function, "message": self.message.rstrip()}


@dataclass(slots=True)
class Reader:
    """Reads on from where the last read ended. `groups` maps a function's name to its log group."""

    clients: Clients
    groups: dict[str, str]
    start_ms: int
    _seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_stage(cls, clients: Clients, stage: str, function: str | None, start_ms: int) -> Self:
        """Find the log groups of a stage, or of one function.

        Raises: NotRunningError, StackError if there is no such function
        """
        target = clients.target
        outputs.stack_outputs(target, stage)
        groups = _groups(clients, stage)
        if not groups:
            raise NotRunningError(
                f"stage {stage} has no functions at {target.name}: run `ventuno up --stage {stage}`"
            )
        if function is None:
            return cls(clients, groups, start_ms)
        name = function.replace("-", "_")
        if name not in groups:
            raise StackError(f"there is no function {function}: choose one of {', '.join(sorted(groups))}")
        return cls(clients, {name: groups[name]}, start_ms)

    def read(self) -> list[Line]:
        """Return the events since the last read, oldest first."""
        lines = [
            line for name in self.groups for line in self._events(name) if line.event_id not in self._seen
        ]
        lines.sort(key=lambda line: line.timestamp_ms)  # stable: lines of one instant keep their order
        self._seen.update({line.event_id: line.timestamp_ms for line in lines})
        if lines:
            self.start_ms = max(self.start_ms, lines[-1].timestamp_ms - _LATE_MS)
            self._seen = {key: time for key, time in self._seen.items() if time >= self.start_ms}
        return lines

    def _events(self, name: str) -> Iterator[Line]:
        pages = self.clients.logs.get_paginator("filter_log_events").paginate(
            logGroupName=self.groups[name], startTime=self.start_ms
        )
        for page in pages:
            for event in page["events"]:
                timestamp, message = event["timestamp"], event["message"]
                # The emulator gives no eventId.
                event_id = event.get("eventId") or f"{event.get('logStreamName')}/{timestamp}/{message}"
                yield Line(timestamp, name, message, event_id)


def parse_age(text: str) -> int:
    """Turn `30s`, `10m`, `2h` or `1d` into seconds.

    Raises: StackError
    """
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if not match:
        raise StackError(f"{text} is no length of time: write it like 30s, 10m, 2h or 1d")
    return int(match[1]) * _UNIT_SECONDS[match[2]]


def _groups(clients: Clients, stage: str) -> dict[str, str]:
    prefix = f"/aws/lambda/ventuno-{stage}-"
    pages = clients.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    names = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    return {name.removeprefix(prefix).replace("-", "_"): name for name in names}
