"""A server on loopback that answers as badly as servers do, over HTTP and over TLS."""

from __future__ import annotations

import contextlib
import gzip
import ssl
import threading
import time
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "shop.example"
MEGABYTE = 1024 * 1024


@dataclass
class Seen:
    """One request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Page:
    """What the server answers at a path, whatever the method."""

    body: bytes
    content_type: str = "application/json"


@dataclass
class Peer:
    """A running server, the requests it has seen, and the pages that a test gave it.

    `said` lists the paths that it has answered to the end, as far as they are none of those pages.
    """

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    """Does what the path says."""

    protocol_version = "HTTP/1.1"
    peer: Peer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        seen = Seen(self.command, self.path, dict(self.headers.items()), self.rfile.read(size))
        self.peer.seen.append(seen)
        page = self.peer.pages.get(self.path)
        if page is not None:
            self.say(page.body, Content_Type=page.content_type)
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"on_{self.path.split('/')[1].partition('?')[0]}")()
            self.peer.said.append(self.path)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the names that http.server looks for

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def on_echo(self) -> None:
        self.say(self.peer.seen[-1].body, Content_Type=self.headers.get("content-type", "text/plain"))

    def on_echo_refused(self) -> None:
        """Put what was sent into an error, as careless servers do."""
        heads = str(self.headers).encode()
        self.say(heads + self.peer.seen[-1].body, 400, Content_Type="text/plain")

    def on_hello(self) -> None:
        self.say(b'{"hello": "world"}', Content_Type="application/json")

    def on_redirect(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        self.say(b"", int(asked["status"][0]), Location=asked["to"][0])

    def on_silent(self) -> None:
        self.peer.stop.wait(30)

    def on_drip(self) -> None:
        """A byte at a time, so that no single read is slow."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b".")
            self.wfile.flush()
            if self.peer.stop.wait(0.05):
                return

    def on_drip_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            self.wfile.write(f"X-{number}: 1\r\n".encode())
            self.wfile.flush()
            if self.peer.stop.wait(0.05):
                return

    def on_huge(self) -> None:
        """Endless, chunked, without saying how long."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not self.peer.stop.is_set():
            self.wfile.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")

    def on_five(self) -> None:
        """Exactly as much as is allowed."""
        self.say(b"x" * (5 * MEGABYTE))

    def on_bomb(self) -> None:
        self.say(gzip.compress(b"0" * (200 * MEGABYTE), 1), Content_Encoding="gzip")

    def on_nested_bomb(self) -> None:
        self.say(gzip.compress(gzip.compress(b"0" * MEGABYTE)), Content_Encoding="gzip, gzip")

    def on_gzip(self) -> None:
        self.say(gzip.compress(b"packed"), Content_Encoding="gzip")

    def on_deflate(self) -> None:
        self.say(zlib.compress(b"packed"), Content_Encoding="Deflate")

    def on_broken_gzip(self) -> None:
        self.say(b"not gzip", Content_Encoding="gzip")

    def on_half_gzip(self) -> None:
        self.say(gzip.compress(b"packed")[:-9], Content_Encoding="gzip")

    def on_brotli(self) -> None:
        self.say(b"x", Content_Encoding="br")

    def on_empty(self) -> None:
        self.say(b"", 204, Content_Encoding="gzip")

    def on_hang_up(self) -> None:
        self.close_connection = True

    def on_half(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def on_no_http(self) -> None:
        self.wfile.write(b"SSH-2.0-nothing\r\n")
        self.close_connection = True

    def on_long_header(self) -> None:
        self.say(b"", X_Long="x" * (2 * MEGABYTE))


def _hung_up(*_: object) -> None:
    """Say nothing of clients that go away: they are what is tested."""


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None, serves: type[Handler] = Handler) -> Iterator[Peer]:
    """Run a server on a free port."""
    handler = type("OwnHandler", (serves,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.handle_error = _hung_up  # type: ignore[assignment,method-assign]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    peer = Peer(int(server.server_address[1]))
    handler.peer = peer  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        peer.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Certificate:
    """A certificate for NAME: what the server shows, and what trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate_in(folder: Path) -> Certificate:
    """Make a certificate for NAME."""
    _write_certificate(folder)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Certificate(server, ssl.create_default_context(cafile=str(folder / "cert.pem")))


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)
    names: list[x509.GeneralName] = [x509.DNSName(NAME), x509.IPAddress(ip_address("192.0.2.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
