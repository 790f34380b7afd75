"""The emulator's life, with small scripts in its place."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from ventuno_dev.stack import pidfile, process
from ventuno_dev.stack.errors import DataFolderError, PortBusyError, StartError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.unit.stack.conftest import Recorded

# Answers every request as a healthy emulator does; argv: --port PORT --data DIR.
HEALTHY = """
import http.server, signal, sys
{before}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{{"services": {{}}}}')
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
"""
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def data(tmp_path: Path, progress: Recorded) -> Iterator[Path]:
    yield tmp_path
    process.stop(tmp_path, progress, patience_seconds=0.1)


def script(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def test_a_started_emulator_answers_and_is_recorded(data: Path, port: int, progress: Recorded) -> None:
    record = process.start(data, port, progress, command=script(HEALTHY.format(before="")))

    assert pidfile.running(data) == record
    assert record.port == port
    assert progress.steps == [f"starting the emulator on port {port}"]


def test_it_leaves_the_group_of_the_command_that_started_it(
    data: Path, port: int, progress: Recorded
) -> None:
    record = process.start(data, port, progress, command=script(HEALTHY.format(before="")))

    assert psutil.Process(record.pid).terminal() is None


def test_stopping_ends_it_and_forgets_it(data: Path, port: int, progress: Recorded) -> None:
    record = process.start(data, port, progress, command=script(HEALTHY.format(before="")))

    assert process.stop(data, progress) is True
    assert not psutil.pid_exists(record.pid)
    assert process.stop(data, progress) is False


def test_one_that_ignores_the_request_is_killed(data: Path, port: int, progress: Recorded) -> None:
    record = process.start(data, port, progress, command=script(HEALTHY.format(before=DEAF)))

    assert process.stop(data, progress, patience_seconds=0.2) is True
    assert not psutil.pid_exists(record.pid)
    assert any("killing" in step for step in progress.steps)


def test_one_that_ends_at_once_is_an_error_with_its_last_words(
    data: Path, port: int, progress: Recorded
) -> None:
    with pytest.raises(StartError, match=r"code 7 \(no luck\)"):
        process.start(data, port, progress, command=script("print('hm\\nno luck'); raise SystemExit(7)"))
    assert pidfile.read(data) is None


def test_its_complaint_about_the_data_folder_is_passed_on(data: Path, port: int, progress: Recorded) -> None:
    complaint = (
        "import sys; sys.exit(f'emulator: {sys.argv[4]} was written by version 1: run `ventuno reset`')"
    )

    with pytest.raises(DataFolderError, match=r"^/.*was written by version 1: run `ventuno reset`$"):
        process.start(data, port, progress, command=script(complaint))


def test_a_busy_port_is_an_error_that_names_who_has_it(data: Path, port: int, progress: Recorded) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        with pytest.raises(PortBusyError, match=rf"port {port} is used by .+--port"):
            process.start(data, port, progress, command=script("raise SystemExit(1)"))
