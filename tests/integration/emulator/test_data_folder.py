"""The data folder belongs to one process, and damage is told instead of guessed around."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.emulator import emulator_process
from tests.integration.emulator.aws import Clients
from tests.integration.emulator.emulator_process import Emulator
from ventuno_dev.emulator.storage.frames import encode

pytestmark = pytest.mark.emulator

Start = Callable[..., Emulator]


def _refused(data: Path) -> str:
    """Start where a start must fail; gives what was said."""
    port = emulator_process.free_port()
    log = data.parent / "refused.log"
    with log.open("wb") as sink:
        process = emulator_process.launch(data, port, sink)
    assert process.wait(20) == 2
    return log.read_text()


@pytest.fixture
def used(start: Start) -> Path:
    """Give a folder in which an emulator has worked."""
    emulator = start()
    Clients(emulator.endpoint).table()
    assert emulator.stop() == 0
    return emulator.data


def _log(data: Path) -> Path:
    return next(data.glob("state/state-*.log"))


@pytest.mark.usefixtures("used")
def test_a_clean_stop_saves_everything(start: Start) -> None:
    emulator = start()

    assert len(Clients(emulator.endpoint).client("dynamodb").list_tables()["TableNames"]) == 1


def test_a_second_process_on_the_folder_is_refused(start: Start) -> None:
    emulator = start()

    assert f"in use by process {emulator.process.pid}" in _refused(emulator.data)


def test_a_torn_last_line_is_dropped(used: Path, start: Start) -> None:
    with _log(used).open("ab") as log:
        log.write(b'0badc0de 00001000 [["put",["dynamodb"]')
    emulator = start()

    assert len(Clients(emulator.endpoint).client("dynamodb").list_tables()["TableNames"]) == 1


def test_damage_inside_the_log_is_told(used: Path) -> None:
    path = _log(used)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)

    said = _refused(used)
    assert "is damaged at byte" in said
    assert "move" in said


def test_a_folder_of_another_version_is_told(used: Path) -> None:
    path = _log(used)
    lines = path.read_bytes().split(b"\n", 1)
    path.write_bytes(encode({"format": 1, "ministack": "1.0.0"}) + lines[1])

    assert "was written with ministack 1.0.0" in _refused(used)


def test_a_port_in_use_is_told(tmp_path: Path, start: Start) -> None:
    emulator = start()
    log = tmp_path / "second.log"
    with log.open("wb") as sink:
        process = emulator_process.launch(tmp_path / "other", emulator.port, sink)

    assert process.wait(20) == 2
    assert f"127.0.0.1:{emulator.port} cannot be used" in log.read_text()


def test_an_unknown_fix_is_told(tmp_path: Path) -> None:
    log = tmp_path / "refused.log"
    with log.open("wb") as sink:
        process = emulator_process.launch(
            tmp_path / "data", emulator_process.free_port(), sink, "--without", "nothing"
        )

    assert process.wait(20) == 2
    assert "no fix is named nothing" in log.read_text()


def test_nothing_but_the_ready_line_is_logged(start: Start) -> None:
    emulator = start()
    assert emulator.stop() == 0

    assert emulator.log.read_text() == f"ready on {emulator.endpoint}\n"


def test_the_fixes_can_be_listed() -> None:
    listed = subprocess.run(  # noqa: S603 - our interpreter, our program
        [*emulator_process.PYTHON, "-m", "ventuno_dev.emulator", "--list-fixes"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert "sfn-parallel" in listed.stdout
