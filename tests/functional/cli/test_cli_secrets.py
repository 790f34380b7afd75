"""`ventuno secrets`: values come from a pipe or a hidden prompt, and are never shown."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine, Ended

VALUE = "sesame-open-up"


@pytest.fixture
def piped(ventuno: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{VALUE}\n"))
    return ventuno


def silent(ended: Ended) -> Ended:
    assert VALUE not in ended.out + ended.err
    return ended


def test_a_secret_is_stored_from_a_pipe_listed_and_deleted(piped: CommandLine) -> None:
    stored = silent(piped("secrets", "set", "KEY"))
    listed = silent(piped("secrets", "list", "--json"))
    value = piped.world.secrets.value("KEY")
    deleted = silent(piped("secrets", "delete", "KEY", "--json"))

    assert stored.out == "stored KEY; write it as {{secrets.KEY}}\n"
    assert [secret["name"] for secret in listed.value["secrets"]] == ["KEY"]
    assert value == VALUE
    assert deleted.value == {"deleted": "KEY"}
    assert "there are no secrets" in piped("secrets", "list").out


def test_rotating_changes_only_what_exists_and_storing_only_what_does_not(piped: CommandLine) -> None:
    unknown = silent(piped("secrets", "rotate", "KEY"))
    piped.world.secrets.create("KEY", "old-value")
    taken = silent(piped("secrets", "set", "KEY"))

    assert (unknown.code, taken.code) == (1, 1)
    assert "no secret KEY" in unknown.err
    assert "KEY already" in taken.err or "8 to" in taken.err
    assert piped.world.secrets.value("KEY") == "old-value"


def test_a_rotated_secret_has_the_new_value(piped: CommandLine) -> None:
    piped.world.secrets.create("KEY", "old-value")

    assert silent(piped("secrets", "rotate", "KEY")).out == "rotated KEY\n"
    assert piped.world.secrets.value("KEY") == VALUE


def test_a_value_has_no_place_on_the_command_line(ventuno: CommandLine) -> None:
    assert ventuno("secrets", "set", "KEY", VALUE).code == 2


def test_a_terminal_is_asked_twice_and_shows_nothing(
    ventuno: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    asked: list[dict[str, object]] = []
    monkeypatch.setattr("sys.stdin", terminal)

    def prompt(text: str, **how: object) -> str:
        asked.append({"text": text, **how})
        return VALUE

    monkeypatch.setattr("typer.prompt", prompt)

    assert silent(ventuno("secrets", "set", "KEY")).code == 0
    assert asked == [{"text": "value", "hide_input": True, "confirmation_prompt": True}]
    assert ventuno.world.secrets.value("KEY") == VALUE
