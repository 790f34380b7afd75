"""Conversions between values, numbers and text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno.expressions import UNDEFINED
from ventuno.expressions.javascript import json_text, number_of, number_text, parse_json, string_of

if TYPE_CHECKING:
    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (-5.5, "-5.5"),
        (0.1, "0.1"),
        (12345678901234, "12345678901234"),
        (123456.789, "123456.789"),
        (2**53, "9007199254740992"),
        (12345678901234567890, "12345678901234567000"),
        (1e20, "100000000000000000000"),
        (123456789012345680000, "123456789012345680000"),
        (1e21, "1e+21"),
        (10**21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (1e-6, "0.000001"),
        (0.000001234, "0.000001234"),
        (1e-7, "1e-7"),
        (1.5e-7, "1.5e-7"),
        (5e-324, "5e-324"),
        (10**400, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_are_written_as_javascript_writes_them(number: float, text: str) -> None:
    assert number_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_written_numbers_read_back_as_the_same_double(number: float) -> None:
    assert float(number_text(number)) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, 0),
        (True, 1),
        ("", 0),
        (" \t7\ufeff\u00a0", 7),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        ("+5", 5),
        ("0x1F", 31),
        ("0b11", 3),
        ("0o7", 7),
        ("-Infinity", -math.inf),
        ([], 0),
        ([5], 5),
        ([None], 0),
        ([["3"]], 3),
        (10**400, math.inf),
    ],
)
def test_values_convert_to_the_number_javascript_makes_of_them(value: Resolved, number: float) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize(
    "value", [UNDEFINED, "abc", "1_000", "infinity", "nan", "-0x1", "1e", ".", "1 2", "٣", {}, [1, 2]]
)
def test_what_is_no_number_is_nan(value: Resolved) -> None:
    assert math.isnan(number_of(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UNDEFINED, "undefined"),
        (None, "null"),
        (False, "false"),
        ({"a": 1}, "[object Object]"),
        ([1, None, ["a", []], {}], "1,,a,,[object Object]"),
    ],
)
def test_values_convert_to_the_text_javascript_makes_of_them(value: Resolved, text: str) -> None:
    assert string_of(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1.0, None, True], "ü": "€\u2028\x7f"}, '{"a":[1,null,true],"ü":"€\u2028\x7f"}'),
        ('"\\\n\x01', '"\\"\\\\\\n\\u0001"'),
        (["\ud800"], '["\\ud800"]'),
        ([math.nan, 10**400], "[null,null]"),
        ([[], {}], "[[],{}]"),
    ],
)
def test_json_is_written_as_javascript_writes_it(value: JsonValue, text: str) -> None:
    assert json_text(value) == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(json_values.filter(lambda value: "Infinity" not in json.dumps(value)))
def test_written_json_reads_back_as_the_same_value(value: JsonValue) -> None:
    assert json.loads(json_text(value), parse_int=float) == value


@pytest.mark.parametrize("text", ["", "x", "NaN", "[1,]", "[" * 100_000, "1" * 5000, "\ufeff1"])
def test_what_the_json_parser_refuses_is_undefined(text: str) -> None:
    assert parse_json(text) is UNDEFINED


def test_depth_does_not_exhaust_the_interpreter() -> None:
    deep: list[Any] = []
    for _ in range(50_000):
        deep = [deep]

    assert json_text(deep) == "[" * 50_001 + "]" * 50_001
    assert string_of(deep) == ""
