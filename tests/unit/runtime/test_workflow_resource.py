"""An exported template, and what CloudFormation makes of it through the product's own life cycle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint.api import lint_all

from tests.builders import Json, create, written
from tests.fakes.fuse import AFTER, BEFORE, Fuse, Killed
from tests.fakes.world import World
from ventuno.definition.loading import definition_from
from ventuno.runtime.export import export
from ventuno.runtime.workflow_resource import NOT_MADE, ResourceEvent, handle
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services

ONE, TWO = (written(create(), name=name) for name in ("One", "Two"))


class Stack:
    """A stack of one exported template, driven as CloudFormation drives it."""

    def __init__(self, world: World, slug: str = "flow") -> None:
        self.world, self.slug = world, slug
        self.physical_id: str | None = None
        self.answers: list[tuple[str, JsonObject]] = []

    def event(self, kind: str, authored: Json, **properties: str) -> ResourceEvent:
        limits = Limits(per_minute=5)
        template: Any = export(self.slug, definition_from(authored), limits, self.world.services)
        written_down = template["Resources"]["Workflow"]["Properties"]
        given = {**written_down, "Slug": self.slug, "Activate": "true", **properties}
        known = {} if self.physical_id is None else {"PhysicalResourceId": self.physical_id}
        sent = {
            "RequestType": kind,
            "ResponseURL": "https://example.com/answer",
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "Workflow",
            "ResourceProperties": given,
            **known,
        }
        return ResourceEvent.model_validate(sent)

    def ask(
        self,
        kind: str,
        authored: Json = ONE,
        services: Services | None = None,
        **properties: Any,  # noqa: ANN401 - text
    ) -> JsonObject:
        event = self.event(kind, authored, **properties)
        handle(event, services or self.world.services, lambda url, body: self.answers.append((url, body)))
        answer = self.answers[-1][1]
        self.physical_id = str(answer["PhysicalResourceId"])
        return answer


def statuses(world: World, slug: str = "flow") -> list[str]:
    return [status.value for status in world.workflow(slug).statuses]


def test_the_template_is_one_that_cloudformation_takes(world: World) -> None:
    template = export("flow", definition_from(ONE), Limits(), world.services)

    found = lint_all(json.dumps(template))
    assert [str(match) for match in found if match.rule.severity != "informational"] == []
    assert "${AWS::AccountId}:function:ventuno-${Stage}-api" in json.dumps(template)
    metadata: Any = template["Metadata"]
    assert metadata["Ventuno"]["Permissions"] == ["be started by anybody with the address", "write company"]
    assert metadata["Ventuno"]["StateMachine"]["QueryLanguage"] == "JSONata"


def test_a_stack_makes_changes_and_puts_away_a_workflow(world: World) -> None:
    stack = Stack(world)
    made = stack.ask("Create")
    workflow = world.workflow()

    assert (made["Status"], made["PhysicalResourceId"]) == ("SUCCESS", workflow.id)
    assert made["Data"] == {
        "Id": workflow.id,
        "Version": "1",
        "WebhookPath": f"/webhooks/workflows/default/{workflow.id}",
    }
    assert (statuses(world), workflow.limits) == (["ACTIVE"], Limits(per_minute=5))
    changed = stack.ask("Update", TWO)
    assert (changed["PhysicalResourceId"], world.workflow().name) == (workflow.id, "Two")
    assert stack.ask("Delete")["Status"] == "SUCCESS"
    assert statuses(world) == ["ARCHIVED"]
    assert stack.ask("Delete")["Status"] == "SUCCESS"


def test_a_workflow_need_not_be_active(world: World) -> None:
    stack = Stack(world)
    stack.ask("Create", Activate="false")
    assert statuses(world) == ["DRAFT"]
    stack.ask("Update", Activate="true")
    assert statuses(world) == ["ACTIVE"]
    stack.ask("Update", Activate="false")
    assert statuses(world) == ["DEACTIVATED"]


def test_a_stack_does_not_take_over_a_workflow_that_it_has_not_made(world: World) -> None:
    world.publish(TWO)
    before = world.workflow()
    stack = Stack(world)
    refused = stack.ask("Create")

    assert (refused["Status"], refused["PhysicalResourceId"]) == ("FAILED", NOT_MADE)
    assert "another slug" in str(refused["Reason"])
    assert stack.ask("Delete")["Status"] == "SUCCESS"
    assert world.workflow() == before


def test_a_stack_that_was_deleted_can_be_made_again(world: World) -> None:
    first = Stack(world)
    first.ask("Create")
    first.ask("Delete")
    again = Stack(world)
    again.ask("Create", TWO)

    assert again.physical_id == first.physical_id
    assert (statuses(world), world.workflow().name) == (["ACTIVE"], "Two")


def test_another_slug_is_another_workflow_and_the_first_is_put_away(world: World) -> None:
    stack = Stack(world)
    stack.ask("Create")
    before, stack.slug = stack.physical_id, "other"
    moved = stack.ask("Update")
    assert moved["PhysicalResourceId"] != before
    stack.physical_id = before
    stack.ask("Delete")

    assert (statuses(world), statuses(world, "other")) == (["ARCHIVED"], ["ACTIVE"])


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({"Definition": "{"}, "not JSON"),
        ({"Definition": json.dumps(written(create(then="nowhere")))}, "DANGLING_REFERENCE"),
        ({"Activate": "maybe"}, "Activate"),
        ({"Limits": "[]"}, "JSON object"),
        ({"Limits": "{"}, "not JSON"),
        ({"Limits": '{"perDay": 1}'}, "perDay"),
        ({"Slug": "No Slug"}, "slug"),
    ],
)
def test_what_cannot_be_made_is_answered_with_the_reason(
    world: World, properties: dict[str, Any], told: str
) -> None:
    answer = Stack(world).ask("Create", **properties)

    assert (answer["Status"], told in str(answer["Reason"])) == ("FAILED", True)


def _calls() -> list[tuple[int, str]]:
    fuse, world = Fuse(), World()
    Stack(world).ask("Create", services=fuse.protecting(world.services))
    return [(index, when) for index in range(len(fuse.calls)) for when in (BEFORE, AFTER)]


@pytest.mark.parametrize(("index", "when"), _calls())
def test_an_event_that_comes_again_after_a_crash_completes_it(index: int, when: str) -> None:
    world = World()
    stack = Stack(world)
    with pytest.raises(Killed):
        stack.ask("Create", services=Fuse(index, when).protecting(world.services))
    answer = stack.ask("Create")

    assert answer["Status"] == "SUCCESS"
    assert (statuses(world), world.workflow().latest_number) == (["ACTIVE"], 1)
    assert world.workflow().limits == Limits(per_minute=5)
