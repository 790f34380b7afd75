from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

OBJECTS = """
objects:
  - name: invoice
    plural: invoices
    fields:
      - {name: number, type: TEXT, unique: true}
      - {name: status, type: SELECT, options: [DRAFT, PAID], default: DRAFT}
      - {name: company, type: RELATION, target: company, inverse: invoices}
"""


def applied(ventuno: CommandLine, text: str) -> str:
    path = ventuno.folder / "objects.yaml"
    path.write_text(text)
    ended = ventuno("objects", "apply", str(path))
    return ended.out if ended.code == 0 else ended.err


def test_objects_are_listed_shown_and_exported(ventuno: CommandLine) -> None:
    assert applied(ventuno, OBJECTS) == "applied 1 object\n"
    assert applied(ventuno, OBJECTS) == "nothing to change\n"
    listed = ventuno("objects", "list").out
    shown = ventuno("objects", "show", "invoices").out
    exported = yaml.safe_load(ventuno("objects", "export").out)

    assert ["invoice", "invoices", "custom", "10"] in [line.split() for line in listed.splitlines()]
    assert "DRAFT, PAID" in shown
    assert exported == yaml.safe_load(OBJECTS)


def test_a_wrong_file_is_refused_with_every_reason(ventuno: CommandLine) -> None:
    told = applied(ventuno, OBJECTS.replace("TEXT", "TXT").replace("target: company", "target: compny"))

    assert "invoice.number cannot be of type TXT" in told
    assert "did you mean company?" in told
    assert "cannot be read as YAML" in applied(ventuno, "objects: [")
