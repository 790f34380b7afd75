"""One emulator with every fix for all tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.emulator import emulator_process
from tests.integration.emulator.aws import Clients
from tests.integration.emulator.emulator_process import Emulator, running


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def clients(emulator: Emulator) -> Clients:
    return Clients(emulator.endpoint)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Emulator]]:
    """Give a way to start emulators of a test's own, which end with the test; they share one data folder."""
    started: list[Emulator] = []

    def start_one(*arguments: str, data: str = "data") -> Emulator:
        started.append(emulator_process.start(tmp_path / data, *arguments))
        return started[-1]

    yield start_one
    for emulator in started:
        emulator.kill()
