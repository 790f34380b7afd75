from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.fakes.world import World
from ventuno import errors
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent
from ventuno_dev.cli import main
from ventuno_dev.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ventuno_dev.stack.target import Target

API_URL = "http://127.0.0.1:4566/_aws/execute-api/a1"
CREATE_PERSON = {
    "name": "Web form",
    "trigger": {"type": "WEBHOOK", "nextStepIds": ["person"], "settings": {"expectedBody": {"name": "Ada"}}},
    "steps": [
        {
            "id": "person",
            "name": "Create the person",
            "type": "CREATE_RECORD",
            "nextStepIds": ["task"],
            "settings": {
                "input": {"objectName": "person", "objectRecord": {"name": {"firstName": "{{trigger.name}}"}}}
            },
        },
        {
            "id": "task",
            "name": "Ask for a call",
            "type": "CREATE_RECORD",
            "settings": {"input": {"objectName": "task", "objectRecord": {"title": "Call {{trigger.name}}"}}},
        },
    ],
}
FAILING = {
    "name": "Never works",
    "trigger": {"type": "MANUAL", "nextStepIds": ["person"]},
    "steps": [
        {
            "id": "person",
            "name": "Update nobody",
            "type": "UPDATE_RECORD",
            "settings": {
                "input": {
                    "objectName": "person",
                    "objectRecordId": "00000000-0000-4000-8000-000000000000",
                    "objectRecord": {"jobTitle": "x"},
                    "fieldsToUpdate": ["jobTitle"],
                }
            },
        }
    ],
}


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """The one JSON object on stdout."""
        return json.loads(self.out)


class CommandLine:
    """`ventuno`, connected to a stack in memory."""

    def __init__(self, world: World, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.world = world
        self.folder = folder
        self._captured = captured

    def __call__(self, *words: str) -> Ended:
        """Run one command line."""
        code = main.run(words, self.connect)
        out, err = self._captured.readouterr()
        return Ended(code, out, err)

    def connect(self, target: Target, stage: str) -> Connection:
        """Connect to the world."""
        del target, stage
        return Connection(self.world.services, API_URL)

    def file(self, name: str, definition: dict[str, Any]) -> str:
        """Write a definition file."""
        path = self.folder / name
        path.write_text(json.dumps(definition))
        return str(path)

    def publish(self, slug: str, definition: dict[str, Any]) -> None:
        """Apply and activate a definition by commands."""
        assert self("apply", self.file(f"{slug}.json", definition), "--activate").code == 0


def work(world: World) -> Iterator[str]:
    """Do the work of the executions started last, a step at a time, as Step Functions would."""
    started = world.machines.started[-1]
    machine = json.loads(world.machines.created[started.machine_arn].definition)
    given, ended = json.loads(started.payload), {"status": "SUCCEEDED"}
    name = machine["StartAt"]
    entered = world.machines.entered.setdefault((started.machine_arn, started.name), [])
    while name is not None:
        state = machine["States"][name]
        entered.append(name)
        if state["Type"] == "Task":
            step = state["Arguments"]["Payload"] | {"run": given["run"], "version": given["version"]}
            world.clock.advance(0.25)
            try:
                run_step(StepEvent.model_validate(step), world.services)
            except errors.StepFailedError as exc:
                ended = {"status": "FAILED", "error": "StepFailedError", "cause": str(exc)}
                break
            yield step["step"]
        name = state.get("Next")
    event = {
        "executionArn": "arn",
        "stateMachineArn": started.machine_arn,
        "name": started.name,
        "input": started.payload,
    }
    close_run(ExecutionEnded.model_validate({**event, **ended}), world.services)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ventuno(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(world, tmp_path, capsys)
