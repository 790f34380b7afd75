from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.functional.cli.conftest import CREATE_PERSON, FAILING

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

VERSION = {"name": "v2", "trigger": CREATE_PERSON["trigger"], "steps": CREATE_PERSON["steps"]}
RENAMED = CREATE_PERSON | {"name": "Renamed"}


def test_a_workflow_is_exported_with_its_limits_and_any_version(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ventuno("workflows", "limit", "web-form", "--per-hour", "9")
    ventuno("apply", ventuno.file("web-form.json", RENAMED))
    newest = ventuno("export", "web-form")
    first = ventuno("export", "web-form", "--version", "1").value
    properties = json.loads(newest.out)["Resources"]["Workflow"]["Properties"]

    assert json.loads(properties["Definition"])["name"] == "Renamed"
    assert json.loads(properties["Limits"]) == {"perHour": 9}
    assert json.loads(first["Resources"]["Workflow"]["Properties"]["Definition"]) == CREATE_PERSON


def test_a_file_is_exported_under_its_stem(ventuno: CommandLine) -> None:
    template = ventuno("export", ventuno.file("never.json", FAILING)).value

    assert template["Parameters"]["Slug"]["Default"] == "never"
    assert ventuno("export", "nobody").code == 1


def test_a_version_of_twenty_becomes_a_draft(ventuno: CommandLine) -> None:
    file = ventuno.file("from-twenty.json", VERSION)
    nameless = ventuno("import", file)
    done = ventuno("import", file, "--name", "Web form")
    again = ventuno("import", file, "--name", "Web form", "--json").value

    assert (nameless.code, "give a name" in nameless.err) == (1, True)
    assert done.out == "from-twenty v1 is stored as a draft\n"
    assert (again["changed"], again["findings"]) == (False, [])
    assert ventuno("workflows", "show", "from-twenty", "--definition").value == CREATE_PERSON


def test_what_activation_would_refuse_is_told_at_once(ventuno: CommandLine) -> None:
    steps = [{"id": "a", "name": "A", "type": "SEND_PIGEON", "nextStepIds": []}]
    trigger = {"type": "MANUAL", "nextStepIds": ["a"], "settings": {}}
    file = ventuno.file("x.json", {"name": "Birds", "trigger": trigger, "steps": steps})

    assert "UNKNOWN_STEP_TYPE" in ventuno("import", file).out
    assert (
        ventuno("import", file, "--slug", "birds", "--json").value["findings"][0]["code"]
        == "UNKNOWN_STEP_TYPE"
    )
    (ventuno.folder / "y.json").write_text("{")
    assert ventuno("import", str(ventuno.folder / "y.json")).code == 2
