"""An answer leaves in one piece, whatever pieces it is written in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ventuno_dev.emulator.protocol import Gathering

if TYPE_CHECKING:
    from collections.abc import Callable


class Transport:
    """Notes what reaches the socket, and when it is closed."""

    def __init__(self) -> None:
        self.done: list[bytes | str] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.done

    def get_extra_info(self, name: str) -> str:
        return f"its {name}"


def after_turns(*turns: Callable[[Gathering, Transport], None]) -> list[bytes | str]:
    """Do something in each turn of a loop, and tell what came of it."""
    transport = Transport()

    async def take() -> None:
        gathering = Gathering(transport, asyncio.get_running_loop())
        for turn in turns:
            turn(gathering, transport)
            await asyncio.sleep(0)

    asyncio.run(take())
    return transport.done


def write(*pieces: bytes) -> Callable[[Gathering, Transport], None]:
    def turn(gathering: Gathering, _: Transport) -> None:
        for piece in pieces:
            gathering.write(piece)

    return turn


def test_what_one_turn_of_the_loop_writes_leaves_together() -> None:
    assert after_turns(write(b"head", b"body"), write(b"next")) == [b"headbody", b"next"]


def test_what_was_written_leaves_before_the_end() -> None:
    def turn(gathering: Gathering, _: Transport) -> None:
        gathering.write(b"last")
        gathering.close()

    assert after_turns(turn) == [b"last", "closed"]


def test_nothing_is_written_to_what_the_other_side_has_closed() -> None:
    def turn(gathering: Gathering, transport: Transport) -> None:
        gathering.write(b"late")
        transport.close()

    assert after_turns(turn) == ["closed"]


def test_everything_else_is_the_transport_s() -> None:
    def turn(gathering: Gathering, transport: Transport) -> None:
        transport.write(str(gathering.get_extra_info("peername")).encode())

    assert after_turns(turn) == [b"its peername"]
