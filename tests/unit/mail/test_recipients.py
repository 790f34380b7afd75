"""Recipients: what is read of comma lists, and that nothing else gets into them."""

from __future__ import annotations

from typing import Any

import pytest

from ventuno import errors
from ventuno.mail.recipients import MOST_RECIPIENTS, read_recipients


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("a@x.com", [("", "a@x.com")]),
        ("a@x.com, Bob <b@x.com>", [("", "a@x.com"), ("Bob", "b@x.com")]),
        ('"Doe, John" <j@x.com>;c@x.com', [("Doe, John", "j@x.com"), ("", "c@x.com")]),
        ('"A \\"B\\"" <q@x.com>', [('A "B"', "q@x.com")]),
        (" a@x.com ,, b@x.com, ", [("", "a@x.com"), ("", "b@x.com")]),
        (["a@x.com", "b@x.com,c@x.com"], [("", "a@x.com"), ("", "b@x.com"), ("", "c@x.com")]),
        ("a@x.com, A@X.com", [("", "a@x.com")]),
        ("Jörg <j@x.com>", [("Jörg", "j@x.com")]),
    ],
)
def test_lists_are_read_with_names_and_without_repeats(given: Any, read: list[tuple[str, str]]) -> None:  # noqa: ANN401 - any JSON
    assert [(one.name, one.address) for one in read_recipients(given, None, "").to] == read


def test_an_address_stays_in_the_first_list_that_has_it() -> None:
    read = read_recipients("a@x.com", "A@x.com, b@x.com", "b@x.com, c@x.com")

    assert [[one.address for one in some] for some in (read.to, read.cc, read.bcc)] == [
        ["a@x.com"],
        ["b@x.com"],
        ["c@x.com"],
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        *("nobody", "a b@x.com", "a@", "@x.com", "a@x", "<a@x.com", 'A "B <b@x.com>', "a@x.com (comment)"),
        *("a@x.com\r\nBcc: evil@x.com", "Evil\nBcc: <a@x.com>", "Evil\x00 <a@x.com>", "a@x.com\u2028b"),
    ],
)
def test_what_is_no_address_is_told_and_nothing_is_read(wrong: str) -> None:
    with pytest.raises(errors.StepInputError, match="Invalid email addresses"):
        read_recipients(["fine@x.com", wrong], "", "")


def test_all_wrong_addresses_are_told_at_once() -> None:
    with pytest.raises(errors.StepInputError, match='"one", "two", "three"'):
        read_recipients("one, a@x.com", "two", "three")


@pytest.mark.parametrize("given", ["", None, [], " , "])
def test_a_message_needs_somebody(given: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(errors.StepInputError, match="no recipients"):
        read_recipients(given, None, None)


def test_blind_copies_alone_are_enough() -> None:
    assert [one.address for one in read_recipients("", "", "a@x.com").all] == ["a@x.com"]


def test_there_are_at_most_a_hundred() -> None:
    addresses = [f"p{number}@x.com" for number in range(MOST_RECIPIENTS + 1)]

    assert len(read_recipients(addresses[:60], addresses[60:100], "").all) == MOST_RECIPIENTS
    with pytest.raises(errors.StepInputError, match="101 recipients"):
        read_recipients(addresses[:60], addresses[60:], "")


@pytest.mark.parametrize("given", [[1], {"a": 1}, 5, [["a@x.com"]]])
def test_what_is_no_text_is_refused(given: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(errors.StepInputError, match="recipients are text"):
        read_recipients(given, None, None)


@pytest.mark.parametrize("text", ['"' * 40_000, "<" * 40_000, "a@x.com," * 6_000, '"\\' * 20_000])
def test_hostile_lists_are_refused_in_time(text: str) -> None:
    with pytest.raises(errors.StepInputError) if text[0] != "a" else pytest.MonkeyPatch.context():
        read_recipients(text, None, None)
