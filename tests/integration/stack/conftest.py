"""A throwaway project with the real template and tiny functions, and stacks made from it."""

from __future__ import annotations

import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.progress import Silent
from ventuno_dev.stack import endpoints, lifecycle, process
from ventuno_dev.stack.deploy import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[3]
HANDLER = """
import json, os
from ventuno import GREETING

def lambda_handler(event, context):
    print("called with", json.dumps(event))
    answer = [GREETING, "{name}", os.environ["STAGE"], event.get("rawPath")]
    return {{"statusCode": 200, "body": json.dumps(answer)}}
"""


@dataclass(slots=True)
class Recorded:
    """Progress that remembers what it was told."""

    steps: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        self.steps.append(text)

    def detail(self, text: str) -> None:
        self.details.append(text)


@dataclass(frozen=True, slots=True)
class Local:
    """One project with its own data folder and port."""

    project: Path
    data: Path
    port: int

    def up(self, progress: Recorded | None = None) -> lifecycle.Up:
        target = endpoints.embedded(self.project, self.data, self.port)
        return lifecycle.up(target, Deployment(), progress or Silent())

    def down(self) -> bool:
        return process.stop(self.data, Silent())

    def change(self, file: str, text: str) -> None:
        path = self.project / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


FUNCTIONS = (
    "trigger_webhook",
    "step_runner",
    "code_runner",
    "api",
    "run_events",
    "record_events",
    "scheduler",
)


def make_local(root: Path) -> Local:
    local = Local(root / "project", root / "data", free_port())
    for name in FUNCTIONS:
        local.change(f"functions/{name}/app.py", HANDLER.format(name=name))
    local.change("layers/shared/ventuno/__init__.py", 'GREETING = "hello"\n')
    shutil.copy(REPOSITORY / "template.yaml", local.project)
    return local


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    made = make_local(tmp_path)
    yield made
    made.down()
