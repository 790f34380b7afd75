"""The reference's own cases for filters."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.expressions import UNDEFINED
from ventuno.expressions.instants import instant_text
from ventuno.filters.condition import to_neutral
from ventuno.filters.families import family_of, supported_operands
from ventuno.filters.operands import Operand
from ventuno.filters.query import condition_of
from ventuno.filters.query.question import Question
from ventuno.filters.refusals import UnsupportedOperandError
from ventuno.filters.relative_dates import parse_relative, window_of

if TYPE_CHECKING:
    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue

VECTORS = Path(__file__).parents[2] / "vectors"
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)


def cases(name: str) -> list[dict[str, Any]]:
    document = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    assert document["now"] == "2026-03-18T10:30:00.000Z"
    return list(document["cases"])


def decoded(value: JsonValue) -> Resolved:
    return UNDEFINED if value == "__undefined__" else value


@pytest.mark.parametrize("case", cases("step_filter"), ids=lambda case: f"{case['type']}-{case['operand']}")
def test_step_filters_judge_as_the_reference(case: dict[str, Any]) -> None:
    family = family_of(case["type"], case.get("sub"))
    left, right = decoded(case["left"]), decoded(case["right"])

    if str(case["result"]).startswith("THROWS: "):
        with pytest.raises(UnsupportedOperandError) as caught:
            family.holds(Operand(case["operand"]), left, right, NOW)
        assert f"THROWS: {caught.value}" == case["result"]
    else:
        assert family.holds(Operand(case["operand"]), left, right, NOW) is case["result"]


@pytest.mark.parametrize("case", cases("relative_date"), ids=lambda case: str(case["filter"]))
def test_relative_dates_open_the_windows_of_the_reference(case: dict[str, Any]) -> None:
    text = case["filter"] if isinstance(case["filter"], str) else json.dumps(case["filter"])
    relative = parse_relative(text)
    window = window_of(relative, NOW) if relative else None
    holds = family_of("DATE_TIME").holds

    assert [holds(Operand.IS_RELATIVE, sample["date"], text, NOW) for sample in case["samples"]] == [
        sample["result"] for sample in case["samples"]
    ]
    assert (window and {"start": instant_text(window.start), "end": instant_text(window.end)}) == case.get(
        "window"
    )


@pytest.mark.parametrize(
    "case", cases("find_records_filter"), ids=lambda case: f"{case['type']}-{case['operand']}"
)
def test_record_filters_compile_as_in_the_reference(case: dict[str, Any]) -> None:
    question = Question(("field",), Operand(case["operand"]), case["value"], NOW, case.get("sub"))

    condition = condition_of(case["type"], question)

    assert (to_neutral(condition) if condition else "__dropped__") == case["gql"]


@pytest.mark.parametrize(
    ("name", "operands"), json.loads((VECTORS / "supported_operands_by_type.json").read_text()).items()
)
def test_a_type_supports_the_operands_of_the_reference(name: str, operands: list[str]) -> None:
    field_type, _, sub_field = name.partition(".")

    assert supported_operands(field_type, sub_field) == {Operand(operand) for operand in operands}
