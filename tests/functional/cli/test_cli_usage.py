"""Command lines that cannot be followed end with 2 and a sentence that says what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("frobnicate", 'there is no command "ventuno frobnicate"; the nearest is '),
        ("vaildate x", 'there is no command "ventuno vaildate"; the nearest is validate (`ventuno --help`'),
        ("runs lst", 'there is no command "ventuno runs lst"; the nearest is list (`ventuno runs --help`'),
        ("down --frob", "No such option: --frob (`ventuno down --help` tells more)"),
        ("up --port abc", "'--port': this must be a whole number (`ventuno up --help`"),
        ("runs list --limit 0", "'--limit': this must be 1 or more (`"),
        ("runs list --status failt", "'--status': 'failt' is not one of 'not_started', "),
        ("validate", "Missing argument 'FILE...' (`ventuno validate --help` tells more)"),
        ("new my-lead", "give --template; `ventuno new` lists them"),
    ],
)
def test_a_command_line_that_cannot_be_followed_is_told_how(
    ventuno: CommandLine, words: str, told: str
) -> None:
    ended = ventuno(*words.split())

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: ")
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("runs",)])
def test_a_command_without_its_next_word_shows_its_help(ventuno: CommandLine, words: tuple[str, ...]) -> None:
    ended = ventuno(*words)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"Usage: {' '.join(('ventuno', *words))} ")
