"""`ventuno functions` on a world in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

CODE = "export const main = async () => 1"


def applied(ventuno: CommandLine, text: str, name: str = "one.yaml") -> tuple[int, str, str]:
    file = ventuno.folder / name
    file.write_text(text)
    return ventuno("functions", "apply", str(file))


def test_functions_are_applied_listed_shown_and_deleted(ventuno: CommandLine) -> None:
    (ventuno.folder / "one.ts").write_text(CODE)
    first = applied(ventuno, "codeFile: one.ts\n")
    again = applied(ventuno, "codeFile: one.ts\n")
    listed = ventuno("functions", "list", "--json").value
    shown = ventuno("functions", "show", "one")

    assert first[1] == "one  v1  changed\n"
    assert again[1] == "one  v1  unchanged\n"
    assert [one["name"] for one in listed["functions"]] == ["one"]
    assert CODE in shown.out
    assert ventuno("functions", "show", "one", "--version", "1", "--json").value["code"] == CODE
    assert ventuno("functions", "delete", "one").code == 0
    assert ventuno("functions", "list").out == "there are no functions\n"


def test_what_is_shown_can_be_applied_again(ventuno: CommandLine) -> None:
    applied(ventuno, f"code: {CODE!r}\ninputSchema: {{type: object}}\n")

    assert applied(ventuno, ventuno("functions", "show", "one").out)[1] == "one  v1  unchanged\n"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("code: ''", 1, "no code"),
        ("codeFile: nowhere.ts", 2, "cannot be read"),
        ("{", 2, "cannot be read"),
        ("timeoutSeconds: 5", 1, "code"),
    ],
)
def test_a_file_that_is_no_function_is_refused(ventuno: CommandLine, text: str, code: int, told: str) -> None:
    ended = applied(ventuno, text)

    assert ended[0] == code
    assert told in ended[2]


@pytest.mark.parametrize("verb", ["show", "delete"])
def test_a_function_that_does_not_exist_is_told_so(ventuno: CommandLine, verb: str) -> None:
    ended = ventuno("functions", verb, "nothing")

    assert (ended.code, ended.err) == (1, 'error: there is no function "nothing"\n')
