"""The commands as a user runs them, each in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ventuno_dev.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tests.integration.stack.conftest import Local

pytestmark = pytest.mark.emulator


def ventuno(local: Local, *words: str) -> subprocess.CompletedProcess[str]:
    code = "from ventuno_dev.cli.main import main; main()"
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code, *words],
        env={"VENTUNO_PROJECT": str(local.project), "VENTUNO_DATA": str(local.data), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_life_of_a_stack_from_up_to_reset(local: Local) -> None:
    up = ventuno(local, "up", "--port", str(local.port), "--json")
    status = ventuno(local, "status", "--json")
    again = ventuno(local, "up")
    logs = ventuno(local, "logs", "--emulator")
    down = ventuno(local, "down", "--json")
    warm = ventuno(local, "up", "--port", str(local.port), "--json")
    swept = ventuno(local, "logs", "run-events", "--json")
    reset = ventuno(local, "reset", "--yes", "--json")
    gone = ventuno(local, "status")

    done = (up, status, again, logs, down, warm, swept, reset)
    assert [one.stderr for one in done if one.returncode] == []
    assert json.loads(up.stdout)["deployment"] == "created"
    assert json.loads(status.stdout)["apiUrl"] == json.loads(up.stdout)["apiUrl"]
    assert again.stdout.startswith("already up, nothing changed\n")
    assert f"http://127.0.0.1:{local.port}" in logs.stdout
    assert json.loads(down.stdout)["stopped"] is True
    assert json.loads(warm.stdout)["deployment"] == "unchanged"
    messages = [event["message"] for event in json.loads(swept.stdout)["events"]]
    assert 'called with {"sweep": true, "graceSeconds": 0}' in messages
    assert json.loads(reset.stdout)["reset"] is True
    assert gone.returncode == ExitCode.NOT_RUNNING
    assert not local.data.exists()


def test_up_on_a_busy_port_says_who_has_it_and_leaves_no_process(local: Local) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", local.port))
        taken.listen()
        up = ventuno(local, "up", "--port", str(local.port))

    assert up.returncode == ExitCode.PORT_BUSY
    assert up.stderr.startswith(f"error: port {local.port} is used by ")
    assert "--port" in up.stderr
    assert ventuno(local, "status").returncode == ExitCode.NOT_RUNNING


def test_two_ups_at_once_make_one_stack(local: Local) -> None:
    words = [sys.executable, "-c", "from ventuno_dev.cli.main import main; main()", "up", "--json"]
    words += ["--port", str(local.port)]
    env = {"VENTUNO_PROJECT": str(local.project), "VENTUNO_DATA": str(local.data), "PATH": "/usr/bin:/bin"}
    both = [
        subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
        for _ in range(2)
    ]
    answers = [json.loads(one.communicate(timeout=120)[0]) for one in both]

    assert sorted(answer["deployment"] for answer in answers) == ["created", "unchanged"]
    assert sorted(answer["started"] for answer in answers) == [False, True]
    assert len({answer["apiUrl"] for answer in answers}) == 1
