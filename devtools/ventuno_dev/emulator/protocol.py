"""HTTP: an answer leaves in one piece.

uvicorn writes the head and the body of an answer each for itself, which wakes its reader twice; almost all
answers are short, and half of the time that such a request takes goes into that.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ventuno_dev.emulator.values import Json


class WholeAnswers(HttpToolsProtocol):
    """uvicorn's protocol on a transport that writes once per turn of the loop."""

    def connection_made(self, transport: Json) -> None:
        """Begin a connection."""
        gathering: Json = Gathering(transport, self.loop)
        super().connection_made(gathering)


class Gathering:
    """A transport that gathers what is written in one turn of the loop."""

    def __init__(self, transport: Json, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write by the end of this turn."""
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered.append(data)

    def close(self) -> None:
        """Close after what was written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, []
        if gathered and not self._transport.is_closing():
            self._transport.write(b"".join(gathered))
