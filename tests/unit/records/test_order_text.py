"""The texts of ordered index rows sort as the values do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import example, given
from hypothesis import strategies as st

from ventuno.records.fields.date import DateType
from ventuno.records.fields.date_time import DateTimeType, instant_text
from ventuno.records.fields.number import NumberType

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZES = st.floats(1e-99, 1e37) | st.integers(1, 10**37)
NUMBERS = SIZES | SIZES.map(lambda size: -size) | st.just(0)


def keys(field: NumberType | DateType | DateTimeType, values: Iterable[Any]) -> list[str]:
    stored = [field.normalise(value) for value in values]
    return [f"{field.order_text(value)}#2026-03-18T10:30:00.000Z#id" for value in stored]


@given(st.lists(NUMBERS, min_size=2))
@example([1e37, 10**37 - 5 * 10**8])
def test_numbers_of_any_sign_and_size(values: list[int | float]) -> None:
    meant = {Decimal(repr(value)) for value in values}  # a float means the number it is written as
    texts = keys(NumberType(), sorted(values, key=lambda value: Decimal(repr(value))))

    assert texts == sorted(texts)
    assert len(set(texts)) == len(meant)


@given(st.lists(st.dates(), min_size=2))
def test_days(values: list[Any]) -> None:
    texts = keys(DateType(), [str(value) for value in sorted(values)])

    assert texts == sorted(texts)


@given(st.lists(st.datetimes(), min_size=2))
def test_instants(values: list[Any]) -> None:
    texts = keys(DateTimeType(), [instant_text(value) for value in sorted(values)])

    assert texts == sorted(texts)


def test_numbers_that_differ_in_their_last_digit_are_two_keys() -> None:
    assert NumberType().key_text(10**37 - 1) != NumberType().key_text(10**37)
