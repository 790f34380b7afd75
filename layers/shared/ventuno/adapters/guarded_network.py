"""The network for outgoing requests: a name is looked up once, and what was checked is connected to.

TLS and the Host header still go by the name. Every wait ends at one deadline for the whole exchange.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpcore

from ventuno import errors
from ventuno.adapters.names import open_addresses

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Sequence

    from ventuno.adapters.names import Resolve


class Deadline:
    """The end of one exchange."""

    def __init__(self, seconds: float) -> None:
        self._begun = time.monotonic()
        self._seconds = seconds

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    def left(self) -> float:
        """Seconds until the end. Raises: HttpTimeoutError when it has come"""
        left = self._seconds - self.passed
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> errors.HttpTimeoutError:
        """Return the error of an exchange that took too long."""
        return errors.HttpTimeoutError(f"no complete answer within {self._seconds:g} s")


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects for one exchange; `resolve` looks names up."""

    def __init__(self, deadline: Deadline, resolve: Resolve, *, loopback_allowed: bool) -> None:
        self._deadline = deadline
        self._resolve = resolve
        self._loopback_allowed = loopback_allowed
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the name's addresses that answers.

        Raises: StepInputError, HttpTimeoutError, httpcore.ConnectError
        """
        del timeout
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in self._checked(host, port):
            try:
                stream = self._network.connect_tcp(
                    address, port, self._deadline.left(), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            return open_addresses(
                host, port, self._resolve, self._deadline.left(), loopback_allowed=self._loopback_allowed
            )
        except TimeoutError:
            raise self._deadline.missed() from None
        except OSError as error:
            raise httpcore.ConnectError(f"{host} was not found") from error


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no single read or write outlasts the exchange's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        del timeout
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write in pieces, so that the deadline holds for a peer that takes a little at a time."""
        del timeout
        view = memoryview(buffer)
        for start in range(0, len(view), 65_536):
            self._stream.write(bytes(view[start : start + 65_536]), self._deadline.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Begin TLS for the name in the URL."""
        del timeout
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own
        """Return what httpcore asks of the connection."""
        return self._stream.get_extra_info(info)
