"""JSON from outside: what is refused, and in words that people can act on."""

from __future__ import annotations

import pytest

from ventuno import strict_json


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9" * 5000, "a whole number has too many digits"),
        ("1e999", "a number is too large"),
        ("[NaN]", "NaN or Infinity, which JSON does not have"),
        ('{"a": 1, "a": 2}', 'the key "a" stands twice'),
        ("[" * 100_000, "nested deeper than 100 levels"),
        (r'"\ud800"', "half of a surrogate pair"),
    ],
)
def test_a_text_that_json_cannot_carry_is_refused_with_a_reason(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        strict_json.parse(text)


def test_a_long_whole_number_is_read_to_the_digit() -> None:
    assert strict_json.parse("9" * 400) == int("9" * 400)
