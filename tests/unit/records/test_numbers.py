from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ventuno.adapters.dynamodb.numbers import from_item, to_item
from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.number import NumberType


@given(st.floats() | st.integers())
def test_every_number_that_records_accept_survives_the_store(number: float) -> None:
    try:
        accepted = NumberType().normalise(number)
    except FieldValueError:
        return
    stored = from_item(to_item({"n": accepted}))["n"]

    assert repr(stored) == repr(accepted)


def test_a_row_of_every_kind_of_value_survives_the_store() -> None:
    row: dict[str, Any] = {
        "text": "a",
        "empty": "",
        "yes": True,
        "none": None,
        "list": [1, 2.5, {"deep": [0.1]}],
        "map": {},
    }

    assert from_item(to_item(row)) == row
    assert to_item({"n": 0.1}) == {"n": {"N": "0.1"}}
