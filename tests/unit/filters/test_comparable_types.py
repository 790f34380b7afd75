"""Which static types a filter compares in earnest, checked against what its rules do with such values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ventuno.filters import Operand, comparable_types
from ventuno.filters.families import family_of

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

NOW = datetime(2026, 3, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field_type", "sub_field", "fits", "never"),
    [
        ("NUMBER", None, {"NUMBER", "TEXT"}, {"ARRAY", "OBJECT", "BOOLEAN", "DATE"}),
        ("CURRENCY", None, {"NUMBER"}, {"ARRAY"}),
        ("CURRENCY", "currencyCode", {"TEXT", "SELECT"}, {"BOOLEAN", "OBJECT"}),
        ("TEXT", None, {"TEXT", "UUID", "DATE_TIME", "ARRAY"}, {"NUMBER", "BOOLEAN", "OBJECT"}),
        ("EMAILS", "primaryEmail", {"TEXT"}, {"NUMBER", "EMAILS"}),
        ("DATE_TIME", None, {"DATE", "DATE_TIME", "TEXT"}, {"NUMBER", "UUID", "ARRAY"}),
        ("BOOLEAN", None, {"BOOLEAN", "TEXT"}, {"NUMBER"}),
        ("RELATION", None, {"UUID", "RELATION", "OBJECT"}, {"ARRAY", "NUMBER"}),
        ("UUID", None, {"UUID"}, {"OBJECT"}),
        ("RATING", None, {"RATING", "NUMBER"}, {"BOOLEAN"}),
        ("SELECT", None, {"SELECT", "NUMBER"}, {"OBJECT"}),
    ],
)
def test_a_filter_compares_some_types_and_never_others(
    field_type: str, sub_field: str | None, fits: set[str], never: set[str]
) -> None:
    types = comparable_types(field_type, sub_field)

    assert types is not None
    assert fits <= types
    assert never.isdisjoint(types)


@pytest.mark.parametrize("field_type", ["string", "unknown", "FILES", "whatever"])
def test_an_untyped_filter_compares_everything(field_type: str) -> None:
    assert comparable_types(field_type) is None


@pytest.mark.parametrize(
    ("field_type", "operand", "left", "right"),
    [
        ("TEXT", Operand.IS, 5, "5"),
        ("TEXT", Operand.IS_NOT_EMPTY, 5, ""),
        ("DATE", Operand.IS_BEFORE, 5, "2026-01-01"),
        ("DATE", Operand.IS_EMPTY, {"k": 1}, ""),
        ("BOOLEAN", Operand.IS, 1, "true"),
        ("UUID", Operand.IS, ["a"], '["a"]'),
        ("NUMBER", Operand.GREATER_THAN_OR_EQUAL, {"n": 5}, "0"),
    ],
)
def test_what_is_reported_would_indeed_never_hold(
    field_type: str, operand: Operand, left: JsonValue, right: str
) -> None:
    assert family_of(field_type).holds(operand, left, right, NOW) is False
