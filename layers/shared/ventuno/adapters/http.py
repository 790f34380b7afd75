"""HttpClient on httpcore: one exchange on one connection of its own, guarded, timed and bounded.

httpcore is imported with the first request: most calls of a function make none.
"""

from __future__ import annotations

import ssl
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.outgoing.exchange import MAX_BODY_BYTES, HttpRequest, HttpResponse, header, without
from ventuno.outgoing.headers import OURS
from ventuno.outgoing.urls import Target, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.adapters.guarded_network import Deadline
    from ventuno.adapters.names import Resolve
    from ventuno.outgoing.exchange import Headers

_PIECE: Final = 65_536
_WINDOW: Final = 47  # zlib's word for "gzip or zlib, whichever it is"
_AGENT: Final = ("User-Agent", "Ventuno")


class GuardedHttpClient:
    """Sends requests to public addresses; `loopback_allowed` opens this machine too, for local stacks."""

    def __init__(
        self,
        *,
        loopback_allowed: bool = False,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._loopback_allowed = loopback_allowed
        self._resolve = resolve
        self._tls = tls

    def send(self, request: HttpRequest) -> HttpResponse:
        """Make one exchange; redirects are answers like any other.

        Raises: StepInputError, HttpTransportError, HttpTimeoutError, HttpAnswerError
        """
        import httpcore  # noqa: PLC0415 - 50 ms that only requests are worth

        from ventuno.adapters.guarded_network import Deadline  # noqa: PLC0415 - same

        target = target_of(request.url)
        deadline = Deadline(request.timeout_seconds)
        try:
            return self._exchange(request, target, deadline)
        except httpcore.TimeoutException as error:
            raise deadline.missed() from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise errors.HttpTransportError(f"{target.authority} did not answer: {_reason(error)}") from error

    def _exchange(self, request: HttpRequest, target: Target, deadline: Deadline) -> HttpResponse:
        import httpcore  # noqa: PLC0415 - as above

        from ventuno.adapters.guarded_network import GuardedNetwork  # noqa: PLC0415 - as above
        from ventuno.adapters.names import addresses_of  # noqa: PLC0415 - as above

        network = GuardedNetwork(
            deadline, self._resolve or addresses_of, loopback_allowed=self._loopback_allowed
        )
        host = f"[{target.host}]" if ":" in target.host else target.host
        with (
            httpcore.ConnectionPool(
                ssl_context=self._tls or _trusted(), max_connections=1, network_backend=network
            ) as pool,
            pool.stream(
                request.method,
                httpcore.URL(
                    scheme=target.scheme.encode(),
                    host=host.encode(),
                    port=target.port,
                    target=target.path.encode(),
                ),
                headers=_sent_headers(request, target),
                content=request.body,
            ) as answer,
        ):
            headers = tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers
            )
            return HttpResponse(
                status=answer.status,
                reason=bytes(answer.extensions.get("reason_phrase", b"")).decode("latin-1"),
                body=_read(answer.iter_stream(), header(headers, "content-encoding")),
                headers=headers,
                url=request.url,
                seconds=deadline.passed,
            )


@cache
def _trusted() -> ssl.SSLContext:
    import certifi  # noqa: PLC0415 - as above

    return ssl.create_default_context(cafile=certifi.where())


def _sent_headers(request: HttpRequest, target: Target) -> list[tuple[bytes, bytes]]:
    """Return the headers in bytes: the author's, and those that only we can know."""
    own: Headers = (
        ("Host", target.authority),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "close"),
        *((_AGENT,) if header(request.headers, "user-agent") is None else ()),
        *((("Accept", "*/*"),) if header(request.headers, "accept") is None else ()),
        *((("Content-Length", str(len(request.body))),) if request.body is not None else ()),
    )
    return [
        (name.encode("ascii"), value.encode("utf-8"))
        for name, value in (*own, *without(request.headers, OURS))
    ]


def _read(stream: Iterable[bytes], coding: str | None) -> bytes:
    """Read a body, unpacked, up to the largest size. Raises: HttpAnswerError"""
    body = bytearray()
    for piece in _unpacked(stream, coding):
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise errors.HttpAnswerError(f"the answer has more than the {MAX_BODY_BYTES} bytes allowed")
    return bytes(body)


def _unpacked(stream: Iterable[bytes], coding: str | None) -> Iterator[bytes]:
    """Unpack piece by piece, so that a small answer cannot become a large one in memory."""
    if coding is None or coding.strip().lower() in ("", "identity"):
        yield from stream
        return
    if coding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise errors.HttpAnswerError(
            f'the answer is packed as "{coding[:50]}"; only gzip and deflate are read'
        )
    packer = zlib.decompressobj(_WINDOW)
    begun = False
    try:
        for packed in stream:
            left, begun = packed, True
            while left and not packer.eof:
                yield packer.decompress(left, _PIECE)
                left = packer.unconsumed_tail
    except zlib.error as error:
        raise errors.HttpAnswerError(f"the answer's {coding} cannot be unpacked: {error}") from error
    if begun and not packer.eof:
        raise errors.HttpAnswerError(f"the answer's {coding} ends too early")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
