from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.functional.cli.conftest import CREATE_PERSON, FAILING, CommandLine
from ventuno.runtime.validation import compile_checked
from ventuno_dev.definition_files import read_definition

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = CREATE_PERSON | {"trigger": {"type": "WEBHOOK", "nextStepIds": ["persn"]}}


def test_a_valid_file_is_valid(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", CREATE_PERSON)

    assert ventuno("validate", file, "--json").value == {"valid": True, "findings": []}
    assert ventuno("validate", file).out == f"{file}: valid\n"


def test_errors_end_with_exit_code_1_and_name_their_place(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", BROKEN)
    ended = ventuno("validate", file)

    assert ended.code == 1
    assert f"{file}:1:69: error: DANGLING_REFERENCE $.trigger.nextStepIds[0]\n" in ended.out
    assert "suggestion: person\n" in ended.out
    assert ventuno("validate", file, "--json").value["valid"] is False


def test_a_mistyped_key_hides_no_other_finding(ventuno: CommandLine) -> None:
    ended = ventuno("validate", ventuno.file("a.json", BROKEN | {"failfast": True}), "--json")

    assert ended.code == 1
    assert {"UNKNOWN_KEY", "DANGLING_REFERENCE"} <= {found["code"] for found in ended.value["findings"]}


def test_several_files_are_one_object(ventuno: CommandLine) -> None:
    good, bad = ventuno.file("a.json", CREATE_PERSON), ventuno.file("b.json", BROKEN)
    ended = ventuno("validate", good, bad, "--json")

    assert ended.code == 1
    assert [(each["file"], each["valid"]) for each in ended.value["files"]] == [(good, True), (bad, False)]
    assert ventuno("validate", str(ventuno.folder)).out.endswith("2 files, 2 errors, 0 warnings\n") is False


def test_a_file_that_is_not_there_is_a_usage_error(ventuno: CommandLine) -> None:
    ended = ventuno("validate", "absent.yaml")

    assert ended.code == 2
    assert "absent.yaml" in ended.err


def test_compiling_prints_the_machine_as_it_is_committed(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", CREATE_PERSON)
    compiled = compile_checked(read_definition(ventuno.folder / "a.json"))

    assert ventuno("compile", file).out == compiled.text
    assert ventuno("compile", file, "--json").value == compiled.machine
    assert ventuno("compile", file, "--map").value == compiled.source_map
    assert ventuno("compile", file, "--figures").value == compiled.figures.to_dict()
    assert ventuno("compile", file, "--map", "--figures").value.keys() == {"map", "figures"}


def test_a_machine_can_be_written_to_a_file(ventuno: CommandLine) -> None:
    file, output = ventuno.file("a.json", CREATE_PERSON), ventuno.folder / "out.json"

    assert ventuno("compile", file, "-o", str(output)).code == 0
    assert output.read_text() == ventuno("compile", file).out


def test_findings_never_end_up_in_a_file_of_machines(ventuno: CommandLine) -> None:
    ended = ventuno("compile", ventuno.file("a.json", BROKEN))

    assert (ended.code, ended.out) == (1, "")
    assert "DANGLING_REFERENCE" in ended.err


@pytest.mark.parametrize(
    "words", [[], ["--all", "FILE"], ["--all", "--map"], ["FILE", "--check"], ["--all", "-o", "x"]]
)
def test_options_that_do_not_go_together_are_usage_errors(ventuno: CommandLine, words: list[str]) -> None:
    file = ventuno.file("a.json", CREATE_PERSON)

    assert ventuno("compile", *(file if word == "FILE" else word for word in words)).code == 2


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENTUNO_PROJECT", str(tmp_path))
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "form.yaml").write_text(json.dumps(CREATE_PERSON))
    (tmp_path / "workflows" / "never.yaml").write_text(json.dumps(FAILING))
    return tmp_path


def test_all_workflows_are_compiled_into_their_folder(ventuno: CommandLine, project: Path) -> None:
    assert ventuno("compile", "--all").code == 0

    assert sorted(path.name for path in (project / "statemachines").iterdir()) == [
        "form.asl.json",
        "never.asl.json",
    ]
    assert ventuno("compile", "--all", "--check", "--json").value == {"upToDate": True, "differing": []}


def test_checking_names_what_differs_and_changes_nothing(ventuno: CommandLine, project: Path) -> None:
    ventuno("compile", "--all")
    machines = project / "statemachines"
    (machines / "form.asl.json").write_text("{}")
    (machines / "old.asl.json").write_text("{}")
    (machines / "never.asl.json").unlink()
    ended = ventuno("compile", "--all", "--check")

    assert ended.code == 1
    assert (
        "statemachines/form.asl.json\nstatemachines/never.asl.json\nstatemachines/old.asl.json\n" in ended.out
    )
    assert "make compile" in ended.out
    assert (machines / "form.asl.json").read_text() == "{}"
    assert not (machines / "never.asl.json").exists()


def test_writing_makes_the_folder_exactly_what_it_should_be(ventuno: CommandLine, project: Path) -> None:
    machines = project / "statemachines"
    machines.mkdir()
    (machines / "old.asl.json").write_text("{}")
    ventuno("compile", "--all")

    assert not (machines / "old.asl.json").exists()
    assert ventuno("compile", "--all", "--check").code == 0


def test_one_workflow_with_an_error_stops_all(ventuno: CommandLine, project: Path) -> None:
    (project / "workflows" / "broken.yaml").write_text(json.dumps(BROKEN))
    ended = ventuno("compile", "--all")

    assert ended.code == 1
    assert "broken.yaml" in ended.err
    assert not (project / "statemachines").exists()


def test_a_folder_that_is_no_checkout_is_told(ventuno: CommandLine, project: Path) -> None:
    shutil.rmtree(project / "workflows")
    ended = ventuno("compile", "--all")

    assert ended.code == 1
    assert "VENTUNO_PROJECT" in ended.err


CASE = {"type": "TEXT", "operand": "CONTAINS", "left": "abc", "right": "b", "result": True}


def test_conformance_prints_what_fails_and_counts(ventuno: CommandLine) -> None:
    file = ventuno.folder / "cases.json"
    file.write_text(json.dumps({"now": "2026-01-01T00:00:00Z", "cases": [CASE, CASE | {"result": False}]}))
    ended = ventuno("conformance", "step_filter", str(file))

    assert ended.code == 1
    assert ended.out.splitlines()[-1] == "1 passed, 1 failed"
    assert len([line for line in ended.out.splitlines() if line.startswith("FAILED {")]) == 1
    assert ventuno("conformance", "step_filter", str(file), "--json").value["failed"] == 1


def test_conformance_passes_when_every_case_does(ventuno: CommandLine) -> None:
    file = ventuno.folder / "cases.json"
    file.write_text(json.dumps({"now": "2026-01-01T00:00:00Z", "cases": [CASE]}))

    assert ventuno("conformance", "step_filter", str(file))[:2] == (0, "1 passed, 0 failed\n")


@pytest.mark.parametrize(("kind", "text"), [("step_filters", '{"cases": []}'), ("step_filter", "[]")])
def test_conformance_refuses_what_is_no_file_of_cases(ventuno: CommandLine, kind: str, text: str) -> None:
    file = ventuno.folder / "cases.json"
    file.write_text(text)

    assert ventuno("conformance", kind, str(file)).code == 2


def test_code_that_cannot_be_parsed_is_found_without_a_stack(ventuno: CommandLine) -> None:
    authored = {
        "name": "Broken",
        "trigger": {"type": "MANUAL", "nextStepIds": ["a"]},
        "steps": [
            {
                "id": "a",
                "name": "A",
                "type": "CODE",
                "settings": {"input": {"code": "export const main = (\n=> 1"}},
            }
        ],
    }
    ended = ventuno("validate", ventuno.file("broken.json", authored), "--json")

    assert ended.code == 1
    assert ended.value["findings"][0]["path"] == "$.steps[0].settings.input.code"
    assert ended.value["findings"][0]["message"].startswith("line 2, column 1: SyntaxError")


def test_the_cost_of_a_definition_stands_beside_that_of_a_task_per_step(ventuno: CommandLine) -> None:
    file = ventuno.file("a.json", CREATE_PERSON)
    many, one = (ventuno("cost", file, "--runs", runs, "--json").value for runs in ("1000000", "1000"))

    assert many["runs"] == 1_000_000
    assert many["machine"]["transitions"] <= many["oneTaskPerStep"]["transitions"]
    assert many["machine"]["usd"]["total"] == pytest.approx(one["machine"]["usd"]["total"] * 1000, rel=0.01)
    assert "1,000,000 runs" in ventuno("cost", file).out


def test_what_has_errors_has_no_cost(ventuno: CommandLine) -> None:
    ended = ventuno("cost", ventuno.file("a.json", BROKEN))

    assert (ended.code, ended.out) == (1, "")
    assert "DANGLING_REFERENCE" in ended.err
