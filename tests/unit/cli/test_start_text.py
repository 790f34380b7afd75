from __future__ import annotations

import shlex
from typing import Any

import pytest

from ventuno.workflow.model import ActiveVersion, Workflow
from ventuno_dev.cli.start_text import how_to_start

API = "https://api.example"
URL = f"{API}/webhooks/workflows/default/w1"


def _workflow(kind: str, settings: dict[str, Any]) -> Workflow:
    active = ActiveVersion(2, "arn", kind, settings, rides_at_start=False)
    return Workflow("w1", "lead", "Lead", latest_number=2, active=active)


def test_a_workflow_that_is_not_active_cannot_be_started() -> None:
    assert how_to_start(Workflow("w1", "lead", "Lead"), API, "default") is None


def test_a_manual_workflow_is_run_from_the_command_line() -> None:
    start = how_to_start(_workflow("MANUAL", {}), API, "default")

    assert start is not None
    assert start.to_dict() == {
        "trigger": "MANUAL",
        "url": None,
        "command": "ventuno run lead --follow",
        "when": None,
    }


@pytest.mark.parametrize(
    ("kind", "settings", "when", "command"),
    [
        (
            "MANUAL",
            {"availability": {"type": "SINGLE_RECORD", "objectNameSingular": "company"}},
            None,
            "ventuno run lead --record <id>",
        ),
        (
            "CRON",
            {"type": "DAYS", "schedule": {"day": 1, "hour": 8, "minute": 0}, "timeZone": "Europe/Rome"},
            "0 8 */1 * * (Europe/Rome)",
            "ventuno run lead --follow",
        ),
        (
            "DATABASE_EVENT",
            {"eventName": "opportunity.updated", "fields": ["stage"], "filter": {"stepFilters": []}},
            "opportunity.updated of stage, as its filter says",
            """ventuno records update opportunity <id> '{"stage": "…"}'""",
        ),
        (
            "DATABASE_EVENT",
            {"eventName": "person.created"},
            "person.created",
            "ventuno records create person '{…}'",
        ),
        (
            "DATABASE_EVENT",
            {"eventName": "person.deleted"},
            "person.deleted",
            "ventuno records delete person <id>",
        ),
    ],
)
def test_what_starts_by_itself_says_when_and_how_to_bring_it_about(
    kind: str, settings: dict[str, Any], when: str | None, command: str
) -> None:
    start = how_to_start(_workflow(kind, settings), API, "default")

    assert start is not None
    assert (start.when, start.command) == (when, command)
    assert start.text().splitlines()[-1] == f"start    {command}"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, ["curl", "-H", "Content-Type: application/json", "-d", "{}", URL]),
        (
            {"httpMethod": "POST", "expectedBody": {"name": "D'Arcy $(id) `id`"}},
            ["curl", "-H", "Content-Type: application/json", "-d", '{"name": "D\'Arcy $(id) `id`"}', URL],
        ),
        ({"httpMethod": "GET"}, ["curl", f"{URL}?name=value"]),
        (
            {"httpMethod": "GET", "authentication": "API_KEY"},
            ["curl", "-H", "Authorization: Bearer $VENTUNO_KEY", f"{URL}?name=value"],
        ),
    ],
)
def test_a_webhook_is_called_with_a_line_that_a_shell_reads_right(
    settings: dict[str, Any], words: list[str]
) -> None:
    start = how_to_start(_workflow("WEBHOOK", settings), API, "default")

    assert start is not None
    assert start.url == URL
    assert shlex.split(start.command) == words


def test_a_webhook_that_wants_signatures_is_run_from_the_command_line_and_shows_its_address() -> None:
    settings = {"authentication": "SIGNATURE", "signingSecret": "PARTNER"}
    start = how_to_start(_workflow("WEBHOOK", settings), API, "default")

    assert start is not None
    assert (start.command, start.url) == ("ventuno run lead --follow", URL)
