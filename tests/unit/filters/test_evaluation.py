"""Step filters over a context: groups, variables, and what must hold for any data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno import errors
from ventuno.expressions import UNDEFINED
from ventuno.filters import ArrangedFilters, StepFilter, StepFilterGroup, matches
from ventuno.filters.families import family_of, supported_operands
from ventuno.filters.operands import DEPRECATED, Operand
from ventuno.filters.refusals import FilterGroupError, UnsupportedOperandError

if TYPE_CHECKING:
    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue

NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
CONTEXT: dict[str, Any] = {
    "trigger": {
        "n": 5,
        "zero": 0,
        "nil": None,
        "stage": "NEW",
        "hostile": '"],"NEW","',
        "tags": ["NEW", "WON"],
    }
}


def step_filter(
    left: str = "n",
    operand: str = "IS",
    value: JsonValue = "5",
    *,
    of: str = "NUMBER",
    group: str | None = None,
) -> StepFilter:
    return StepFilter.model_validate(
        {
            "type": of,
            "stepOutputKey": f"{{{{trigger.{left}}}}}",
            "operand": operand,
            "value": value,
            "stepFilterGroupId": group,
        }
    )


def group(name: str, operator: str = "AND", parent: str | None = None) -> StepFilterGroup:
    return StepFilterGroup.model_validate(
        {"id": name, "logicalOperator": operator, "parentStepFilterGroupId": parent}
    )


TRUE, FALSE = "5", "6"
"""Right values that make the filters of this file true and false."""


def filters(*placed: tuple[str, str | None]) -> list[StepFilter]:
    return [step_filter(value=value, group=name) for value, name in placed]


@pytest.mark.parametrize(
    ("groups", "placed", "expected"),
    [
        ([], [], True),
        ([], [(TRUE, None), (TRUE, None)], True),
        ([], [(TRUE, None), (FALSE, None)], False),
        ([], [(TRUE, "unknown")], True),
        ([group("or", "OR")], [(FALSE, "or"), (TRUE, "or")], True),
        ([group("or", "OR")], [(FALSE, "or"), (FALSE, "or")], False),
        ([group("empty", "OR")], [], True),
        ([group("a"), group("b")], [(TRUE, "a"), (FALSE, "b")], False),
        ([group("a", "OR"), group("b", "AND", "a")], [(TRUE, "a"), (FALSE, "b")], True),
        ([group("a", "AND"), group("b", "OR", "a")], [(TRUE, "a"), (FALSE, "b"), (TRUE, "b")], True),
        ([group("a", "OR")], [(TRUE, "a"), (FALSE, None)], False),
        ([group("a", "OR", "b"), group("b", "OR", "a")], [(TRUE, "a"), (FALSE, "b")], False),
    ],
)
def test_groups_combine_filters(
    groups: list[StepFilterGroup], placed: list[tuple[str, str | None]], *, expected: bool
) -> None:
    assert ArrangedFilters(groups, filters(*placed)).hold(CONTEXT, NOW) is expected


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        ([group("a")], ["lost"]),
        ([group("a"), group("b", parent="lost")], []),
        ([group("a"), group("b", parent="c"), group("c", parent="b")], []),
        ([group("0"), *(group(str(n), parent=str(n - 1)) for n in range(1, 101))], []),
        ([group("a", "OR"), group("a", "AND")], ["a"]),
    ],
    ids=["filter of an unknown group", "unknown parent", "circle beside a root", "too deep", "one id twice"],
)
def test_a_group_that_no_root_leads_to_is_an_error(groups: list[StepFilterGroup], names: list[str]) -> None:
    with pytest.raises(FilterGroupError):
        ArrangedFilters(groups, filters(*((TRUE, name) for name in names))).hold(CONTEXT, NOW)


def test_a_true_member_of_an_or_spares_the_rest() -> None:
    unsupported = step_filter(operand="VECTOR_SEARCH", group="or")

    arranged = ArrangedFilters([group("or", "OR")], [*filters((TRUE, "or")), unsupported])

    assert arranged.hold(CONTEXT, NOW) is True


@pytest.mark.parametrize(
    ("name", "expected"), [("a", True), ("b", False), ("parent", False), ("nowhere", True)]
)
def test_a_branch_asks_its_group_and_the_groups_below(name: str, *, expected: bool) -> None:
    groups = [group("a"), group("parent"), group("b", parent="parent")]

    arranged = ArrangedFilters(groups, filters((TRUE, "a"), (FALSE, "b")))

    assert arranged.group_holds(name, CONTEXT, NOW) is expected


@pytest.mark.parametrize(
    "groups",
    [[group("a", parent="b"), group("b", parent="a")], [group("a", parent="a")], [group("a", parent="lost")]],
    ids=["circle", "parent of itself", "unknown parent"],
)
def test_a_branch_whose_filters_no_root_leads_to_never_matches_by_mistake(
    groups: list[StepFilterGroup],
) -> None:
    arranged = ArrangedFilters(groups, filters((FALSE, "a")))

    with pytest.raises(FilterGroupError, match="circle"):
        arranged.group_holds("a", CONTEXT, NOW)


@pytest.mark.parametrize(
    ("left", "operand", "value", "of", "expected"),
    [
        ("zero", "IS", "{{trigger.nil}}", "NUMBER", False),
        ("nil", "IS", "{{trigger.nil}}", "NUMBER", True),
        ("zero", "IS_NOT", "{{trigger.nil}}", "NUMBER", True),
        ("stage", "IS", "{{trigger.nil}}", "SELECT", False),
        ("nil", "IS", "{{trigger.nil}}", "DATE", True),
        ("nil", "IS", "{{trigger.nil}}", "BOOLEAN", True),
        ("zero", "IS", None, "NUMBER", True),
        ("zero", "IS", "{{trigger.missing}}", "NUMBER", False),
        ("zero", "GREATER_THAN_OR_EQUAL", "{{trigger.nil}}", "NUMBER", True),
    ],
)
def test_a_variable_that_is_null_asks_for_emptiness(
    left: str, operand: str, value: str | None, of: str, *, expected: bool
) -> None:
    assert matches(step_filter(left, operand, value, of=of), CONTEXT, NOW) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('["{{trigger.stage}}"]', True),
        ('["LOST", "{{trigger.tags}}"]', True),
        ('["{{trigger.hostile}}"]', False),
        ('["LOST{{trigger.missing}}"]', False),
        ('["LOST"', False),
    ],
)
def test_a_value_with_a_quote_cannot_add_elements_to_a_list(value: str, *, expected: bool) -> None:
    assert matches(step_filter("stage", "IS", value, of="SELECT"), CONTEXT, NOW) is expected


@pytest.mark.parametrize("spelling", DEPRECATED)
def test_older_spellings_of_operands_are_read(spelling: str) -> None:
    assert step_filter(operand=spelling).operand is DEPRECATED[spelling]


@pytest.mark.parametrize("change", [{"operand": "LIKE"}, {"extra": 1}, {"stepOutputKey": None}])
def test_a_filter_that_is_none_is_refused(change: dict[str, object]) -> None:
    wire = {"type": "TEXT", "stepOutputKey": "{{trigger.n}}", "operand": "IS", "value": "x", **change}

    with pytest.raises(ValueError, match=next(iter(change))):
        StepFilter.model_validate(wire)


def test_a_filter_round_trips_in_wire_names() -> None:
    wire = {"id": "f", "type": "TEXT", "stepOutputKey": "{{a.b}}", "operand": "CONTAINS", "value": '["x"]'}

    assert StepFilter.model_validate(wire).model_dump(mode="json", by_alias=True, exclude_unset=True) == wire


def test_an_unsupported_operand_is_a_step_input_error_that_names_it() -> None:
    with pytest.raises(errors.StepInputError, match=r"^Operand IS_BEFORE not supported for number filter$"):
        matches(step_filter(operand="IS_BEFORE"), CONTEXT, NOW)


TYPES = [
    "NUMBER",
    "CURRENCY",
    "RATING",
    "DATE",
    "TEXT",
    "MULTI_SELECT",
    "EMAILS",
    "SELECT",
    "BOOLEAN",
    "UUID",
]
values = st.recursive(
    st.just(UNDEFINED) | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner.filter(lambda value: value is not UNDEFINED), max_size=3)
        | st.dictionaries(st.text(), inner.filter(lambda value: value is not UNDEFINED), max_size=3)
    ),
)


@given(st.sampled_from([*TYPES, "RELATION", "string"]), st.sampled_from(Operand), values, values)
def test_any_two_values_compare_or_the_operand_is_refused(
    of: str, operand: Operand, left: Resolved, right: Resolved
) -> None:
    try:
        assert family_of(of).holds(operand, left, right, NOW) in {True, False}
    except UnsupportedOperandError:
        assert operand not in supported_operands(of)


def nested(levels: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(levels):
        deep = [deep]
    return deep


@pytest.mark.parametrize("of", [*TYPES, "RELATION", "string"])
@pytest.mark.parametrize("operand", [Operand.IS, Operand.CONTAINS])
def test_bottomless_values_compare_like_any_other(of: str, operand: Operand) -> None:
    if operand in supported_operands(of):
        holds = family_of(of).holds(operand, nested(20_000), nested(20_000), NOW)

        assert holds in {True, False}
