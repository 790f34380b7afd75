from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ventuno_dev.cli import main
from ventuno_dev.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: dict[str, Callable[..., None]] = dict(main.COMMANDS) | {
    f"{group} {verb}": command for group, (_, verbs) in main.GROUPS.items() for verb, command in verbs.items()
}
SLOW = ("boto3", "botocore", "pydantic", "rich", "yaml", "httpx", "aws_lambda_powertools")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_one_example_of_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run([*name.split(), "--help"])
    shown = capsys.readouterr().out

    assert code == ExitCode.OK
    assert shown.count("Example: ") == 1
    assert f"Example: ventuno {name}" in shown
    assert "--json" in shown


def _modules_after(*words: str) -> set[str]:
    """Run a command line in a process of its own and list the modules it imported."""
    code = "import sys; from ventuno_dev.cli import main; main.run(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter on our own code
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].split())


def test_help_imports_nothing_slow() -> None:
    assert _modules_after("--help") & set(SLOW) == set()


def test_validating_imports_no_boto3() -> None:
    modules = _modules_after("validate", __file__)

    assert "ventuno_dev.definition_files" in modules
    assert "boto3" not in modules


def test_the_help_tells_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    main.run(["--help"])
    shown = " ".join(capsys.readouterr().out.split())

    assert [
        code for code in ExitCode if f"{code.value} {code.name.lower().replace('_', ' ')}" not in shown
    ] == []
