"""A crash before or after any call of a command: at most one version fires, and repeating completes it.

On DynamoDB it is cut off after every write: after a read all is as the write before it left it.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from tests.builders import Json, create, step, written
from tests.contract.stores import table_properties
from tests.fakes.fuse import AFTER, BEFORE, Fuse, Killed
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.dynamodb.workflows import DynamoWorkflowStore
from ventuno.definition.loading import definition_from
from ventuno.execution_ports import SCHEDULED_TIME
from ventuno.runs.model import VersionRef
from ventuno.runtime.activate import activate, deactivate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.judging import take_back
from ventuno.runtime.lifecycle import archive, discard_draft, draft_from, restore
from ventuno.runtime.rollout import RolloutRules, finish_rollout, start_rollout
from ventuno.runtime.schedules import MomentCame, moment_came
from ventuno.workflow.model import VersionStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.runtime.services import Services

    Command = Callable[[Services], object]


def cron(pattern: str, name: str) -> Json:
    """Every definition has a name of its own, so that versions differ."""
    settings = {"type": "CUSTOM", "pattern": pattern}
    return written(step("a"), trigger={"type": "CRON", "settings": settings}, name=name)


def listening(event: str, name: str) -> Json:
    return written(step("a"), trigger={"type": "DATABASE_EVENT", "settings": {"eventName": event}}, name=name)


HOOK, NEW_HOOK = (written(create(), name=name) for name in ("Hook", "New hook"))
DAILY, LATER = cron("0 9 * * *", "Daily"), cron("0 10 1 * 1", "Later")
OTHER_DAILY = cron("0 9 * * *", "Other daily")
CREATED, UPDATED = listening("company.created", "Created"), listening("company.updated", "Updated")


def found(services: Services) -> Any:  # noqa: ANN401 - a workflow, which exists in these tests
    return services.workflows.find("flow")


def activating(services: Services) -> object:
    return activate(found(services), services)


def applying(authored: Json) -> Command:
    return lambda services: apply_definition("flow", definition_from(authored), services)


COMMANDS: dict[str, Command] = {
    "activate": activating,
    "deactivate": lambda services: deactivate(found(services), services),
    "discard": lambda services: discard_draft(found(services), services),
    "draft-from": lambda services: draft_from(found(services), 1, services),
    "roll out": lambda services: start_rollout(found(services), RolloutRules(50), services),
    "roll out more": lambda services: start_rollout(found(services), RolloutRules(90), services),
    "finish": lambda services: finish_rollout(found(services), services),
    "take back": lambda services: take_back(found(services), "slow", services),
    "archive": lambda services: archive(found(services), services),
    "restore": lambda services: restore(found(services), services),
}


@dataclass(frozen=True)
class Story:
    """What was done before, and the command that is cut off."""

    before: tuple[Command, ...]
    command: Command

    def begun(self, world: World) -> World:
        for each in self.before:
            each(world.services)
        return world

    @cached_property
    def whole(self) -> dict[str, Any]:
        """What users see where nothing was cut off."""
        world = self.begun(World())
        self.command(world.services)
        return seen(world)


def story(*before: Json | str, command: str = "activate") -> Story:
    """Definitions are applied, words are commands."""
    return Story(
        tuple(COMMANDS[each] if isinstance(each, str) else applying(each) for each in before),
        COMMANDS[command],
    )


STORIES = {
    "the first version": story(HOOK),
    "the first schedule": story(DAILY),
    "another webhook": story(HOOK, "activate", NEW_HOOK),
    "a schedule after a schedule": story(DAILY, "activate", LATER),
    "a webhook after a schedule": story(DAILY, "activate", HOOK),
    "a schedule after a record event": story(CREATED, "activate", LATER),
    "a record event after a record event": story(CREATED, "activate", UPDATED),
    "once more after a deactivation": story(DAILY, "activate", "deactivate"),
    "another after a deactivation": story(DAILY, "activate", "deactivate", HOOK),
    "deactivate a schedule": story(LATER, "activate", command="deactivate"),
    "deactivate beside a draft": story(CREATED, "activate", HOOK, command="deactivate"),
    "roll out": story(HOOK, "activate", NEW_HOOK, command="roll out"),
    "roll out beside a schedule": story(DAILY, "activate", OTHER_DAILY, command="roll out"),
    "roll out more": story(HOOK, "activate", NEW_HOOK, "roll out", command="roll out more"),
    "finish": story(DAILY, "activate", OTHER_DAILY, "roll out", command="finish"),
    "take back": story(HOOK, "activate", NEW_HOOK, "roll out", command="take back"),
    "activate beside a rollout": story(HOOK, "activate", NEW_HOOK, "roll out", DAILY),
    "deactivate a rollout": story(DAILY, "activate", OTHER_DAILY, "roll out", command="deactivate"),
    "archive a rollout": story(DAILY, "activate", OTHER_DAILY, "roll out", command="archive"),
    "archive": story(DAILY, "activate", LATER, command="archive"),
    "restore": story(DAILY, "activate", "archive", command="restore"),
    "discard": story(DAILY, "activate", LATER, command="discard"),
    "draft again": story(DAILY, "activate", LATER, command="draft-from"),
    "apply": Story((applying(DAILY), activating), applying(LATER)),
}


def points() -> Iterator[Any]:
    """Yield every story with every call its command makes."""
    for name, told in STORIES.items():
        fuse = Fuse()
        told.command(fuse.protecting(told.begun(World()).services))
        for index, call in enumerate(fuse.calls):
            for when in (BEFORE, AFTER):
                yield pytest.param("memory", told, index, when, id=f"{name}, {when} {index} {call}")
            if call.rpartition(".")[2] not in READS:
                yield pytest.param(
                    "dynamodb", told, index, AFTER, id=f"{name}, dynamodb, after {index} {call}"
                )


READS = frozenset({"all", "exists", "find", "get", "listeners", "version", "versions"})
POINTS = list(points())
EVENTS = {"memory": 40, "dynamodb": 4}


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[DynamoDBClient]:
    with mock_aws():
        yield boto3.client("dynamodb", region_name="eu-west-1")


@pytest.fixture
def begun(request: pytest.FixtureRequest) -> Callable[[str, Story], World]:
    """Begin a story in a world whose workflows lie in a store of some kind."""

    def begin(store: str, told: Story) -> World:
        return told.begun(
            World(workflows=stored_in(request.getfixturevalue("dynamodb")))
            if store == "dynamodb"
            else World()
        )

    return begin


def stored_in(dynamodb: DynamoDBClient) -> DynamoWorkflowStore:
    """Make a table and a store on it."""
    name = f"workflows-{uuid.uuid4()}"
    dynamodb.create_table(TableName=name, **table_properties("Workflows"))
    return DynamoWorkflowStore(dynamodb, name)


def seen(world: World) -> dict[str, Any]:
    """Tell all that users can see of the workflow."""
    workflow = world.workflow()
    versions = [(one.number, one.status, one.digest) for one in world.workflows.versions(workflow.id)]
    active = workflow.active
    return {
        "statuses": workflow.statuses,
        "versions": versions,
        "active": (active.number, active.machine_arn, active.topic, len(active.schedules))
        if active
        else None,
        "rollout": (workflow.rollout.candidate.number, workflow.rollout.percent)
        if workflow.rollout
        else None,
        "draft": workflow.draft_number,
        "latest": workflow.latest_number,
        "name": workflow.name,
        "timings": sorted(
            world.schedules.by_name[name].timing.expression for name in (active.schedules if active else ())
        ),
    }


def firing(world: World, events: int) -> set[int]:
    """Let everything happen that can start a run, and return the versions that did."""
    started: set[int] = set()
    rollout = world.workflow().rollout
    for schedule in list(world.schedules.by_name.values()):
        sent = json.loads(schedule.payload.replace(SCHEDULED_TIME, "2026-03-02T09:00:00Z"))
        moment_came(MomentCame.model_validate(sent), world.services)
    for event in ("created", "updated"):
        for workflow in world.workflows.listeners("company", [event]):
            assert workflow.active is not None
            started.add(workflow.active.number)
    with suppress(errors.WorkflowStatusError):
        for number in range(events):
            world.start({"name": "Acme"}, key=f"event {number}")
            world.start({"name": "Acme"}, key=f"event {number}")
    runs = world.runs.by_workflow(world.workflow().id, 200, None).runs
    assert len(runs) <= events + len(world.schedules.by_name)
    assert all(
        run.candidate == bool(rollout and run.version.number == rollout.candidate.number) for run in runs
    )
    return started | {run.version.number for run in runs}


def active_versions(world: World) -> list[int]:
    versions = world.workflows.versions(world.workflow().id)
    return [one.number for one in versions if one.status is VersionStatus.ACTIVE]


@pytest.mark.parametrize(("store", "told", "index", "when"), POINTS)
def test_a_crash_leaves_one_version_firing_and_the_same_command_completes_it(
    begun: Callable[[str, Story], World], store: str, told: Story, index: int, when: str
) -> None:
    crashed = begun(store, told)
    with pytest.raises(Killed):
        told.command(Fuse(index, when).protecting(crashed.services))

    assert len(active_versions(crashed)) <= 1
    told.command(crashed.services)
    assert seen(crashed) == told.whole
    workflow = crashed.workflow()
    counting = workflow.active.schedules if workflow.active else ()
    assert sorted(crashed.schedules.by_name) == sorted(counting)


@pytest.mark.parametrize(("store", "told", "index", "when"), POINTS)
def test_after_a_crash_and_no_repetition_at_most_one_version_fires(
    begun: Callable[[str, Story], World], store: str, told: Story, index: int, when: str
) -> None:
    crashed = begun(store, told)
    with pytest.raises(Killed):
        told.command(Fuse(index, when).protecting(crashed.services))
    workflow = crashed.workflow()

    candidates = {workflow.rollout.candidate.number} if workflow.rollout else set()
    allowed = {workflow.active.number} | candidates if workflow.active else set()
    fired = firing(crashed, EVENTS[store])
    assert fired <= allowed  # of a rollout one may have got none of the events
    assert bool(fired) == bool(allowed)
    assert active_versions(crashed) == ([workflow.active.number] if workflow.active else [])
    for number in range(1, workflow.latest_number + 1):
        assert crashed.workflows.version(VersionRef(workflow.id, number)) is not None


def test_the_stories_are_cut_off_at_many_calls_and_on_dynamodb_at_every_write() -> None:
    kinds = Counter(point.values[0] for point in POINTS)

    assert (kinds["memory"] > 100, kinds["dynamodb"] > 40) == (True, True)
