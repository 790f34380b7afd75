"""PayloadStore: the same answers from every store, and values that go through the claim check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors
from ventuno.runs.claim_check import INLINE_LIMIT_BYTES, VALUE_LIMIT_BYTES, check_in, check_out
from ventuno.runs.model import Inline, PayloadRef

if TYPE_CHECKING:
    from ventuno.ports import PayloadStore


def test_a_body_comes_back_as_it_was_stored(payloads: PayloadStore) -> None:
    payloads.put("runs/r/a/x.json", b'{"a": "\xc3\xa9\x00"}')

    assert payloads.get("runs/r/a/x.json") == b'{"a": "\xc3\xa9\x00"}'


def test_an_unknown_key_is_none(payloads: PayloadStore) -> None:
    assert payloads.get("runs/r/a/nothing.json") is None


def test_a_deleted_body_is_gone_and_deleting_it_again_changes_nothing(payloads: PayloadStore) -> None:
    payloads.put("files/a", b"x")
    for _ in range(2):
        payloads.delete("files/a")

    assert payloads.get("files/a") is None


@pytest.mark.parametrize("value", [None, True, 0, 0.1, "é\u2028", [], {"a": [1, {"b": None}]}, 10**30])
def test_a_small_value_stays_where_it_is(payloads: PayloadStore, value: Any) -> None:  # noqa: ANN401 - any JSON
    stored = check_in(value, "runs/r/a", payloads)

    assert isinstance(stored, Inline)
    assert check_out(stored, payloads) == value


def test_a_big_value_goes_to_the_store_under_its_checksum(payloads: PayloadStore) -> None:
    value = ["é" * 60_000]
    stored = check_in(value, "runs/r/a", payloads)

    assert isinstance(stored, PayloadRef)
    assert stored.size_bytes == 120_004
    assert stored.key == f"runs/r/a/{stored.sha256[:16]}.json"
    assert check_out(stored, payloads) == value


@pytest.mark.parametrize(("extra", "kind"), [(0, Inline), (1, PayloadRef)])
def test_the_line_between_small_and_big_is_100_kib_of_text(
    payloads: PayloadStore, extra: int, kind: type[object]
) -> None:
    assert isinstance(check_in("x" * (INLINE_LIMIT_BYTES - 2 + extra), "k", payloads), kind)


def test_a_value_over_the_limit_is_an_input_error_and_stores_nothing(payloads: PayloadStore) -> None:
    with pytest.raises(errors.StepInputError, match="5242880"):
        check_in("x" * VALUE_LIMIT_BYTES, "k", payloads)


@pytest.mark.parametrize("body", [None, b"{}", b""])
def test_a_value_that_is_gone_or_altered_is_never_used(payloads: PayloadStore, body: bytes | None) -> None:
    stored = check_in("x" * 200_000, "runs/r/a", payloads)
    assert isinstance(stored, PayloadRef)
    if body is None:
        stored = PayloadRef("elsewhere.json", stored.sha256, stored.size_bytes)
    else:
        payloads.put(stored.key, body)

    with pytest.raises(errors.PayloadLostError, match=stored.key):
        check_out(stored, payloads)
