from __future__ import annotations

import re

import pytest

from ventuno_dev.cli.tables import Table, printable, table_text

ID = "6d0c1c8e-8a52-5f0e-9f57-0c8f3a3e4b11"
NAME = "#1 - A workflow with a name that is longer than most"
RUNS = Table(
    ("RUN", "NAME", "STATUS", "DURATION"),
    [
        (ID, NAME, "COMPLETED", "42 ms"),
        (ID, "#2 - Short", "FAILED", "-"),
    ],
    folds=("NAME",),
    optional=("DURATION",),
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_a_pipe_gets_plain_aligned_columns_uncut() -> None:
    assert table_text(Table(("A", "B"), [("longer", "x"), ("s", "")])) == "A       B\nlonger  x\ns"


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_table_fits_its_terminal(width: int) -> None:
    text = ANSI.sub("", table_text(RUNS, width))

    assert max(len(line) for line in text.splitlines()) <= width
    assert text.count(ID) == 2
    assert "COMPLETED" in text


def test_a_long_text_breaks_and_loses_nothing() -> None:
    text = ANSI.sub("", table_text(RUNS, 80))
    words = [word for line in text.splitlines() for word in line.replace(ID, "").split()]

    assert set(NAME.split()) <= set(words)


def test_a_column_of_summaries_is_cut_visibly() -> None:
    table = Table(("ID", "FIELDS"), [(ID, "x" * 60)], cuts=("FIELDS",))

    assert ANSI.sub("", table_text(table, 80)).splitlines()[1] == f"{ID}  {'x' * 41}…"
    assert "x" * 60 in table_text(table)


@pytest.mark.parametrize(("width", "there"), [(80, False), (140, True)])
def test_an_optional_column_needs_room(width: int, *, there: bool) -> None:
    assert ("DURATION" in table_text(RUNS, width)) is there


def test_what_others_wrote_cannot_steer_the_terminal() -> None:
    table = Table(("NAME",), [("a\x1b[2Jb\u202e[bold]c\nd",)])

    for width in (None, 80):
        assert r"a\x1b[2Jb\u202e[bold]c d" in table_text(table, width)


def test_printable_text_stays_as_it_is() -> None:
    assert printable("Zoë 日本 ok") == "Zoë 日本 ok"
