from __future__ import annotations

from typing import TYPE_CHECKING

from tests.functional.cli.conftest import CREATE_PERSON

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine


def test_the_schemas_of_a_file_are_a_tree_of_what_variables_can_name(ventuno: CommandLine) -> None:
    ended = ventuno("schemas", ventuno.file("web-form.json", CREATE_PERSON))
    lines = ended.out.splitlines()

    assert ended.code == 0
    assert lines[:2] == ["trigger", "  name  TEXT  Ada"]
    assert "person  person" in lines
    name = lines.index("  name", 2)
    assert [line.split() for line in lines[name + 1 : name + 3]] == [
        ["firstName", "TEXT"],
        ["lastName", "TEXT"],
    ]
    assert all(line.startswith("    ") for line in lines[name + 1 : name + 3])


def test_the_schemas_of_a_workflow_are_those_the_api_gives(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    value = ventuno("schemas", "web-form", "--json").value

    assert list(value) == ["trigger", "person", "task"]
    assert value["task"]["fields"]["title"]["type"] == "TEXT"


def test_a_step_of_which_nothing_is_known_says_so(ventuno: CommandLine) -> None:
    step = {"id": "later", "name": "Later", "type": "FUTURE_ACTION"}
    file = ventuno.file("x.json", {"name": "x", "trigger": {"type": "MANUAL"}, "steps": [step]})

    assert ventuno("schemas", file).out.splitlines()[-1] == "later  nothing is known of it before it runs"


def test_what_is_no_definition_and_what_does_not_exist_end_with_a_sentence(ventuno: CommandLine) -> None:
    broken = ventuno("schemas", ventuno.file("x.json", {"name": "x"}))
    absent, unknown = ventuno("schemas", "./absent.yaml"), ventuno("schemas", "nothing")

    assert (broken.code, absent.code, unknown.code) == (1, 1, 1)
    assert "MISSING_TRIGGER" in broken.err
    assert "cannot read absent.yaml" in absent.err
    assert 'there is no workflow "nothing"' in unknown.err
