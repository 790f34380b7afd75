"""What logs show: nothing that opens a door. Source: reference §3.15"""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from ventuno.outgoing.redaction import REDACTED, Secrets, shown_body, shown_headers, shown_url

SENSITIVE_HEADERS = (
    *("authorization", "Proxy-Authorization", "COOKIE", "set-cookie", "x-api-key", "x-auth-token"),
    *("x-csrf-token", "x-amz-security-token", "x-goog-api-key", "api-key"),
)
PARAMETERS = (
    *("api_key", "apikey", "api-key", "token", "access_token", "refresh_token", "id_token", "auth"),
    *("auth_token", "authentication", "secret", "client_secret", "private_key", "key", "sig", "signature"),
    *("password", "passwd", "pwd"),
)
KEYS = (
    *("password", "Passwd", "PWD", "token", "accessToken", "clientSecret", "secret", "Authorization"),
    *("apiKey", "api_key", "api-key", "privateKey", "private-key", "access_key", "X-Api-Key", "x-auth-token"),
)
SECRET = 'p"ä ss/&+wörd'  # noqa: S105 - a canary


@pytest.mark.parametrize("name", SENSITIVE_HEADERS)
def test_a_header_of_credentials_is_not_shown(name: str) -> None:
    assert shown_headers([(name, "v"), ("Accept", "v")]) == {name: REDACTED, "Accept": "v"}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_of_credentials_is_not_shown(name: str) -> None:
    assert (
        shown_url(f"https://a.example/p?{name}=v&page=2") == f"https://a.example/p?{name}={REDACTED}&page=2"
    )
    form = shown_body(f"{name}=v&page=2".encode(), "application/x-www-form-urlencoded; charset=utf-8")
    assert form == f"{name}={REDACTED}&page=2"


@pytest.mark.parametrize("key", KEYS)
def test_a_key_of_credentials_is_not_shown_at_any_depth(key: str) -> None:
    body = {"a": [{key: {"deep": "v"}}], "keyboard": "v", "tokens": 3}
    shown = json.loads(str(shown_body(json.dumps(body).encode(), "application/json")))

    assert shown == {"a": [{key: REDACTED}], "keyboard": "v", "tokens": 3}


def test_a_long_body_is_cut_at_whole_characters() -> None:
    shown = str(shown_body("é".encode() * 20_000, "text/plain"))

    assert shown == "é" * 16_000 + "…"
    assert shown_body(None, None) is None


FORMS = {
    "as it is": SECRET,
    "in JSON": json.dumps(SECRET)[1:-1],
    "in JSON with letters of all alphabets": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "in a URL": quote(SECRET, safe=""),
    "in a path": quote(SECRET),
    "in a form": quote_plus(SECRET),
    "in base64": base64.b64encode(SECRET.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_however_it_is_written(form: str) -> None:
    secrets = Secrets({"KEY": SECRET, "OTHER": "another-one"})
    echoed = f"before {FORMS[form]} after another-one."

    assert secrets.within(echoed)
    assert secrets.text(echoed).rstrip("=").replace("==", "") == f"before {REDACTED} after {REDACTED}."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"12345678": ["x12345678y", 12345678, 9123456780, 1.5, True, None]}, None),
        ("plain", "plain"),
    ],
)
def test_a_secret_leaves_keys_texts_and_numbers_of_a_value(value: Any, expected: Any) -> None:  # noqa: ANN401 - any JSON
    shown = Secrets({"PIN": "12345678"}).value(value)

    assert "12345678" not in json.dumps(shown)
    assert expected is None or shown == expected


def test_without_secrets_nothing_changes() -> None:
    value = {"a": ["x"]}

    assert Secrets({}).value(value) is value
    assert not Secrets({}).within(b"x")
