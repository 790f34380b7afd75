# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""CloudWatch Logs' store: log events are saved as they are appended, groups and streams when they change."""

import copy
import sys
from typing import Any

from ventuno_dev.emulator.storage.operations import Document, Operation, add, drop, put
from ventuno_dev.emulator.storage.revive import revived, scoped_key
from ventuno_dev.emulator.values import Json

GROUPS, EVENTS = "cloudwatch_logs", "cloudwatch_logs.events"
MODULE = "ministack.services.cloudwatch_logs"
KEPT_EVENTS = 2_000  # of a stream
KEPT_STREAMS = 200  # of a group
BESIDE_GROUPS = (
    "destinations",
    "resource_policies",
    "log_group_policies",
    "metric_filters",
    "queries",
    "log_records",
    "delivery_sources",
    "delivery_destinations",
    "deliveries",
)

Place = tuple[str, str]


class LogStore:
    """Log groups, streams and events."""

    def __init__(self) -> None:
        self._marked = False
        self._saved: dict[Place, tuple[int, int]] = {}

    def mark(self) -> None:
        """Note that groups may have changed."""
        self._marked = True

    def changes(self) -> list[Operation]:
        """Give new events, and the groups when a group or stream has come or gone."""
        module = sys.modules.get(MODULE)
        if module is None:
            return []
        streams = _streams(module)
        found: list[Operation] = []
        if self._marked or streams.keys() != self._saved.keys():
            found.append(put((GROUPS,), _groups(module)))
            found += [drop((EVENTS, *place)) for place in self._saved.keys() - streams.keys()]
            self._marked = False
        for place, stream in streams.items():
            found += self._events(place, stream)
        self._saved = {place: self._saved[place] for place in streams}
        return found

    def forget(self) -> None:
        """Save everything again."""
        self._marked = True
        self._saved.clear()

    def restored(self, document: Document) -> Json:
        """Give groups with their events."""
        state = revived(document.pop(GROUPS, None))
        events = document.pop(EVENTS, {})
        if state is None:
            return None
        for key, group in state["log_groups"]._data.items():
            for name, stream in group["streams"].items():
                stream["events"] = events.get(scoped_key(key), {}).get(name, [])
                _date(stream)
                self._saved[(scoped_key(key), name)] = (id(stream["events"]), len(stream["events"]))
        return state

    def trim(self) -> None:
        """Keep the newest events of each stream, and the newest streams of each group."""
        module = sys.modules.get(MODULE)
        for group in list(module._log_groups._data.values()) if module else []:
            streams = group["streams"]
            for name in list(streams)[: max(len(streams) - KEPT_STREAMS, 0)]:
                streams.pop(name, None)
            for stream in list(streams.values()):
                if len(stream["events"]) > 2 * KEPT_EVENTS:
                    stream["events"] = stream["events"][-KEPT_EVENTS:]

    def _events(self, place: Place, stream: dict[str, Any]) -> list[Operation]:
        events = stream["events"]
        identity, count = self._saved.get(place, (id(events), 0))
        total = len(events)
        self._saved[place] = (id(events), total)
        path = (EVENTS, *place)
        if identity != id(events) or total < count:  # merged with late events, or trimmed
            return [put(path, events[:total])]
        return [add(path, events[count:total], 2 * KEPT_EVENTS)] if total > count else []


def _streams(module: Json) -> dict[Place, dict[str, Any]]:
    return {
        (scoped_key(key), name): stream
        for key, group in list(module._log_groups._data.items())
        for name, stream in list(group["streams"].items())
    }


def _groups(module: Json) -> dict[str, Any]:
    groups = type(module._log_groups)()
    for key, group in list(module._log_groups._data.items()):
        streams = {name: {**stream, "events": []} for name, stream in list(group["streams"].items())}
        groups._data[key] = copy.deepcopy({**group, "streams": {}}) | {"streams": streams}
    return {
        "log_groups": groups,
        **{name: copy.deepcopy(getattr(module, f"_{name}")) for name in BESIDE_GROUPS},
    }


def _date(stream: dict[str, Any]) -> None:
    """Set the dates of a stream from its events; they are saved less often than these."""
    if stream["events"]:
        stream["firstEventTimestamp"] = stream["events"][0]["timestamp"]
        stream["lastEventTimestamp"] = stream["events"][-1]["timestamp"]
        stream["lastIngestionTime"] = stream["events"][-1]["ingestionTime"]
