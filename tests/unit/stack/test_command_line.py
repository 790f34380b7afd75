from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ventuno_dev.cli import main
from ventuno_dev.cli.exit_codes import HELP, ExitCode, exit_code_of
from ventuno_dev.stack import errors

if TYPE_CHECKING:
    from pathlib import Path

STACK_ERRORS = [
    (errors.StackError, ExitCode.FAILED),
    (errors.NotRunningError, ExitCode.NOT_RUNNING),
    (errors.PortBusyError, ExitCode.PORT_BUSY),
    (errors.DataFolderError, ExitCode.DATA_FOLDER),
    (errors.StartError, ExitCode.FAILED),
    (errors.BuildError, ExitCode.DEPLOY_FAILED),
    (errors.DeployError, ExitCode.DEPLOY_FAILED),
]


@pytest.fixture(autouse=True)
def no_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every command at an empty data folder."""
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "LOCALSTACK_HOSTNAME", "LOCALSTACK_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VENTUNO_DATA", str(tmp_path / "data"))


def test_help_is_quick_because_nothing_slow_is_imported() -> None:
    code = (
        "import sys; from ventuno_dev.cli import main; main.run(['--help'])\n"
        "slow = {'boto3', 'botocore', 'rich', 'samtranslator', 'ministack', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(f'imported {slow}' if slow else 0)"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [name for name, _ in main.COMMANDS])
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run([command, "--help"])

    assert code == ExitCode.OK
    assert f"Example: ventuno {command}" in capsys.readouterr().out.replace("\n  ", " ")


def test_the_help_documents_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    main.run(["--help"])
    shown = " ".join(capsys.readouterr().out.split())

    assert HELP in shown
    assert all(f"{code.value} " in HELP for code in ExitCode)


@pytest.mark.parametrize(
    "words",
    [
        ["up", "--no-such-option"],
        ["no-such-command"],
        ["up", "--port", "0"],
        ["up", "--stage", "Not-A-Stage"],
    ],
)
def test_a_wrong_command_line_is_a_sentence_and_exit_code_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main.run(words)
    shown = capsys.readouterr()

    assert code == ExitCode.USAGE
    assert shown.err.startswith("error: ")
    assert shown.out == ""


@pytest.mark.parametrize(("error", "code"), STACK_ERRORS)
def test_each_kind_of_error_has_its_exit_code(error: type[errors.StackError], code: ExitCode) -> None:
    assert exit_code_of(error("why")) == code


def test_status_of_a_stack_that_does_not_run_is_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run(["status", "--json"])
    answer = json.loads(capsys.readouterr().out)

    assert code == ExitCode.NOT_RUNNING
    assert answer["deployed"] is False
    assert "ventuno up" in answer["reason"]


def test_down_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run(["down", "--json"])

    assert code == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["stopped"] is False


def test_logs_without_a_stack_are_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [main.run(["logs"]), main.run(["logs", "--emulator"])]

    assert codes == [ExitCode.NOT_RUNNING, ExitCode.NOT_RUNNING]
    assert capsys.readouterr().err.count("ventuno up") == 2


@pytest.mark.parametrize("command", [["down"], ["reset", "--yes"]])
def test_a_stack_elsewhere_is_never_stopped_or_reset(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    code = main.run(command)

    assert code == ExitCode.FAILED
    assert "unset AWS_ENDPOINT_URL" in capsys.readouterr().err


def test_up_at_an_endpoint_that_does_not_answer_is_exit_code_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    code = main.run(["up"])

    assert code == ExitCode.NOT_RUNNING
    assert "nothing answers at http://127.0.0.1:9" in capsys.readouterr().err


def test_reset_without_yes_asks_and_takes_silence_for_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "data" / "aws" / "kept"
    kept.parent.mkdir(parents=True)
    kept.touch()
    with (tmp_path / "empty").open("w+") as silence:
        monkeypatch.setattr(sys, "stdin", silence)
        code = main.run(["reset"])

    assert code != ExitCode.OK
    assert kept.exists()


def broken() -> None:
    """Fail as a defect would.

    Example: ventuno broken
    """
    raise RuntimeError("a defect")


def test_a_defect_is_a_sentence_and_its_traceback_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "COMMANDS", (("broken", broken), *main.COMMANDS))
    plain_code, plain = main.run(["broken"]), capsys.readouterr().err
    debug_code, debug = main.run(["broken", "--debug"]), capsys.readouterr().err

    assert (plain_code, debug_code) == (ExitCode.FAILED, ExitCode.FAILED)
    assert plain == "error: unexpected RuntimeError: a defect (add --debug to see where)\n"
    assert "Traceback" in debug
    assert debug.endswith(plain)
