"""The filter of REST queries. Source: reference §10.6"""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno.filters.condition import to_neutral
from ventuno.filters.refusals import FilterSyntaxError
from ventuno.filters.rest import MAX_DEPTH, parse_filter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name[eq]:Acme", {"name": {"eq": "Acme"}}),
        (" name [ eq ] : Acme Corp ", {"name": {"eq": "Acme Corp"}}),
        ('name[eq]:"Acme, (Inc)"', {"name": {"eq": "Acme, (Inc)"}}),
        ("name[eq]:'it\\'s'", {"name": {"eq": "it's"}}),
        ('name[eq]:"a\\\\b \\"c\\""', {"name": {"eq": 'a\\b "c"'}}),
        ('name[eq]:""', {"name": {"eq": ""}}),
        ("createdAt[gte]:2026-03-18T10:30:00Z", {"createdAt": {"gte": "2026-03-18T10:30:00Z"}}),
        ("amount.amountMicros[lt]:5", {"amount": {"amountMicros": {"lt": "5"}}}),
        ('name.firstName[ilike]:"%jo%"', {"name": {"firstName": {"ilike": "%jo%"}}}),
        ("name[neq]:x", {"not": {"name": {"eq": "x"}}}),
        ('name[startsWith]:"50%"', {"name": {"like": "50%%"}}),
        ("name[endsWith]:x", {"name": {"like": "%x"}}),
        ("stage[in]:[NEW, 'a,b']", {"stage": {"in": ["NEW", "a,b"]}}),
        ("stage[in]:[]", {"stage": {"in": []}}),
        ("tags[containsAny]:[a]", {"tags": {"containsAny": ["a"]}}),
        ("companyId[is]:NOT_NULL", {"companyId": {"is": "NOT_NULL"}}),
        ("a[eq]:1,b[eq]:2", {"and": [{"a": {"eq": "1"}}, {"b": {"eq": "2"}}]}),
        ("or(a[eq]:1,b[eq]:2)", {"or": [{"a": {"eq": "1"}}, {"b": {"eq": "2"}}]}),
        ("and(a[eq]:1)", {"a": {"eq": "1"}}),
        ("not(a[eq]:1,b[eq]:2)", {"not": {"and": [{"a": {"eq": "1"}}, {"b": {"eq": "2"}}]}}),
        (
            "a[eq]:1,or(b[is]:NULL,not(c[eq]:3))",
            {"and": [{"a": {"eq": "1"}}, {"or": [{"b": {"is": "NULL"}}, {"not": {"c": {"eq": "3"}}}]}]},
        ),
        ("or[eq]:1", {"or": {"eq": "1"}}),
        ("notes[eq]:1", {"notes": {"eq": "1"}}),
    ],
)
def test_a_filter_becomes_a_condition(text: str, expected: dict[str, Any]) -> None:
    assert to_neutral(parse_filter(text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends at character 1, where a field"),
        ("name", "ends at character 5, where an operator"),
        ("name[eq]", r"has '\[eq\]' at character 5, where an operator"),
        ("name[eq]:", "ends at character 10, where a value"),
        ("name[eq]:,", "has ',' at character 10, where a value"),
        ("name[like it]:x", "character 5, where an operator"),
        ("name[matches]:x", "operator matches at character 5; use one of eq, neq"),
        ("name[eq]:x)", "character 11, where a comma or the end"),
        ("or(name[eq]:x", r"ends at character 14, where .* closing bracket of or\("),
        ("or()", "character 4, where a field"),
        ("stage[in]:NEW", "where a list"),
        ("stage[in]:[NEW", "closing bracket of the list"),
        ("stage[in]:[,]", "where a value"),
        ('name[eq]:"x', "quotes opened at character 10"),
        ("a[eq]:1,", "ends at character 9"),
        ("a..b[eq]:1", "character 2, where an operator"),
        ("not(" * (MAX_DEPTH + 1) + "a[eq]:1" + ")" * (MAX_DEPTH + 1), "nested deeper than 20"),
    ],
)
def test_a_wrong_filter_is_refused_at_its_place(text: str, message: str) -> None:
    with pytest.raises(FilterSyntaxError, match=message):
        parse_filter(text)


def test_deep_nesting_within_the_bound_is_read() -> None:
    text = "or(" * MAX_DEPTH + "a[eq]:1" + ")" * MAX_DEPTH

    assert to_neutral(parse_filter(text))


@given(st.text(alphabet="abn o rt()[],:.\"'\\%eqislike12\n", max_size=40) | st.text(max_size=40))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    with contextlib.suppress(FilterSyntaxError):
        assert to_neutral(parse_filter(text))
