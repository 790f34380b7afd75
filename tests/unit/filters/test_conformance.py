"""Files of cases from outside: every kind passes its own vectors, and a wrong expectation is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ventuno_dev.conformance import KINDS, run

VECTORS = Path(__file__).parents[2] / "vectors"
NOW = "2026-03-18T10:30:00Z"


@pytest.mark.parametrize("kind", KINDS)
def test_the_vectors_of_every_kind_pass(kind: str) -> None:
    report = run(kind, VECTORS / f"{kind}.json")

    assert report.failures == ()
    assert report.passed == len(json.loads((VECTORS / f"{kind}.json").read_text("utf-8"))["cases"])


@pytest.mark.parametrize("cases", sorted((VECTORS / "own").iterdir()), ids=lambda path: path.stem)
def test_the_cases_of_our_own_pass(cases: Path) -> None:
    report = run(cases.stem.split("-")[0], cases)

    assert report.failures == ()
    assert report.passed > 0


@pytest.mark.parametrize(
    ("kind", "case", "got"),
    [
        ("step_filter", {"type": "NUMBER", "operand": "is", "left": 1, "right": "1", "result": False}, True),
        (
            "step_filter",
            {"type": "NUMBER", "operand": "IS_BEFORE", "left": 1, "right": 1, "result": True},
            "THROWS: Operand IS_BEFORE not supported for number filter",
        ),
        ("variable_resolution", {"input": "{{a}}", "result": 1}, True),
        ("variable_resolution", {"input": "{{b}}", "result": None}, "__undefined__"),
        (
            "find_records_filter",
            {"type": "NUMBER", "operand": "IS", "value": "1", "gql": {"field": {"eq": 2}}},
            {"field": {"eq": 1}},
        ),
        (
            "relative_date",
            {"filter": "{}", "samples": [{"date": NOW, "result": True}]},
            {"samples": [{"date": NOW, "result": False}]},
        ),
    ],
)
def test_a_wrong_expectation_is_reported_with_what_was_got(
    tmp_path: Path, kind: str, case: dict[str, Any], got: object
) -> None:
    report = run(kind, file_of(tmp_path, case))

    assert (report.passed, report.failed) == (0, 1)
    assert report.failures[0].got == got
    assert json.loads(json.dumps(report.to_dict()))["failures"][0]["case"] == case


def test_an_unreadable_case_fails_alone(tmp_path: Path) -> None:
    good = {"type": "TEXT", "operand": "IS", "left": "a", "right": "a", "result": True}

    report = run("step_filter", file_of(tmp_path, good, {"type": "TEXT", "operand": "LIKE"}, {}, 5, None))

    assert (report.passed, report.failed) == (1, 4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", [None, 5, [], {"filter": 5, "samples": 5, "input": "{{a.b}}", "context": 5}])
def test_no_case_stops_the_others(tmp_path: Path, kind: str, case: object) -> None:
    assert run(kind, file_of(tmp_path, case, case)).failed == 2


def test_a_pipe_that_fails_is_an_expected_error(tmp_path: Path) -> None:
    words = "{{a | join}} cannot be resolved: join takes a list, not true or false"

    case = {"input": "{{a | join}}", "result": f"THROWS: {words}"}

    assert run("variable_resolution", file_of(tmp_path, case)).passed == 1


def test_the_order_of_alternatives_does_not_matter(tmp_path: Path) -> None:
    gql = {"or": [{"field": {"is": "NULL"}}, {"field": {"ilike": ""}}]}
    case = {"type": "TEXT", "operand": "IS_EMPTY", "value": "", "gql": gql}

    assert run("find_records_filter", file_of(tmp_path, case)).passed == 1


def test_a_missing_member_and_an_undefined_one_are_the_same(tmp_path: Path) -> None:
    case = {"input": {"k": "{{b}}", "l": ["{{b}}"]}, "result": {"k": "__undefined__", "l": ["__undefined__"]}}

    assert run("variable_resolution", file_of(tmp_path, case)).passed == 1


@pytest.mark.parametrize(
    "content", ["[]", '{"cases": 5}', '{"cases": [], "context": []}', "5", "[" * 100_000]
)
def test_a_file_without_cases_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text(content)

    with pytest.raises(ValueError, match=r"the form|too deep"):
        run("step_filter", path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_editor_s_mark_of_the_encoding_is_no_part_of_the_file(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text('{"cases": [{"input": "è", "result": "è"}]}', encoding=encoding)

    assert run("variable_resolution", path).passed == 1


def file_of(folder: Path, *cases: object) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps({"now": NOW, "context": {"a": True}, "cases": cases}))
    return path
