"""Plans: compared with what runs, judged like an activation, and nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import WEBHOOK, create, step, written
from tests.fakes.fuse import Fuse
from ventuno.actions.registry import ACTIONS
from ventuno.definition.loading import definition_from
from ventuno.runtime.activate import deactivate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.plan import permissions_of, plan_of, plan_of_draft

if TYPE_CHECKING:
    from tests.builders import Json
    from tests.fakes.world import World

ONE = written(create(), name="One")
FIND: Json = {"objectName": "person", "filter": {"recordFilters": []}}
CALL: Json = {
    "url": "https://api.example.com:8443/v1?x=1",
    "method": "POST",
    "headers": {"Authorization": "Bearer {{secrets.KEY}}"},
}


def planned(world: World, authored: Json) -> Any:  # noqa: ANN401 - JSON
    return plan_of(world.workflows.find("flow"), definition_from(authored), world.services).to_dict()


def test_a_workflow_that_is_new_is_compared_with_nothing(world: World) -> None:
    told = planned(world, ONE)

    assert (told["action"], told["against"]) == ("create", None)
    assert told["permissions"] == {
        "gained": ["be started by anybody with the address", "write company"],
        "lost": [],
    }
    assert told["costPer1000Runs"]["before"] is None
    assert told["costPer1000Runs"]["after"]["total"] > 0
    assert [quota["quota"] for quota in told["quotas"]] == ["historyEvents", "definitionBytes"]
    assert all(0 < quota["percent"] < 1 for quota in told["quotas"])


def test_what_would_change_is_told_against_the_active_version(world: World) -> None:
    world.publish(ONE)
    world.publish(written(create(), name="Two"))
    told = planned(
        world,
        written(
            create(then="b"), step("b", "FIND_RECORDS", "c", FIND), step("c", "HTTP_REQUEST", given=CALL)
        ),
    )

    assert (told["action"], told["against"]) == ("change", 2)
    assert [one["id"] for one in told["changes"]["steps"]] == ["b", "c"]
    assert told["permissions"]["gained"] == ["read person", "call api.example.com:8443", "send secret KEY"]
    cost = told["costPer1000Runs"]
    assert cost["after"]["total"] > cost["before"]["total"]


def test_permissions_that_are_lost_are_told(world: World) -> None:
    world.publish(ONE)
    told = planned(world, written(step("a"), trigger={**WEBHOOK, "settings": {"authentication": "API_KEY"}}))

    assert told["permissions"] == {
        "gained": ["be started by holders of an API key"],
        "lost": ["be started by anybody with the address", "write company"],
    }


def test_nothing_is_told_where_nothing_would_change(world: World) -> None:
    world.publish(ONE)

    assert planned(world, ONE)["action"] == "nothing"
    deactivate(world.workflow(), world.services)
    assert planned(world, ONE)["action"] == "activate"


def test_a_definition_with_errors_has_no_cost_and_says_why(world: World) -> None:
    told = planned(world, written(create(then="nowhere")))

    assert [finding["code"] for finding in told["findings"]] == ["DANGLING_REFERENCE"]
    assert (told["costPer1000Runs"]["after"], told["quotas"]) == (None, [])


LOOP: Json = {"items": "{{trigger.all}}", "initialLoopStepIds": ["x"]}


def test_a_cost_tells_how_many_items_it_takes_loops_to_have(world: World) -> None:
    authored = written(create("a", "loop"), step("loop", "ITERATOR", given=LOOP), create("x", "loop"))
    world.publish(authored)
    costs = []
    for items in (0, 1, 2, 12):
        told: Any = plan_of(world.workflow(), definition_from(authored), world.services, items).to_dict()
        cost = told["costPer1000Runs"]
        assert cost["assumes"] == {"path": "LONGEST", "items": items}
        assert cost["before"] == cost["after"]
        costs.append(cost["after"]["total"])
    none, one, two, twelve = costs

    assert planned(world, authored)["costPer1000Runs"]["assumes"]["items"] == 1
    assert two - one == pytest.approx(one - none, abs=2e-4)  # hundredths of a cent are rounded
    assert twelve - two == pytest.approx(10 * (one - none), abs=2e-3)


def test_a_draft_is_compared_with_what_runs(world: World) -> None:
    world.publish(ONE)
    apply_definition("flow", definition_from(written(create(), name="Two")), world.services)
    told: Any = plan_of_draft(world.workflow(), world.services).to_dict()

    assert told["changes"]["settings"] == [{"path": "$.name", "before": "One", "after": "Two"}]


def test_planning_only_reads(world: World) -> None:
    world.publish(ONE)
    fuse = Fuse()
    plan_of(world.workflow(), definition_from(written(create("b"))), fuse.protecting(world.services))

    assert {call.rpartition(".")[2] for call in fuse.calls} <= {"get", "version", "find", "prepare", "load"}


@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_settings_with_errors_name_no_permission_and_break_nothing(kind: str) -> None:
    authored = written(step("a", kind, given={"nothing": "of this"}), trigger={"type": "NO_SUCH"})

    assert permissions_of(definition_from(authored)) in ((), ("CODE",))
