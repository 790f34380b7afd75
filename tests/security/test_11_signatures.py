"""Security 11: signatures of webhooks: replay, tolerance, rotation, compared in constant time."""

from __future__ import annotations

import base64
import hmac
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.builders import Json, create, written
from ventuno import errors
from ventuno.access.signature import SignedMessage, sign
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.webhook import WebhookAnswer, WebhookCall, accept_webhook

if TYPE_CHECKING:
    from tests.fakes.world import World

SECRET, OLD = b"k" * 24, b"o" * 24
BODY = b'{"name": "Ann"}'


def whsec(*secrets: bytes) -> str:
    return " ".join(f"whsec_{base64.b64encode(secret).decode()}" for secret in secrets)


@pytest.fixture
def signed(world: World) -> World:
    """A world with a workflow that wants signatures, and its secret."""
    settings: Json = {"authentication": "SIGNATURE", "signingSecret": "PARTNER"}
    world.publish(written(create(), trigger={"type": "WEBHOOK", "settings": settings}))
    world.secrets.create("PARTNER", whsec(SECRET))
    return world


def headers(world: World, name: str = "msg_1", *, by: bytes = SECRET, age: int = 0) -> dict[str, str]:
    sent_at = str(int(world.clock.now().timestamp()) - age)
    signature = sign(SignedMessage(name, sent_at, "", BODY), by)
    return {"webhook-id": name, "webhook-timestamp": sent_at, "webhook-signature": signature}


def send(world: World, sent: dict[str, str], body: bytes = BODY) -> WebhookAnswer:
    path = f"/webhooks/workflows/default/{world.workflow().id}"
    return accept_webhook(WebhookCall("POST", path, sent, {}, body), world.services)


def runs(world: World) -> int:
    return sum(len(world.runs.by_status(status, 9, None).runs) for status in RunStatus)


def test_a_signed_call_starts_a_run(signed: World) -> None:
    assert send(signed, headers(signed)).status == 201
    assert runs(signed) == 1


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"webhook-signature": "v1,AAAA"}, BODY),
        ({"webhook-signature": ""}, BODY),
        ({"webhook-id": "msg_2"}, BODY),
        ({"webhook-timestamp": "0"}, BODY),
        ({}, b'{"name": "Bob"}'),
        ({"authorization": "Bearer vnt_x", "webhook-signature": ""}, BODY),
    ],
    ids=range(6),
)
def test_a_call_that_is_not_signed_right_is_401_and_starts_nothing(
    signed: World, changes: dict[str, str], body: bytes
) -> None:
    with pytest.raises(errors.UnauthorizedError) as caught:
        send(signed, headers(signed) | changes, body)

    assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")
    assert runs(signed) == 0


def test_a_replay_within_five_minutes_is_the_same_run_and_later_401(signed: World) -> None:
    sent = headers(signed)
    first = send(signed, sent)
    signed.clock.advance(300)
    again = send(signed, sent)

    assert first == again
    signed.clock.advance(1)
    with pytest.raises(errors.UnauthorizedError, match="five minutes"):
        send(signed, sent)
    assert runs(signed) == 1


def test_while_the_secret_is_changed_both_pass_and_then_only_the_new_one(signed: World) -> None:
    signed.secrets.replace("PARTNER", whsec(SECRET, OLD))
    assert send(signed, headers(signed, "msg_1", by=OLD)).status == 201
    assert send(signed, headers(signed, "msg_2", by=SECRET)).status == 201

    signed.secrets.replace("PARTNER", whsec(SECRET))
    with pytest.raises(errors.UnauthorizedError):
        send(signed, headers(signed, "msg_3", by=OLD))


@pytest.mark.parametrize("stored", [None, "hunter2"])
def test_a_secret_that_is_missing_or_none_is_our_fault_and_is_not_shown(
    signed: World, stored: str | None
) -> None:
    signed.secrets.delete("PARTNER")
    if stored is not None:
        signed.secrets.create("PARTNER", stored)

    with pytest.raises(errors.ConfigurationError, match="PARTNER") as caught:
        send(signed, headers(signed))
    assert "hunter2" not in str(caught.value)
    assert runs(signed) == 0


def test_an_older_message_signed_by_a_clock_that_is_off_passes(signed: World) -> None:
    assert send(signed, headers(signed, age=299)).status == 201
    with pytest.raises(errors.UnauthorizedError):
        send(signed, headers(signed, age=-301))


def test_the_settings_name_a_secret_and_never_hold_one(signed: World) -> None:
    workflow = signed.workflow()
    assert workflow.active is not None

    assert "whsec_" not in str(replace(workflow))


def test_each_signature_is_compared_with_each_secret_in_constant_time_whichever_fits(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def seen(left: bytes, right: bytes) -> bool:
        if left.startswith(b"v1,"):
            compared.append((left, right))
        return compare(left, right)

    monkeypatch.setattr(hmac, "compare_digest", seen)
    signed.secrets.replace("PARTNER", whsec(SECRET, OLD))
    right = headers(signed)
    offers = {"fits first": f"{right['webhook-signature']} v1,AAAA", "fits none": "v1,AAAA v1,BBBB"}
    counts = {}
    for name, signatures in offers.items():
        compared.clear()
        with suppress(errors.UnauthorizedError):
            send(signed, right | {"webhook-signature": signatures})
        counts[name] = len(compared)

    assert counts == {"fits first": 4, "fits none": 4}
