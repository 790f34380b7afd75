"""The generated pages: complete, the same everywhere, and equal to what is committed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
import typer.main

from ventuno.definition.checks.catalogue import CODES
from ventuno.expressions import PIPES, resolve
from ventuno.filters import Operand
from ventuno_dev.cli.main import COMMANDS, GROUPS
from ventuno_dev.docs import __main__ as command
from ventuno_dev.docs.cli import page_of
from ventuno_dev.docs.expressions import EXAMPLE_CONTEXT
from ventuno_dev.docs.pages import PAGES
from ventuno_dev.docs.tables import table

if TYPE_CHECKING:
    from ventuno.expressions import Resolved

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_is_committed(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("columns", ["20", "400"])
def test_a_page_does_not_depend_on_the_terminal(
    name: str, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = PAGES[name]()
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERMINAL_WIDTH", columns)

    assert PAGES[name]() == before


@pytest.mark.parametrize(
    ("template", "result"),
    [(example.template, example.result) for pipe in PIPES.values() for example in pipe.examples],
)
def test_the_examples_are_true_for_the_context_that_the_page_shows(template: str, result: Resolved) -> None:
    assert resolve(template, EXAMPLE_CONTEXT) == result


def test_the_pages_leave_nothing_out() -> None:
    commands = [name for name, _ in COMMANDS] + [
        f"{group} {verb}" for group, (_, verbs) in GROUPS.items() for verb in verbs
    ]

    assert [name for name in commands if f"\n## ventuno {name}\n" not in PAGES["cli.md"]()] == []
    assert [code for code in CODES if f"| `{code}` |" not in PAGES["findings.md"]()] == []
    assert [name for name in PIPES if f"\n### {name}\n" not in PAGES["expressions.md"]()] == []
    assert [each for each in Operand if f"`{each}`" not in PAGES["filters.md"]()] == []


def test_a_command_shows_its_arguments_options_and_example() -> None:
    app = typer.Typer(name="ventuno", help="What it is.", rich_markup_mode=None)
    group = typer.Typer(help="Things.", rich_markup_mode=None)

    @group.command("show")
    def show(name: str, width: int = typer.Option(3, "--width", "-w", help="How wide.")) -> None:
        """Show a thing.

        Example: ventuno things show x
        """

    app.callback()(lambda: None)
    app.add_typer(group, name="things")
    page = page_of(typer.main.get_command(app))

    assert "## ventuno things\n" in page
    assert "## ventuno things show\n\n`ventuno things show [OPTIONS] {name}`" in page
    assert "Example: `ventuno things show x`" in page
    assert "- `-w, --width <int>`: How wide. [default: 3]" in page


def test_a_bar_in_a_cell_is_no_border() -> None:
    assert table(("a", "b"), [("x | y", "z\nz")]) == ["| a | b |", "|---|---|", "| x \\| y | z z |"]


def test_checking_names_the_pages_that_differ_and_writing_makes_them_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "cli.md").write_text("old")
    monkeypatch.setenv("VENTUNO_PROJECT", str(tmp_path))

    assert command.main(["--check"]) == 1
    assert "docs/cli.md is out of date" in capsys.readouterr().err
    assert (tmp_path / "docs" / "cli.md").read_text() == "old"
    assert command.main([]) == 0
    assert sorted(capsys.readouterr().out.split()) == sorted(f"docs/{name}" for name in PAGES)
    assert command.main(["--check"]) == 0
    assert command.main([]) == 0
    assert capsys.readouterr().out == ""
