from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ventuno_dev.stack import pidfile, process

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.stack.conftest import Recorded


def test_a_live_process_is_found_with_its_port(tmp_path: Path) -> None:
    written = pidfile.write(tmp_path, os.getpid(), 4600)

    assert pidfile.running(tmp_path) == written
    assert written.port == 4600


def test_an_ended_process_is_not_running(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    pidfile.write(tmp_path, child.pid, 4600)
    child.communicate(b"\n")

    assert pidfile.running(tmp_path) is None


def test_a_stranger_with_the_recorded_pid_is_neither_running_nor_stopped(
    tmp_path: Path, progress: Recorded
) -> None:
    written = pidfile.write(tmp_path, os.getpid(), 4600)
    stale = {"pid": written.pid, "created": written.created - 3600, "port": 4600}
    (tmp_path / pidfile.FILE_NAME).write_text(json.dumps(stale))

    assert pidfile.running(tmp_path) is None
    assert process.stop(tmp_path, progress) is False  # had it been signalled, this process would have ended
    assert not (tmp_path / pidfile.FILE_NAME).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": "x", "created": 1, "port": 1}', "null"])
def test_an_unreadable_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / pidfile.FILE_NAME).write_text(text)

    assert pidfile.read(tmp_path) is None


def test_no_file_counts_as_none(tmp_path: Path) -> None:
    assert pidfile.running(tmp_path) is None
