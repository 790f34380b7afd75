"""`ventuno runs stop`, `retry` and `answer`, and `ventuno forms`, on a world in memory."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.functional.cli.conftest import API_URL
from tests.functional.rest.test_rest_runs import failed, waiting

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

ANSWER = '{"seats": 3}'


def test_a_run_is_stopped(ventuno: CommandLine) -> None:
    run = waiting(ventuno.world)

    assert ventuno("runs", "stop", run.id).out == f"{run.id}  {run.name}  STOPPED\n"
    assert ventuno("runs", "stop", run.id, "--json").value["status"] == "STOPPED"


def test_a_failed_run_is_retried_and_one_that_runs_is_not(ventuno: CommandLine) -> None:
    run = failed(ventuno.world)
    first = ventuno("runs", "retry", run.id, "--on-version", "latest", "--json")
    again = ventuno("runs", "retry", run.id)

    assert (first.code, first.value["status"]) == (0, "RUNNING")
    assert (again.code, again.out) == (1, "")
    assert "only a run that FAILED can be retried" in again.err


@pytest.mark.parametrize("source", ["words", "file", "stdin"])
def test_a_form_is_answered(ventuno: CommandLine, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    run = waiting(ventuno.world)
    (ventuno.folder / "answer.json").write_text(ANSWER)
    monkeypatch.setattr("sys.stdin", io.StringIO(ANSWER))
    words = {
        "words": ["--answer", ANSWER],
        "file": ["--answer-file", str(ventuno.folder / "answer.json")],
        "stdin": ["--answer-file", "-"],
    }[source]
    ended = ventuno("runs", "answer", run.id, "ask", *words, "--json")

    assert ended.code == 0
    assert ended.value["result"] == {"seats": 3, "note": None}


def test_a_second_answer_fails_and_says_why(ventuno: CommandLine) -> None:
    run = waiting(ventuno.world)
    ventuno("runs", "answer", run.id, "ask", "--answer", ANSWER)
    again = ventuno("runs", "answer", run.id, "ask", "--answer", ANSWER)

    assert (again.code, again.err) == (1, "error: the form was answered already\n")


def test_a_wrong_answer_tells_every_field(ventuno: CommandLine) -> None:
    run = waiting(ventuno.world)
    ended = ventuno("runs", "answer", run.id, "ask", "--answer", json.dumps({"seats": "x", "n": 1}))

    assert ended.code == 1
    assert "seats: " in ended.err
    assert "n: " in ended.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["answer", "RUN", "ask"], "give --answer or --answer-file"),
        (["answer", "RUN", "ask", "--answer", "{", "--answer-file", "-"], "give --answer or --answer-file"),
        (["answer", "RUN", "ask", "--answer", "{"], "not JSON"),
        (["answer", "RUN", "ask", "--answer-file", "nowhere.json"], "cannot read"),
        (["retry", "RUN", "--on-version", "v2"], "number of a version"),
    ],
)
def test_a_wrong_command_line_is_told_what_to_give(
    ventuno: CommandLine,
    words: list[str],
    message: Any,  # noqa: ANN401 - text
) -> None:
    ended = ventuno("runs", *words)

    assert ended.code == 2
    assert message in ended.err


def test_waiting_forms_are_listed_with_the_addresses_of_their_pages(ventuno: CommandLine) -> None:
    run = waiting(ventuno.world)
    link = ventuno.world.states(run.id)["ask"].link
    shown = ventuno("forms")
    (form,) = ventuno("forms", "--json").value["forms"]

    assert form["address"] == f"{API_URL}/forms/{run.id}~ask~~{link}"
    assert form["address"] in shown.out
    assert ventuno("forms", "--assignee", "ann").out == "no form waits\n"


def test_who_follows_a_run_is_told_where_its_form_is_answered(ventuno: CommandLine) -> None:
    run = waiting(ventuno.world)
    link = ventuno.world.states(run.id)["ask"].link

    followed = ventuno("runs", "follow", run.id, "--timeout", "0")

    assert followed.code == 124
    assert f"answer ask: {API_URL}/forms/{run.id}~ask~~{link}\n" in followed.out


def test_a_run_that_waits_is_shown_with_the_address_of_its_form_until_it_is_answered(
    ventuno: CommandLine,
) -> None:
    run = waiting(ventuno.world)
    link = ventuno.world.states(run.id)["ask"].link
    line = f"answer ask: {API_URL}/forms/{run.id}~ask~~{link}\n"
    before = ventuno("runs", "show", run.id).out
    ventuno("runs", "stop", run.id)

    assert before.endswith(line)
    assert "answer ask" not in ventuno("runs", "show", run.id).out
