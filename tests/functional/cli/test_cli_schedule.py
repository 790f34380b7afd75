from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine


def cron(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - author JSON
    return {
        "name": "Report",
        "trigger": {"type": "CRON", "settings": settings, "nextStepIds": ["a"]},
        "steps": [{"id": "a", "name": "A", "type": "EMPTY"}],
    }


def test_an_expression_is_shown_by_its_zones_clock_and_in_utc(ventuno: CommandLine) -> None:
    words = (
        "schedule",
        "preview",
        "0 9 * * 1-5",
        "--time-zone",
        "Europe/Rome",
        "--from",
        "2026-03-26T12:00Z",
    )
    lines = ventuno(*words, "--count", "3").out.splitlines()

    assert lines[0].split() == ["Europe/Rome", "UTC"]
    assert [line.split() for line in lines[1:]] == [
        ["Fri", "2026-03-27", "09:00", "2026-03-27", "08:00"],
        ["Mon", "2026-03-30", "09:00", "2026-03-30", "07:00"],
        ["Tue", "2026-03-31", "09:00", "2026-03-31", "07:00"],
    ]


def test_a_definition_is_shown_with_ten_moments_as_one_object(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", cron(type="HOURS", schedule={"hour": 6, "minute": 30}))
    value = ventuno("schedule", "preview", file, "--from", "2026-03-01T00:00:00", "--json").value

    assert (value["expression"], value["timeZone"]) == ("30 */6 * * *", "UTC")
    assert len(value["fires"]) == 10
    assert value["fires"][:2] == ["2026-03-01T00:30:00Z", "2026-03-01T06:30:00Z"]


def test_the_zone_of_the_command_line_wins(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", cron(type="CUSTOM", pattern="0 9 * * *", timeZone="Asia/Tokyo"))
    words = ("schedule", "preview", file, "--from", "2026-03-01", "--count", "1", "--json")

    assert ventuno(*words).value["fires"] == ["2026-03-02T00:00:00Z"]
    assert ventuno(*words, "--time-zone", "UTC").value["fires"] == ["2026-03-01T09:00:00Z"]


def test_now_is_where_it_begins(ventuno: CommandLine) -> None:
    assert len(ventuno("schedule", "preview", "* * * * *", "--json").value["fires"]) == 10


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["0 9 * *"], "is invalid: 4 fields"),
        (["0 0 31 2 *"], "never fires"),
        (["0 9 * * *", "--time-zone", "Rome"], 'no time zone "Rome"'),
        (["0 9 * * *", "--from", "yesterday"], '"yesterday" is no instant'),
        (["0 9 * * *", "--count", "0"], "--count"),
    ],
)
def test_what_cannot_be_shown_is_a_usage_error(ventuno: CommandLine, words: list[str], told: str) -> None:
    ended = ventuno("schedule", "preview", *words)

    assert ended.code == 2
    assert told in " ".join(ended.err.split())


def test_a_definition_with_another_trigger_is_a_usage_error(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", cron() | {"trigger": {"type": "WEBHOOK", "nextStepIds": ["a"]}})
    ended = ventuno("schedule", "preview", file)

    assert ended.code == 2
    assert "starts by WEBHOOK, not by the clock" in " ".join(ended.err.split())
