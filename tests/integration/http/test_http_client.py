"""GuardedHttpClient against real servers on loopback: what they do to us, and where we do not go."""

from __future__ import annotations

import json
import socket
import threading
import tracemalloc
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.peers.web_server import MEGABYTE, NAME, running
from ventuno import errors
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.names import addresses_of
from ventuno.outgoing.exchange import HttpRequest, HttpResponse
from ventuno.outgoing.redirects import send_following

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.peers.web_server import Certificate, Peer

LOCAL = GuardedHttpClient(loopback_allowed=True)


def get(peer: Peer, path: str, timeout_seconds: float = 5) -> HttpResponse:
    return LOCAL.send(HttpRequest("GET", peer.url + path, timeout_seconds=timeout_seconds))


def test_a_request_arrives_as_it_was_written(peer: Peer) -> None:
    headers = (("X-Mine", "é"), ("Content-Type", "text/plain"))
    answer = LOCAL.send(HttpRequest("PATCH", f"{peer.url}/echo?a=%20", headers, "body é".encode()))
    seen = peer.seen[0]

    assert (seen.method, seen.path, seen.body) == ("PATCH", "/echo?a=%20", "body é".encode())
    assert seen.headers["Host"] == f"127.0.0.1:{peer.port}"
    assert seen.headers["Content-Length"] == "7"
    assert seen.headers["X-Mine"].encode("latin-1").decode() == "é"
    assert seen.headers["User-Agent"] == "Ventuno"
    assert (answer.status, answer.reason, answer.body) == (200, "OK", "body é".encode())
    assert answer.header("content-type") == "text/plain"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/gzip", b"packed"),
        ("/deflate", b"packed"),
        ("/empty", b""),
        ("/five", b"x" * 5 * MEGABYTE),
        ("/hello", b'{"hello": "world"}'),
    ],
)
def test_an_answer_is_unpacked_and_read_to_its_end(peer: Peer, path: str, body: bytes) -> None:
    assert get(peer, path).body == body


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/huge", "more than"),
        ("/bomb", "more than"),
        ("/nested_bomb", "only gzip and deflate"),
        ("/broken_gzip", "cannot be unpacked"),
        ("/half_gzip", "ends too early"),
        ("/brotli", "only gzip and deflate"),
    ],
)
def test_an_answer_that_is_too_large_or_wrongly_packed_is_refused(peer: Peer, path: str, reason: str) -> None:
    with pytest.raises(errors.HttpAnswerError, match=reason):
        get(peer, path, 20)


def test_a_packed_bomb_never_takes_much_memory(peer: Peer) -> None:
    get(peer, "/hello")
    tracemalloc.start()
    with pytest.raises(errors.HttpAnswerError):
        get(peer, "/nested_bomb")
    with pytest.raises(errors.HttpAnswerError):
        get(peer, "/huge")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 30 * MEGABYTE


@pytest.mark.parametrize("path", ["/hang_up", "/half", "/no_http", "/long_header"])
def test_a_server_that_breaks_off_or_speaks_no_http_is_a_transport_error(peer: Peer, path: str) -> None:
    with pytest.raises(errors.HttpTransportError, match="did not answer"):
        get(peer, path)


@pytest.mark.parametrize("path", ["/silent", "/drip", "/drip_headers"])
def test_the_whole_exchange_ends_in_its_time_however_busy_the_server_looks(peer: Peer, path: str) -> None:
    with pytest.raises(errors.HttpTimeoutError, match=r"within 0\.4 s"):
        get(peer, path, 0.4)

    assert peer.said == [], "the server was cut off"


def test_a_name_server_that_says_nothing_is_waited_for_no_longer_than_the_request(peer: Peer) -> None:
    resolved = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        del host, port
        peer.stop.wait(30)
        resolved.set()
        return ["127.0.0.1"]

    with pytest.raises(errors.HttpTimeoutError):
        GuardedHttpClient(resolve=slow).send(HttpRequest("GET", "http://a.example/", timeout_seconds=0.3))

    assert not resolved.is_set()


def test_nobody_there_is_a_transport_error() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(errors.HttpTransportError, match="did not answer"):
            LOCAL.send(HttpRequest("GET", url))


def unknown(host: str, port: int) -> list[str]:
    raise socket.gaierror(8, f"{host}:{port}")


def test_a_name_that_does_not_exist_is_a_transport_error() -> None:
    with pytest.raises(errors.HttpTransportError, match="not found"):
        GuardedHttpClient(resolve=unknown).send(HttpRequest("GET", "http://nowhere.example/"))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "0x7f000001"),
        *("0", "0.0.0.0", "[::ffff:127.0.0.1]", "[::]", "169.254.169.254", "[fe80::1]", "10.0.0.1"),  # noqa: S104 - refused
        *("100.64.0.1", "192.168.1.1", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "127。0。0。1", "１27.0.0.1"),  # noqa: RUF001 - that is the trick
    ],
)
def test_a_closed_address_is_refused_however_it_is_written(peer: Peer, host: str) -> None:
    with pytest.raises((errors.StepInputError, errors.HttpTransportError)) as caught:
        GuardedHttpClient().send(HttpRequest("GET", f"http://{host}:{peer.port}/hello", timeout_seconds=3))

    assert peer.seen == []
    assert "may not be called" in str(caught.value) or "not found" in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_closed_address_is_refused(peer: Peer, status: int) -> None:
    path = f"/redirect?status={status}&to={quote('http://10.0.0.1/hello', safe='')}"
    with pytest.raises(errors.StepInputError, match="may not be called"):
        send_following(HttpRequest("POST", peer.url + path, (), b"x"), LOCAL.send)

    assert len(peer.seen) == 1


def test_redirects_are_followed_on_real_connections(peer: Peer) -> None:
    inner = quote("/redirect?status=301&to=/hello", safe="")
    request = HttpRequest("GET", f"{peer.url}/redirect?status=302&to={inner}")
    answer = send_following(request, LOCAL.send)

    assert (answer.body, answer.redirects) == (b'{"hello": "world"}', 2)
    assert [seen.path for seen in peer.seen][-1] == "/hello"


def resolving(*rounds: list[str]) -> tuple[Callable[[str, int], list[str]], list[str]]:
    """A name server whose answers change: the trick of DNS rebinding."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return rounds[min(len(asked), len(rounds)) - 1]

    return resolve, asked


def test_a_name_is_looked_up_once_so_its_answer_cannot_change_between_check_and_connection(
    peer: Peer,
) -> None:
    # 127.0.0.1 stands for the public address, 10.0.0.1 for the private one the name turns to.
    resolve, asked = resolving(["127.0.0.1"], ["10.0.0.1"])
    client = GuardedHttpClient(loopback_allowed=True, resolve=resolve)
    url = f"http://rebinding.example:{peer.port}/hello"

    assert client.send(HttpRequest("GET", url)).status == 200
    assert asked == ["rebinding.example"]
    assert peer.seen[0].headers["Host"] == f"rebinding.example:{peer.port}"
    with pytest.raises(errors.StepInputError, match=r"10\.0\.0\.1"):
        client.send(HttpRequest("GET", url))


def test_one_closed_address_among_open_ones_closes_the_name(peer: Peer) -> None:
    resolve, _ = resolving(["127.0.0.1", "169.254.169.254"])

    with pytest.raises(errors.StepInputError, match="credentials"):
        GuardedHttpClient(loopback_allowed=True, resolve=resolve).send(
            HttpRequest("GET", f"http://mixed.example:{peer.port}/hello")
        )
    assert peer.seen == []


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(peer: Peer) -> None:
    resolve, _ = resolving(["127.0.0.2", "127.0.0.1"])
    client = GuardedHttpClient(loopback_allowed=True, resolve=resolve)

    assert client.send(HttpRequest("GET", f"http://two.example:{peer.port}/hello")).status == 200


def test_tls_is_checked_against_the_name_in_the_url_not_the_address(certificate: Certificate) -> None:
    resolve, _ = resolving(["127.0.0.1"])
    with running(certificate.server) as peer:
        client = GuardedHttpClient(loopback_allowed=True, resolve=resolve, tls=certificate.client)
        answer = client.send(HttpRequest("GET", f"https://{NAME}:{peer.port}/hello"))

        assert json.loads(answer.body) == {"hello": "world"}
        for url in (f"https://other.example:{peer.port}/hello", f"https://127.0.0.1:{peer.port}/hello"):
            with pytest.raises(errors.HttpTransportError, match="certificate"):
                client.send(HttpRequest("GET", url))
    assert [seen.headers["Host"] for seen in peer.seen] == [f"{NAME}:{peer.port}"]


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    resolve, _ = resolving(["127.0.0.1"])
    with running(certificate.server) as peer:
        client = GuardedHttpClient(loopback_allowed=True, resolve=resolve)
        with pytest.raises(errors.HttpTransportError, match="certificate"):
            client.send(HttpRequest("GET", f"https://{NAME}:{peer.port}/hello"))


def test_a_proxy_of_the_environment_is_not_asked(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://10.255.255.1:1")

    assert get(peer, "/hello").status == 200


def test_names_are_looked_up_by_the_system_and_each_address_once() -> None:
    found: Any = addresses_of("localhost", 80)

    assert set(found) <= {"127.0.0.1", "::1"}
    assert len(found) == len(set(found))
