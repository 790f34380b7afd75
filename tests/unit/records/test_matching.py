from __future__ import annotations

from typing import Any

import pytest

from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.records.matching.evaluation import TextComparison, meets, truth
from ventuno.records.matching.operators import OPERATORS

RECORD: dict[str, Any] = {
    "name": {"firstName": "Ada", "lastName": None},
    "n": 5,
    "flag": True,
    "tags": ["Red", "blue"],
    "none": None,
    "json": {"a": 1, "ö": [1, 2]},
}


@pytest.mark.parametrize(
    ("path", "operator", "operand", "expected"),
    [
        ("name.firstName", "eq", "Ada", True),
        ("name.firstName", "eq", "ada", False),
        ("name.lastName", "eq", "x", None),
        ("name.lastName", "eq", None, None),
        ("n", "eq", None, None),
        ("n", "eq", 5.0, True),
        ("n", "eq", True, False),
        ("flag", "eq", 1, False),
        ("flag", "eq", True, True),
        ("name.firstName", "neq", "Bob", True),
        ("name.lastName", "neq", "Bob", None),
        ("name.firstName", "neq", "", True),
        ("n", "in", [1, 5], True),
        ("n", "in", [], False),
        ("none", "in", [None], None),
        ("none", "is", "NULL", True),
        ("none", "is", "NOT_NULL", False),
        ("n", "is", "NULL", False),
        ("missing.deep.path", "is", "NULL", True),
        ("n", "gt", 5, False),
        ("n", "gte", 5, True),
        ("n", "lt", 5.5, True),
        ("n", "lte", 4, False),
        ("n", "gt", "4", None),
        ("flag", "gt", False, None),
        ("none", "lt", 1, None),
        ("name.firstName", "gt", "Abe", True),
        ("name.firstName", "like", "A%", True),
        ("name.firstName", "like", "a%", False),
        ("name.firstName", "ilike", "a%", True),
        ("name.lastName", "ilike", "%", None),
        ("json", "like", '%"a": 1%', True),
        ("json", "like", "%ö%", True),
        ("tags", "like", "%blue%", True),
        ("name.firstName", "startsWith", "Ad", True),
        ("name.firstName", "endsWith", "da", True),
        ("none", "startsWith", "", None),
        ("tags", "containsAny", ["blue", "x"], True),
        ("tags", "containsAny", ["red"], False),
        ("none", "containsAny", ["red"], None),
        ("tags", "containsIlike", "%RED%", True),
        ("tags", "containsIlike", "re", False),
        ("none", "containsIlike", "%", False),
        ("tags", "isEmptyArray", True, False),
        ("none", "isEmptyArray", True, None),
    ],
)
def test_operators_mean_what_they_mean_in_sql(
    path: str,
    operator: str,
    operand: Any,  # noqa: ANN401  any JSON
    expected: bool | None,  # noqa: FBT001  columns of the table
) -> None:
    value: Any = RECORD
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None

    assert OPERATORS[operator](value, operand) is expected


YES = Comparison(("n",), Operator.EQ, 5)
NO = Comparison(("n",), Operator.EQ, 6)
UNKNOWN = Comparison(("none",), Operator.EQ, 6)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (And(()), True),
        (Or(()), False),
        (And((YES, UNKNOWN)), None),
        (And((NO, UNKNOWN)), False),
        (Or((YES, UNKNOWN)), True),
        (Or((NO, UNKNOWN)), None),
        (Not(UNKNOWN), None),
        (Not(NO), True),
        (Not(And((YES, Not(NO)))), False),
    ],
)
def test_logic_is_three_valued(condition: Condition, expected: bool | None) -> None:  # noqa: FBT001  a column
    assert truth(RECORD, condition) is expected
    assert meets(RECORD, condition) is (expected is True)


@pytest.mark.parametrize(
    ("operator", "operand", "expected"),
    [
        (Operator.EQ, "", True),
        (Operator.EQ, "x", False),
        (Operator.ILIKE, "%x%", False),
        (Operator.ILIKE, "", True),
        (Operator.IN, ["x", ""], True),
        (Operator.IS, "NULL", True),
    ],
)
def test_a_comparison_of_text_sees_the_empty_text_for_null(
    operator: Operator,
    operand: Any,  # noqa: ANN401  any JSON
    *,
    expected: bool,
) -> None:
    condition = TextComparison(("name", "lastName"), operator, operand)

    assert truth(RECORD, condition) is expected
    assert truth(RECORD, Not(condition)) is not expected


def test_no_condition_is_met_by_every_record() -> None:
    assert meets(RECORD, None)
