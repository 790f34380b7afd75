"""The process in which scripts run: one call after another, each in a context of its own, until it is ended.

It has no credentials in its environment, and is killed when a script does not let go.
Frames are JSON: in {"run": call} | {"prepare": code} | {"answer": [call number, id, text]};
out {"done": …} | {"fetch": …}.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any, Final

from ventuno.sandbox.call import CodeCall
from ventuno.sandbox.preparing import prepare
from ventuno.sandbox.script import Script

_WATCHED_SECONDS: Final = 1.0
_DATA_BYTES: Final = 768 * 1024 * 1024


class _Channel:
    """The requests of one call, made by the process above this one."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number

    def ask(self, request: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps({"fetch": request}).encode())

    def answer(self, seconds: float) -> tuple[int, str] | None:
        if not self._connection.poll(seconds):
            return None
        number, request_id, text = json.loads(self._connection.recv_bytes())["answer"]
        return (request_id, text) if number == self._number else None


def main() -> None:
    """Serve calls until the other side closes."""
    for limit, size in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, _DATA_BYTES)):
        resource.setrlimit(limit, (size, size))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    connection = Connection(int(sys.argv[1]))
    number = 0
    while True:
        try:
            frame = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        if "answer" in frame:
            continue  # of a call that has ended without it
        number += 1
        done = _done(frame, _Channel(connection, number))
        connection.send_bytes(json.dumps({"done": done}).encode())


def _end_with(parent: int) -> None:
    """End when the process above is gone; a script in a loop would not see that its channel has closed."""
    while os.getppid() == parent:
        time.sleep(_WATCHED_SECONDS)
    os._exit(1)


def _done(frame: dict[str, Any], channel: _Channel) -> Any:  # noqa: ANN401 - JSON
    if "prepare" in frame:
        return asdict(prepare(frame["prepare"]))
    return Script(CodeCall.from_value(frame["run"]), channel).run().to_value()


if __name__ == "__main__":
    main()
