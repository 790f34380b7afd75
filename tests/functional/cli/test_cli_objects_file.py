"""Definitions that are written for custom objects: judged by objects.yaml near them, or by a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.functional.cli.conftest import work

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

OBJECTS = """
objects:
  - name: invoice
    plural: invoices
    fields: [{name: number, type: TEXT, unique: true}]
"""
MAKE_INVOICE: dict[str, Any] = {
    "name": "Make an invoice",
    "trigger": {"type": "MANUAL", "nextStepIds": ["make"]},
    "steps": [
        {
            "id": "make",
            "name": "Make it",
            "type": "CREATE_RECORD",
            "settings": {
                "input": {"objectName": "invoice", "objectRecord": {"number": "{{trigger.payload.number}}"}}
            },
        }
    ],
}


@pytest.fixture
def definition(ventuno: CommandLine) -> str:
    """A definition in a folder, with objects.yaml in the one above."""
    (ventuno.folder / "objects.yaml").write_text(OBJECTS)
    (ventuno.folder / "workflows").mkdir()
    return ventuno.file("workflows/make-invoice.json", MAKE_INVOICE)


def test_a_definition_is_judged_by_the_objects_declared_near_it(
    ventuno: CommandLine, definition: str
) -> None:
    assert ventuno("validate", definition).code == 0
    assert ventuno("compile", definition).code == 0
    assert "number" in ventuno("schemas", definition).out
    (ventuno.folder / "objects.yaml").unlink()
    assert "invoice" in ventuno("validate", definition).out
    assert ventuno("validate", definition).code == 1


def test_objects_yaml_in_a_folder_of_definitions_is_no_definition(
    ventuno: CommandLine, definition: str
) -> None:
    (ventuno.folder / "workflows" / "objects.yaml").write_text(OBJECTS)
    ended = ventuno("validate", str(ventuno.folder / "workflows"), "--json")

    assert [each["file"] for each in ended.value["files"]] == [definition]
    assert ended.value["files"][0]["findings"] == []


def test_a_wrong_declaration_is_told_in_a_sentence(ventuno: CommandLine, definition: str) -> None:
    (ventuno.folder / "objects.yaml").write_text("objects: [{name: invoice, plurals: invoices}]")

    assert "plurals" in ventuno("validate", definition).err
    (ventuno.folder / "objects.yaml").write_text("objects: [")
    assert "cannot be read as YAML" in ventuno("validate", definition).err


def test_a_stack_without_the_objects_says_how_it_gets_them(ventuno: CommandLine, definition: str) -> None:
    refused, planned = ventuno("apply", definition), ventuno("plan", definition)
    ventuno("objects", "apply", str(ventuno.folder / "objects.yaml"))

    assert (refused.code, planned.code) == (1, 1)
    assert "ventuno objects apply" in refused.out
    assert planned.out.splitlines()[-2] == "refused: make-invoice"
    assert "ventuno objects apply" in planned.out.splitlines()[-1]
    assert ventuno("plan", definition).code == 0
    assert ventuno("apply", definition, "--activate").code == 0


def test_a_run_that_writes_a_custom_object_has_figures(ventuno: CommandLine, definition: str) -> None:
    ventuno("objects", "apply", str(ventuno.folder / "objects.yaml"))
    ventuno("apply", definition, "--activate")
    run_id = ventuno("run", "make-invoice", "--payload", '{"number": "1"}', "--json").value["workflowRunId"]
    assert list(work(ventuno.world)) == ["make"]
    ended = ventuno("runs", "show", run_id, "--figures", "--json")

    assert [step["id"] for step in ended.value["figures"]["steps"]] == ["make"]
