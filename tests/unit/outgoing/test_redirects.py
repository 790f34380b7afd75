"""Redirects: counted, checked, and no carrier of secrets to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.http import FakeHttp, answer
from ventuno import errors
from ventuno.outgoing.exchange import HttpRequest
from ventuno.outgoing.redaction import Secrets
from ventuno.outgoing.redirects import send_following

if TYPE_CHECKING:
    from ventuno.outgoing.exchange import HttpResponse

SECRET = Secrets({"KEY": "sesame-open-up"})
HEADERS = (
    ("Authorization", "Bearer x"),
    ("X-Mine", "sesame-open-up"),
    ("X-Plain", "1"),
    ("Content-Type", "text/plain"),
)


def follow(request: HttpRequest, *answers: HttpResponse) -> tuple[HttpResponse, list[HttpRequest]]:
    http = FakeHttp(list(answers))
    return send_following(request, http.send, SECRET.within), http.sent


def to(location: str, status: int = 302) -> HttpResponse:
    return answer("", status, location=location)


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    request = HttpRequest("GET", "https://a.example/")
    response, sent = follow(request, *[to(f"/{n}") for n in range(5)], answer({"ok": True}))

    assert (response.redirects, len(sent), sent[-1].url) == (5, 6, "https://a.example/4")
    with pytest.raises(errors.HttpTransportError, match="more than 5"):
        follow(request, *[to("/")] * 6)


def test_the_time_is_for_all_hops_together() -> None:
    _, sent = follow(HttpRequest("GET", "https://a.example/", timeout_seconds=1), to("/b"), to("/c"))

    assert [round(request.timeout_seconds, 1) for request in sent] == [1.0, 0.9, 0.8]
    with pytest.raises(errors.HttpTimeoutError):
        follow(HttpRequest("GET", "https://a.example/", timeout_seconds=0.15), to("/b"), to("/c"))


@pytest.mark.parametrize(
    ("method", "status", "then", "keeps_body"),
    [
        *(("POST", 301, "GET", False), ("POST", 302, "GET", False), ("PUT", 302, "PUT", True)),
        *(("POST", 303, "GET", False), ("DELETE", 303, "GET", False), ("GET", 303, "GET", True)),
        *(("POST", 307, "POST", True), ("PATCH", 308, "PATCH", True)),
    ],
)
def test_a_redirect_changes_the_method_as_its_status_says(
    method: str, status: int, then: str, *, keeps_body: bool
) -> None:
    request = HttpRequest(method, "https://a.example/", HEADERS, b"body")
    _, sent = follow(request, to("/b", status))

    assert (sent[1].method, sent[1].body) == (then, b"body" if keeps_body else None)
    assert any(name == "Content-Type" for name, _ in sent[1].headers) is keeps_body


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("/b", ["Authorization", "X-Mine", "X-Plain"]),
        ("https://a.example:443/b", ["Authorization", "X-Mine", "X-Plain"]),
        ("//b.example/", ["X-Plain"]),
        ("http://a.example/", ["X-Plain"]),
        ("https://a.example:444/", ["X-Plain"]),
    ],
)
def test_another_origin_is_sent_no_credentials(location: str, kept: list[str]) -> None:
    _, sent = follow(HttpRequest("GET", "https://a.example/", HEADERS), to(location))

    assert [name for name, _ in sent[1].headers if name != "Content-Type"] == kept


def test_a_body_with_a_secret_is_not_sent_on_to_somebody_else() -> None:
    request = HttpRequest("POST", "https://a.example/", (), b'{"k": "sesame-open-up"}')

    with pytest.raises(errors.HttpTransportError, match="holds a secret"):
        follow(request, to("https://b.example/", 307))
    assert len(follow(request, to("/b", 307))[1]) == 2


@pytest.mark.parametrize(
    "location", ["ftp://a.example/", "http://u@b.example/", "http://a b/", "javascript:1"]
)
def test_a_redirect_to_what_may_not_be_called_ends_the_request(location: str) -> None:
    with pytest.raises(errors.StepInputError):
        follow(HttpRequest("GET", "https://a.example/"), to(location), answer("reached"))


def test_a_redirect_without_a_location_is_an_answer() -> None:
    response, _ = follow(HttpRequest("GET", "https://a.example/"), answer("x", 302))

    assert (response.status, response.redirects) == (302, 0)
