"""The process: one listener on loopback, quiet, small when idle."""

import psutil
import pytest

from tests.integration.emulator.emulator_process import running

pytestmark = pytest.mark.emulator

IDLE_BYTES = 120 * 1024 * 1024


def test_there_is_exactly_one_listener_and_it_is_on_loopback() -> None:
    with running() as emulator:
        process = psutil.Process(emulator.process.pid)
        listening = [found.laddr for found in process.net_connections() if found.status == psutil.CONN_LISTEN]

        assert listening == [("127.0.0.1", emulator.port)]
        assert process.memory_info().rss < IDLE_BYTES
