"""`ventuno simulate` keeps the form that cases from outside rely on, and tells what it cannot simulate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, passes, step, written
from tests.graphs.simulating import delay, loop

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

KEYS = ["status", "steps", "order", "transitions", "historyEvents", "virtualSeconds"]
ENGINES = ["interpreter", "machine"]
DEFINITION = written(
    create("a", "f"),
    step("f", "FILTER", "wait", passes("{{a.name}}", "Ada")),
    delay("wait", "each", days=3),
    loop("each", "b", "{{trigger.items}}", "ask"),
    create("b", "each"),
    step("ask", "FORM", given=[{"name": "x", "label": "X", "type": "TEXT"}]),
)
OUTCOMES = {"a": [{"error": "busy"}, {"result": {"name": "Ada"}}], "b": [{"result": 1}, {"result": 2}]}
DEFINITION["steps"][0]["settings"]["errorHandlingOptions"] = {"retryOnFailure": {"value": 1}}


def simulated(ventuno: CommandLine, *words: str, outcomes: Json | None = None, code: int = 0) -> Any:  # noqa: ANN401 - any JSON
    files = [
        "--payload", ventuno.file("payload.json", {"items": [7, 8]}),
        "--outcomes", ventuno.file("outcomes.json", OUTCOMES if outcomes is None else outcomes),
    ]  # fmt: skip
    ended = ventuno("simulate", ventuno.file("d.json", DEFINITION), *files, *words, "--json")

    assert ended.code == code, ended.err
    return ended.value


@pytest.mark.parametrize("engine", ENGINES)
def test_a_simulation_has_the_form_that_is_promised(ventuno: CommandLine, engine: str) -> None:
    told = simulated(ventuno, "--engine", engine, "--start-time", "2026-03-18T10:00:00Z")

    assert list(told) == KEYS
    assert told["status"] == "RUNNING"
    assert told["order"] == ["a", "f", "wait", "each", "b", "b", "ask"]
    assert told["virtualSeconds"] == 1 + 3 * 86_400
    assert told["steps"]["a"] == {
        "status": "SUCCESS",
        "result": {"name": "Ada"},
        "error": None,
        "history": [{"status": "FAILED", "error": "busy", "retryAttempt": 1}],
    }
    assert told["steps"]["b"] == {
        "status": "SUCCESS", "result": 2, "error": None, "history": [{"status": "SUCCESS", "result": 1}],
    }  # fmt: skip
    assert told["steps"]["each"]["result"] == {"currentItemIndex": 2, "hasProcessedAllItems": True}
    assert told["steps"]["ask"] == {
        "status": "PENDING",
        "result": None,
        "error": None,
        "history": [],
        "waitingFor": {"type": "FORM", "since": "2026-03-21T10:00:01.000Z"},
    }


def test_only_a_machine_has_transitions_and_a_history(ventuno: CommandLine) -> None:
    by_rules, machine = (simulated(ventuno, "--engine", engine) for engine in ENGINES)

    assert (by_rules["transitions"], by_rules["historyEvents"]) == (None, None)
    assert machine["transitions"] > len(machine["order"])
    assert machine["historyEvents"] > machine["transitions"]
    assert {key: by_rules[key] for key in KEYS if by_rules[key] is not None} == {
        key: machine[key] for key in KEYS if by_rules[key] is not None
    }


def test_a_simulated_failure_is_no_failure_of_the_command(ventuno: CommandLine) -> None:
    told = simulated(ventuno, outcomes={"a": {"error": {"status": 503}}})

    assert told["status"] == "FAILED"
    assert told["steps"]["a"]["error"] == {"status": 503}
    assert told["steps"]["f"]["status"] == "NOT_STARTED"


def test_people_get_a_table(ventuno: CommandLine) -> None:
    file = ventuno.file("d.json", DEFINITION)
    ended = ventuno(
        "simulate", file, "--payload", ventuno.file("p.json", {"items": [1]}), "--engine", "machine"
    )
    lines = ended.out.splitlines()

    assert ended.code == 0
    assert lines[0].startswith("Test  COMPLETED  2 executed steps, 0 ms of virtual time, ")
    assert lines[1].split() == ["STEP", "NAME", "STATUS", "RUNS", "RESULT"]
    assert "f     F     STOPPED  1     matchesFilter: false" in lines


def test_a_table_says_what_a_step_waits_for(ventuno: CommandLine) -> None:
    file = ventuno.file(
        "d.json", written(step("ask", "FORM", given=[{"name": "x", "label": "X", "type": "TEXT"}]))
    )

    assert "waits for an answer since 2026-01-01 00:00:00" in ventuno("simulate", file).out


@pytest.mark.parametrize("engine", ENGINES)
def test_a_batch_gives_one_result_per_line_in_order(ventuno: CommandLine, engine: str) -> None:
    lines: list[Any] = [
        {"definition": DEFINITION, "payload": {"items": []}, "outcomes": {"a": {"result": {"name": "Ada"}}}},
        {"definition": DEFINITION},
        {"definition": written(create("x", "nobody"))},
        {"definition": DEFINITION, "outcomes": {"nobody": {"result": 1}}},
        {"definition": DEFINITION, "payloads": {}},
        5,
        {"definition": written(create("x"))},
    ]
    path = ventuno.folder / "cases.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines), "", "{"]))
    ended = ventuno("simulate", "--batch", str(path), "--engine", engine, "--json")
    told = [json.loads(line) for line in ended.out.splitlines()]

    assert ended.code == 1
    assert [one.get("status") for one in told] == ["RUNNING", "COMPLETED", *[None] * 4, "COMPLETED", None]
    assert told[2]["findings"][0]["code"] == "DANGLING_REFERENCE"
    assert all("error" in one for one in told if "status" not in one)
    assert told[-1]["error"].startswith("this line is not JSON: ")


def test_a_batch_for_people_is_one_line_per_case(ventuno: CommandLine) -> None:
    path = ventuno.folder / "cases.jsonl"
    path.write_text(json.dumps({"definition": written(create("x"))}) + "\nx\n")

    assert ventuno("simulate", "--batch", str(path)).out.splitlines() == [
        "1  COMPLETED  1 executed step, 0 ms of virtual time",
        "2  refused: this line is not JSON: Expecting value: line 1 column 1 (char 0)",
    ]


def test_a_definition_whose_links_no_run_can_follow_is_refused(ventuno: CommandLine) -> None:
    file = ventuno.file("d.json", written(create("a", "b"), create("b", "a")))
    for_people, for_scripts = ventuno("simulate", file), ventuno("simulate", file, "--json")

    assert (for_people.code, for_people.out, for_scripts.code) == (1, "", 1)
    assert "STEP_CYCLE" in for_people.err
    assert [found["code"] for found in for_scripts.value["findings"]] == ["STEP_CYCLE"]


def test_settings_that_are_never_looked_at_do_not_keep_a_run_from_being_simulated(
    ventuno: CommandLine,
) -> None:
    file = ventuno.file("d.json", written(step("a", "CREATE_RECORD", "b", {}), step("b", "TELEPHONE")))

    assert ventuno("simulate", file, "--json").value["order"] == ["a", "b"]


def test_settings_that_are_wrong_fail_the_step_that_needs_them(ventuno: CommandLine) -> None:
    file = ventuno.file("d.json", written(step("a", "DELAY", given={"delayType": "WEEKS"})))
    told = ventuno("simulate", file, "--json").value

    assert told["status"] == "FAILED"
    assert "input.delayType" in told["steps"]["a"]["error"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["FILE", "--batch", "FILE"],
        ["--batch", "FILE", "--payload", "FILE"],
        ["FILE", "--payload", "BAD"],
        ["FILE", "--start-time", "soon"],
        ["FILE", "--engine", "steam"],
        ["absent.json"],
    ],
)
def test_a_wrong_command_line_is_a_usage_error(ventuno: CommandLine, words: list[str]) -> None:
    names = {"FILE": ventuno.file("d.json", DEFINITION), "BAD": str(ventuno.folder / "bad.json")}
    (ventuno.folder / "bad.json").write_text('{"a": 1, "a": 2}')

    assert ventuno("simulate", *(names.get(word, word) for word in words)).code == 2


def test_outcomes_that_do_not_fit_are_told(ventuno: CommandLine) -> None:
    files = ["--outcomes", ventuno.file("o.json", {"a": {"matches": True}})]
    ended = ventuno("simulate", ventuno.file("d.json", DEFINITION), *files)

    assert ended.code == 1
    assert "only a FILTER" in ended.err
