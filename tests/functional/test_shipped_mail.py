"""Shipped workflows that send e-mail or take turns, on records as their triggers give them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.fakes.mail import SALES
from ventuno.engine.statuses import StepStatus
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.runs.model import Run

WORKFLOWS = Path(__file__).parents[2] / "workflows"
WRITE = WriteContext(Actor("API", "test"))


def begun(world: World, slug: str, after: dict[str, Any], record_id: str = "") -> Run:
    """Start a shipped workflow as the event of a record does."""
    if world.workflows.find(slug) is None:
        world.publish(yaml.safe_load((WORKFLOWS / f"{slug}.yaml").read_text()), slug)
    return world.start({"recordId": record_id, "properties": {"after": after}}, slug=slug).run


@pytest.mark.parametrize(
    ("first_name", "greeting"), [("Ada", "Dear Ada,"), (None, "Dear friend,"), ("<b>A", "Dear <b>A,")]
)
def test_a_new_person_is_welcomed(world: World, first_name: str | None, greeting: str) -> None:
    world.mailbox.add_account(SALES)
    after = {"name": {"firstName": first_name}, "emails": {"primaryEmail": "ada@example.com"}}
    world.call(begun(world, "welcome-mail", after), "send")
    (message,) = world.mail.messages
    text: Any = message.get_body(("plain",))

    assert (message["To"], message["Subject"]) == ("ada@example.com", "Welcome!")
    assert text.get_content().startswith(greeting)


def test_a_person_without_an_address_is_not(world: World) -> None:
    run = begun(world, "welcome-mail", {"emails": {"primaryEmail": ""}})

    assert {one.step_id: one.status for one in run.start_riders} == {"has_address": StepStatus.STOPPED}


def test_new_companies_go_to_the_members_in_turn(world: World) -> None:
    records = world.services.records
    for number in range(2):
        records.create("workspaceMember", {"userEmail": f"m{number}@example.com"}, WRITE)
    made = [records.create("company", {"name": f"c{number}"}, WRITE) for number in range(4)]
    for company in made:
        run = begun(world, "assign-owner", {}, str(company["id"]))
        for step_id in ("find_members", "pick", "assign"):
            world.call(run, step_id)
    owners = [records.get("company", str(one["id"]))["accountOwnerId"] for one in made]

    assert owners[:2] == owners[2:] == sorted(owners[:2], key=str)
    assert len(set(owners)) == 2
