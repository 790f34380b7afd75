"""`ventuno new`: a workflow of one's own from a shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.acceptance.rows import EXAMPLES, ROWS

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

TEMPLATES = sorted({*EXAMPLES, *(slug for row in ROWS.values() for slug in row.workflows)})


def test_the_templates_are_the_shipped_workflows(ventuno: CommandLine) -> None:
    listed = ventuno("new", "--json").value["templates"]

    assert [each["slug"] for each in listed] == TEMPLATES
    assert all(len(each["about"]) > len("A workflow") and each["trigger"] for each in listed)
    assert "quick-lead" in ventuno("new").out


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_workflow_from_a_template_is_valid_where_it_is(ventuno: CommandLine, template: str) -> None:
    written = ventuno("new", "mine", "--template", template, "--folder", str(ventuno.folder))

    assert written.code == 0
    assert ventuno("validate", str(ventuno.folder / "mine.yaml")).code == 0


def test_what_is_written_names_itself_and_says_what_to_do_next(ventuno: CommandLine) -> None:
    ended = ventuno("new", "mine", "--template", "quick-lead", "--folder", str(ventuno.folder))

    assert f"ventuno apply {ventuno.folder / 'mine.yaml'} --activate" in ended.out
    assert "ventuno run mine" in (ventuno.folder / "mine.yaml").read_text()
    assert not (ventuno.folder / "objects.yaml").exists()


def test_a_declaration_that_is_there_is_left_alone(ventuno: CommandLine) -> None:
    objects = ventuno.folder / "objects.yaml"
    objects.write_text("objects: []")
    ended = ventuno("new", "--template", "product-sync", "--folder", str(ventuno.folder))

    assert objects.read_text() == "objects: []"
    assert "lacks objects or fields" in ended.out
    assert ventuno("validate", str(ventuno.folder / "product-sync.yaml")).code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "--template", "quick-laed"), "did you mean quick-lead?"),
        (("new", "No Slug", "--template", "quick-lead"), "is no slug"),
        (("new", "there", "--template", "quick-lead"), "is there already"),
        (("new", "--template", "quick-lead", "--folder", "nowhere"), "no folder nowhere"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(
    ventuno: CommandLine, words: tuple[str, ...], told: str
) -> None:
    (ventuno.folder / "there.yaml").write_text("")
    place = () if "--folder" in words else ("--folder", str(ventuno.folder))
    ended = ventuno(*words, *place)

    assert ended.code != 0
    assert told in ended.err
