from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno_dev.cli import wording

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0.0, "0 ms"),
        (0.0421, "42 ms"),
        (1.25, "1.2 s"),
        (59.94, "59.9 s"),
        (61.0, "1 min 1 s"),
        (3599.9, "1 h 0 min"),
        (7320.0, "2 h 2 min"),
        (86_400.0 * 3 + 7200, "3 d 2 h"),
    ],
)
def test_a_duration_has_the_precision_of_its_size(seconds: float | None, text: str) -> None:
    assert wording.duration(seconds) == text


def test_instants_are_written_in_utc_without_their_fraction() -> None:
    assert wording.instant("2026-11-24T10:30:00.123+01:00") == "2026-11-24 09:30:00"
    assert wording.instant("2026-11-24T09:30:00.123Z") == "2026-11-24 09:30:00"
    assert wording.instant(None) == "-"


def test_no_time_passed_where_an_end_is_missing() -> None:
    assert wording.seconds_between("2026-11-24T09:30:00Z", None) is None
    assert wording.seconds_between("2026-11-24T09:30:00.500Z", "2026-11-24T09:31:00Z") == 59.5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        ({}, "-"),
        ([], "-"),
        ({"matchesFilter": True}, "matchesFilter: true"),
        ({"id": "a", "name": {"first": "b"}, "tags": [1, 2], "gone": None}, "id: a, name: b, tags: [2]"),
        ({"text": "one\ntwo\x1b[31m"}, r"text: one two\x1b[31m"),
        ({"id": "a", "createdAt": "2026-11-24", "createdBy": {"name": "b"}, "title": "c"}, "id: a, title: c"),
        (
            {"amount": {"amountMicros": 5, "currencyCode": "EUR"}, "phones": {"primary": "", "more": []}},
            "amount: 5 EUR",
        ),
        ({"all": [1, 2], "first": {str(number): number for number in range(9)}}, "all: [2], first: {…}"),
        ([1, 2, 3], "[3]"),
        ("plain", "plain"),
        (0, "0"),
        (False, "false"),
    ],
)
def test_a_result_is_told_on_one_line(value: JsonValue, text: str) -> None:
    assert wording.brief(value) == text


def test_a_long_result_is_cut_visibly() -> None:
    text = wording.brief({"text": "x" * 500})

    assert len(text) == wording.BRIEF_LENGTH
    assert text.endswith("x…")


def test_a_full_value_is_text_or_json() -> None:
    assert wording.full("a\nb") == "a b"
    assert wording.full({"é": 1}) == '{"é": 1}'
    assert wording.full(None) == "-"


def test_things_are_counted_in_english() -> None:
    assert [wording.count(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
