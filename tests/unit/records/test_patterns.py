from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno.filters.condition import pattern_containing
from ventuno.records.matching.patterns import like


@pytest.mark.parametrize(
    ("text", "pattern", "matches"),
    [
        ("", "", True),
        ("a", "", False),
        ("", "%", True),
        ("abc", "abc", True),
        ("abc", "ab", False),
        ("abc", "a%", True),
        ("abc", "%c", True),
        ("abc", "%b%", True),
        ("abc", "a_c", True),
        ("abc", "____", False),
        ("a", "a%a", False),
        ("aa", "a%a", True),
        ("aba", "%ab%ba%", False),
        ("a%c", r"a\%c", True),
        ("abc", r"a\%c", False),
        ("a\\", "a\\\\", True),
        ("a\\", "a\\", True),
        ("a\nb", "a%b", True),
        ("a\nb", "a_b", True),
        ("a.c", "a.c", True),
        ("abc", "a.c", False),
        ("ABC", "abc", False),
    ],
)
def test_a_pattern_is_read_as_sql_reads_it(text: str, pattern: str, *, matches: bool) -> None:
    assert like(text, pattern) is matches


def test_case_can_be_ignored() -> None:
    assert like("Straße in TURIN", "%turin", ignore_case=True)


@given(text=st.text("ab%_\\", max_size=12), pattern=st.text("ab%_", max_size=8))
def test_patterns_match_what_the_same_regular_expression_matches(text: str, pattern: str) -> None:
    expression = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)

    assert like(text, pattern) is (re.fullmatch(expression, text, re.DOTALL) is not None)


@given(text=st.text(), inner=st.text(max_size=3))
def test_a_quoted_text_is_found_literally(text: str, inner: str) -> None:
    assert like(text, pattern_containing(inner)) is (inner in text)


def test_a_hostile_pattern_takes_no_longer() -> None:
    assert not like("a" * 100_000, "%a" * 500 + "%b")
