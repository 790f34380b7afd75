from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from ventuno_dev.stack import function_logs
from ventuno_dev.stack.errors import StackError

if TYPE_CHECKING:
    from ventuno_dev.stack.clients import Clients


class Pages:
    """A paginator over the events of one group, in pages of two."""

    def __init__(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        self._groups = groups

    def paginate(self, *, logGroupName: str, startTime: int) -> list[dict[str, Any]]:  # noqa: N803 - AWS's names
        events = [event for event in self._groups[logGroupName] if event["timestamp"] >= startTime]
        return [{"events": events[at : at + 2]} for at in range(0, len(events), 2)]


class Logs:
    """CloudWatch Logs as far as the reader needs it."""

    def __init__(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        self._groups = groups

    def get_paginator(self, name: str) -> Pages:
        assert name == "filter_log_events"
        return Pages(self._groups)


class FakeClients:
    def __init__(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        self.logs = Logs(groups)


def event(timestamp: int, message: str, **more: str) -> dict[str, Any]:
    return {"timestamp": timestamp, "message": message, "logStreamName": "s", **more}


def reader(groups: dict[str, list[dict[str, Any]]], start_ms: int = 0) -> function_logs.Reader:
    return function_logs.Reader(
        cast("Clients", FakeClients(groups)), {name: name for name in groups}, start_ms
    )


def test_events_of_all_functions_come_in_order_of_time() -> None:
    groups = {"api": [event(1, "a\n"), event(5, "c"), event(6, "d")], "step_runner": [event(3, "b")]}

    assert [line.text for line in reader(groups).read()] == ["api  a", "step_runner  b", "api  c", "api  d"]


def test_lines_of_one_instant_keep_their_order() -> None:
    groups = {"api": [event(1, "second"), event(1, "first")]}

    assert [line.message for line in reader(groups).read()] == ["second", "first"]


def test_reading_on_gives_each_event_once_even_if_it_came_late() -> None:
    groups = {"api": [event(100_000, "a")]}
    following = reader(groups)
    first = following.read()
    groups["api"] += [event(99_000, "late"), event(100_000, "b")]
    second = following.read()

    assert [line.message for line in first] == ["a"]
    assert [line.message for line in second] == ["late", "b"]
    assert following.read() == []


def test_equal_messages_with_ids_of_their_own_are_two_events() -> None:
    groups = {"api": [event(1, "again", eventId="1"), event(1, "again", eventId="2")]}

    assert len(reader(groups).read()) == 2


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("10m", 600), ("2h", 7200), ("1d", 86_400), ("0s", 0)]
)
def test_an_age_is_written_with_its_unit(text: str, seconds: int) -> None:
    assert function_logs.parse_age(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "-1m", "1 m", "1w", "1.5h", "1m30s"])
def test_any_other_age_is_an_error_that_shows_the_form(text: str) -> None:
    with pytest.raises(StackError, match="10m"):
        function_logs.parse_age(text)
