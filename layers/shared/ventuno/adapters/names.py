"""Names of servers: looked up once, within a time, and only to addresses that may be connected to."""

from __future__ import annotations

import queue
import socket
import threading
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.outgoing.addresses import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Resolve = Callable[[str, int], Sequence[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """Look a name up. Raises: OSError"""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def open_addresses(
    host: str, port: int, resolve: Resolve, seconds: float, *, loopback_allowed: bool
) -> Sequence[str]:
    """Return a name's addresses; one that is closed to us closes the name.

    Raises: StepInputError, TimeoutError, OSError when there is no such name
    """
    addresses = _looked_up(host, port, resolve, seconds)
    for address in addresses:
        refusal = refusal_of(address, loopback_allowed=loopback_allowed)
        if refusal:
            raise errors.StepInputError(f"{host} may not be called: its address {address} {refusal}")
    return addresses


def _looked_up(host: str, port: int, resolve: Resolve, seconds: float) -> Sequence[str]:
    """Look a name up in a thread, because the system's call knows no timeout."""
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolve(host, port))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer
