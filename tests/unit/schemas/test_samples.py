"""Schemas out of one sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.schemas import ANY, NUMBER, TEXT, Array, Object, Scalar, Schema, Unknown, schema_of_sample
from ventuno.schemas.schema import Union

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


def sampled(**members: Schema) -> Object:
    return Object(members, Unknown.UNLIKELY)


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (None, ANY),
        ("Ada", Scalar("TEXT", "Ada")),
        (5, Scalar("NUMBER", 5)),
        (True, Scalar("BOOLEAN", sample=True)),
        ({"a": {"b": 1}}, sampled(a=sampled(b=Scalar("NUMBER", 1)))),
        ([], Array(ANY)),
        ([1, 2], Array(NUMBER)),
        ([1, "a"], Array(Union((NUMBER, TEXT)))),
        ([1, None], Array(ANY)),
        ([[1], ["a"]], Array(Array(Union((NUMBER, TEXT))))),
        (
            [{"a": 1}, {"b": "x"}, {"a": "y"}],
            Array(sampled(a=Union((NUMBER, TEXT)), b=Scalar("TEXT", "x"))),
        ),
    ],
)
def test_a_sample_shows_the_schema(value: JsonValue, schema: Schema) -> None:
    assert schema_of_sample(value) == schema


def test_a_sample_of_very_many_shapes_takes_little_time() -> None:
    assert schema_of_sample([[{str(n): 1}] for n in range(20_000)]) == Array(Array(ANY))
