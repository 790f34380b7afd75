from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.definition.loading import MAX_DEFINITION_BYTES
from ventuno.errors import DefinitionError
from ventuno_dev.definition_files import (
    FileAccessError,
    check_file,
    definition_from_yaml,
    find_files,
    places_of,
    read_definition,
)
from ventuno_dev.yaml_source import Place

if TYPE_CHECKING:
    from pathlib import Path

YAML = """\
name: Hello
trigger:
  type: MANUAL
  nextStepIds: [nothing]
steps:
  - id: nothing
    name: Do nothing
    type: EMPTY
"""
JSON = (
    '{"name": "Hello", "trigger": {"type": "MANUAL", "nextStepIds": ["nothing"]},\n'
    ' "steps": [{"id": "nothing", "name": "Do nothing", "type": "EMPTY"}]}'
)


def _file(folder: Path, text: str | bytes, name: str = "hello.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_yaml_and_json_give_the_same_definition(tmp_path: Path) -> None:
    from_yaml = read_definition(_file(tmp_path, YAML))
    from_json = read_definition(_file(tmp_path, JSON, "hello.json"))

    assert from_yaml == from_json
    assert from_yaml.step("nothing").name == "Do nothing"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "the file is empty"),
        (b"name: a\nname: b", 'line 2, column 1: the key "name" of line 1'),
        (b"name: \xff", "not UTF-8 text: invalid start byte at byte 6"),
        (b"# " + b"x" * MAX_DEFINITION_BYTES, "larger than"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_finding(text: bytes, message: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        definition_from_yaml(text)

    assert [finding.code for finding in refused.value.findings] == ["INVALID_DEFINITION"]
    assert message in refused.value.findings[0].message


def test_a_valid_file_has_no_findings(tmp_path: Path) -> None:
    checked = check_file(_file(tmp_path, YAML))

    assert checked.to_dict() == {"valid": True, "findings": []}


def test_findings_have_the_form_that_checks_from_outside_read(tmp_path: Path) -> None:
    checked = check_file(_file(tmp_path, YAML.replace("[nothing]", "[nothin]")))
    value = checked.to_dict()

    assert value["valid"] is False
    assert value["findings"] == [
        {
            "code": "DANGLING_REFERENCE",
            "severity": "error",
            "path": "$.trigger.nextStepIds[0]",
            "message": 'there is no step "nothin"; link to a step that exists or remove the link',
            "suggestion": "nothing",
        },
        *[finding.to_dict() for finding in checked.findings[1:]],
    ]


@pytest.mark.parametrize(
    ("text", "name", "path", "place"),
    [
        (YAML.replace("[nothing]", "[nothin]"), "a.yaml", "$.trigger.nextStepIds[0]", (4, 17)),
        (JSON.replace('["nothing"]', '["nothin"]'), "a.json", "$.trigger.nextStepIds[0]", (1, 65)),
        (YAML.replace("    name: Do nothing\n", ""), "a.yaml", "$.steps[0].name", (6, 5)),
        (YAML.replace("type: EMPTY", "typ: EMPTY"), "a.yaml", "$.steps[0].typ", (8, 5)),
        ("name: [", "a.yaml", "$", (2, 1)),
    ],
)
def test_findings_are_found_in_the_file(
    tmp_path: Path, text: str, name: str, path: str, place: tuple[int, int]
) -> None:
    checked = check_file(_file(tmp_path, text, name))
    places = {finding.path: where for finding, where in places_of(checked).items()}

    assert places[path] == Place(*place)


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe", b""])
def test_json_that_is_none_has_a_finding_without_a_place_or_with_one(tmp_path: Path, text: bytes) -> None:
    checked = check_file(_file(tmp_path, text, "a.json"))

    assert not checked.valid
    assert set(places_of(checked)) <= set(checked.findings)


def test_a_folder_stands_for_the_definitions_in_it(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.json", "notes.md"):
        _file(tmp_path, YAML, name)
    (tmp_path / "d.yaml").mkdir()

    assert [path.name for path in find_files([tmp_path, tmp_path / "a.yaml"])] == [
        "a.yaml",
        "b.yml",
        "c.json",
    ]


def test_a_folder_without_definitions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match=r"no file there ends in \.yaml"):
        find_files([tmp_path])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match="No such file"):
        read_definition(tmp_path / "absent.yaml")
