"""The process of scripts: nothing in it to find, and replaced when it is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.integration.code.scripts import failure, result, run
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner

if TYPE_CHECKING:
    import pytest


def test_the_process_of_scripts_holds_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "canary")
    runner = LocalCodeRunner(GuardedHttpClient())
    try:
        assert result(run(runner, "1")) == 1
        worker = runner._process._worker
        assert worker is not None
        assert b"canary" not in Path(f"/proc/{worker.pid}/environ").read_bytes()
    finally:
        runner.close()


def test_a_worker_that_was_killed_is_replaced(runner: LocalCodeRunner) -> None:
    assert result(run(runner, "1")) == 1
    worker = runner._process._worker
    assert worker is not None
    worker.kill()
    worker.wait()

    assert result(run(runner, "2")) == 2


def test_a_worker_that_does_not_answer_is_killed_when_the_time_is_over(runner: LocalCodeRunner) -> None:
    assert result(run(runner, "1")) == 1
    worker = runner._process._worker
    assert worker is not None
    os.kill(worker.pid, 19)  # SIGSTOP: the engine's own clock stands still
    outcome = run(runner, "1", seconds=1)

    assert failure(outcome) == "the script did not end within 1 s"
    assert "console is lost" in outcome.lines[0].text
    assert worker.poll() is not None
    assert result(run(runner, "2")) == 2


HOST = """
import sys, threading
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner
from ventuno.sandbox.call import CodeCall

runner = LocalCodeRunner(GuardedHttpClient())
runner.run(CodeCall("export const main = () => 1", {}, 5))
print(runner._process._worker.pid, flush=True)
runner.run(CodeCall("export const main = () => { while (true); }", {}, 300))
"""


def test_a_script_in_a_loop_ends_when_the_function_is_killed() -> None:
    host = subprocess.Popen(  # noqa: S603 - this interpreter and our own text
        [sys.executable, "-c", HOST], stdout=subprocess.PIPE, env={"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert host.stdout is not None
    worker = Path(f"/proc/{int(host.stdout.readline())}")
    assert worker.exists()
    host.kill()
    host.communicate()
    until = time.monotonic() + 10
    while worker.exists() and time.monotonic() < until:
        time.sleep(0.05)

    assert not worker.exists()


def test_the_worker_ends_with_the_process_that_started_it() -> None:
    runner = LocalCodeRunner(GuardedHttpClient())
    result(run(runner, "1"))
    worker, connection = runner._process._worker, runner._process._connection
    assert worker is not None
    assert connection is not None
    connection.close()  # as when the other side is gone

    assert worker.wait(timeout=10) == 0
    runner.close()
