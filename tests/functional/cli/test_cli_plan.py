from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.functional.cli.conftest import CREATE_PERSON, FAILING

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

BROKEN = CREATE_PERSON | {"trigger": {"type": "WEBHOOK", "nextStepIds": ["persn"]}}
STEPS: Any = CREATE_PERSON["steps"]
CHANGED = CREATE_PERSON | {"name": "Renamed", "steps": [{**STEPS[0], "nextStepIds": []}]}
LOOPING: Any = CREATE_PERSON | {
    "trigger": {"type": "WEBHOOK", "settings": {}, "nextStepIds": ["loop"]},
    "steps": [
        {
            "id": "loop",
            "name": "Each",
            "type": "ITERATOR",
            "settings": {"input": {"items": "{{trigger.all}}", "initialLoopStepIds": ["person"]}},
        },
        {**STEPS[0], "nextStepIds": ["loop"]},
    ],
}


def test_a_plan_shows_what_is_new(ventuno: CommandLine) -> None:
    ended = ventuno("plan", ventuno.file("never.json", FAILING))

    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "never: a new workflow"
    assert "  + step person (UPDATE_RECORD)" in lines
    assert "  + edge trigger -> person" in lines
    assert "  permissions  + write person" in lines
    assert any(line.startswith("  cost         $") and line.endswith("1 item in each loop") for line in lines)
    assert not any("failFast" in line for line in lines)
    assert any("of 25,000 history events" in line for line in lines)
    assert ventuno.world.workflows.all() == []


def test_a_folder_is_planned_against_what_runs(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ventuno.file("web-form.json", CHANGED)
    ventuno.file("never.json", FAILING)
    plans = ventuno("plan", str(ventuno.folder), "--json").value["plans"]
    text = ventuno("plan", str(ventuno.folder)).out

    assert [(plan["slug"], plan["action"], plan["against"]) for plan in plans] == [
        ("never", "create", None),
        ("web-form", "change", 1),
    ]
    assert "web-form: differs from v1" in text
    assert "  - step task (CREATE_RECORD)" in text
    assert '  ~ $.name: "Web form" -> "Renamed"' in text
    assert "- write task" in text
    assert "- edge person -> task" in text


def test_a_plan_says_how_many_items_its_cost_takes_loops_to_have(ventuno: CommandLine) -> None:
    file = ventuno.file("loop.json", LOOPING)
    costs = [ventuno("plan", file, "--items", str(n), "--json").value["plans"][0] for n in (1, 500)]
    (one, many) = (cost["costPer1000Runs"] for cost in costs)

    assert (one["assumes"]["items"], many["assumes"]["items"]) == (1, 500)
    assert many["after"]["total"] > 100 * one["after"]["total"]
    assert "the longest path, 500 items in each loop" in ventuno("plan", file, "--items", "500").out
    assert ventuno("plan", file, "--items", "-1").code == 2


def test_the_draft_of_a_workflow_is_planned_by_its_slug(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)

    assert "says what v1 says" in ventuno("plan", "web-form").out
    ventuno("deactivate", "web-form")
    assert "which is not active" in ventuno("plan", "web-form").out
    assert ventuno("plan", "nobody").code == 1


def test_a_file_that_does_not_exist_is_no_workflow_either(ventuno: CommandLine) -> None:
    ended = ventuno("plan", "workflows/mine.yaml")

    assert (ended.code, "there is no file or folder workflows/mine.yaml" in ended.err) == (2, True)


def test_a_definition_with_errors_is_exit_code_1_and_says_why(ventuno: CommandLine) -> None:
    file = ventuno.file("bad.json", BROKEN)
    ended = ventuno("plan", file)

    assert ended.code == 1
    assert re.search(rf"{re.escape(str(file))}:\d+:\d+: error: DANGLING_REFERENCE", ended.out)
