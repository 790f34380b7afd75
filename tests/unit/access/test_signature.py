"""Standard Webhooks signatures: what passes, what does not, and what is kept as a secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno.access.signature import (
    SignatureError,
    SignedMessage,
    SigningSecretError,
    read_secrets,
    sign,
    verify,
)

SECRET, OLD, OTHER = b"k" * 24, b"o" * 32, b"x" * 24
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENT = str(int(NOW.timestamp()))


def message(
    body: bytes = b'{"a": 1}', *, by: bytes = SECRET, at: str = SENT, name: str = "msg_1"
) -> SignedMessage:
    unsigned = SignedMessage(name, at, "", body)
    return replace(unsigned, signatures=sign(unsigned, by))


def test_the_example_of_the_specification_fits() -> None:
    """The public example: secret, message and signature."""
    (secret,) = read_secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    example = SignedMessage(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        b'{"test": 2432232314}',
    )

    verify(example, [secret], datetime.fromtimestamp(1614265330, UTC))


def test_a_signature_is_the_hmac_of_id_time_and_body() -> None:
    digest = hmac.new(SECRET, f"msg_1.{SENT}.".encode() + b"\xff body", hashlib.sha256).digest()

    assert message(b"\xff body").signatures == f"v1,{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_a_message_is_fresh_for_five_minutes_both_ways(seconds: int) -> None:
    verify(message(), [SECRET], NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_a_message_from_another_time_is_refused(seconds: int) -> None:
    with pytest.raises(SignatureError, match="five minutes"):
        verify(message(), [SECRET], NOW + timedelta(seconds=seconds))


def test_while_a_secret_is_changed_either_side_may_be_first() -> None:
    both = replace(message(), signatures=f"{message(by=OTHER).signatures} {message(by=OLD).signatures}")

    verify(message(by=OLD), [SECRET, OLD], NOW)
    verify(message(by=SECRET), [SECRET, OLD], NOW)
    verify(both, [SECRET, OLD], NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(message(), body=b'{"a": 2}'),
        replace(message(), id="msg_2"),
        replace(message(), timestamp=str(int(SENT) + 1)),
        message(by=OTHER),
        replace(message(), signatures=message().signatures.removeprefix("v1,")),
        replace(message(), signatures=message().signatures.replace("v1,", "v1a,")),
        replace(message(), signatures=message().signatures[:-4]),
        replace(message(), signatures="v1,"),
        replace(message(), signatures="v1,é\ud800"),
        replace(message(), signatures=" ".join(["v1,AAAA"] * 20 + [message().signatures])),
        replace(message(), id=""),
        replace(message(), signatures=""),
        replace(message(), timestamp=""),
        replace(message(), timestamp=f"{SENT}.0"),
        replace(message(), timestamp=f"-{SENT}"),
        replace(message(), timestamp="9" * 400),
        replace(message(), timestamp="١٢٣"),
    ],
    ids=range(17),
)
def test_what_was_changed_or_signed_by_somebody_else_is_refused(wrong: SignedMessage) -> None:
    with pytest.raises(SignatureError):
        verify(wrong, [SECRET, OLD], NOW)


def test_no_secret_lets_nothing_pass() -> None:
    with pytest.raises(SignatureError):
        verify(message(), [], NOW)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_only_the_body_that_was_signed_fits(signed: bytes, sent: bytes) -> None:
    changed = replace(message(signed), body=sent)
    if signed == sent:
        verify(changed, [SECRET], NOW)
    else:
        with pytest.raises(SignatureError):
            verify(changed, [SECRET], NOW)


def test_a_refusal_tells_nothing_of_what_would_fit() -> None:
    with pytest.raises(SignatureError) as caught:
        verify(message(by=OTHER), [SECRET], NOW)

    assert message().signatures.removeprefix("v1,") not in str(caught.value)


def test_secrets_are_read_with_or_without_their_mark_and_several_with_spaces_between() -> None:
    plain = [base64.b64encode(secret).decode() for secret in (SECRET, OLD)]

    assert read_secrets(f"whsec_{plain[0]}") == (SECRET,)
    assert read_secrets(f"  whsec_{plain[0]}\n{plain[1]} ") == (SECRET, OLD)


@pytest.mark.parametrize("text", ["", "  ", "whsec_", "whsec_%%%", "hunter2", "whsec_é", "whsec_AAAA whsec_"])
def test_what_is_no_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(SigningSecretError) as caught:
        read_secrets(text)

    assert "hunter2" not in str(caught.value)
