"""End a local stack as a power cut does."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import psutil

from ventuno.records.context import Actor, WriteContext
from ventuno_dev.stack import pidfile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.runs import Product


def cut_power(data: Path, product: Product) -> None:
    """Kill a stack once what has happened is saved: all of it, up to one moment."""
    last = product.services.records.create("note", {"title": "last"}, WriteContext(Actor("API", "test")))
    give_up = time.monotonic() + 30
    while not any(str(last["id"]).encode() in each.read_bytes() for each in data.glob("aws/state/*.log")):
        assert time.monotonic() < give_up, "nothing is saved"
        time.sleep(0.1)
    record = pidfile.running(data)
    assert record is not None
    emulator = psutil.Process(record.pid)
    os.kill(record.pid, signal.SIGKILL)
    emulator.wait(10)
