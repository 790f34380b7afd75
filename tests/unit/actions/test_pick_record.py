"""PICK_RECORD: at random, in turns, and by load; each step of a run picks once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step, written
from ventuno import errors
from ventuno.actions.base import StepCall
from ventuno.actions.pick_record import MOST_CANDIDATES, PickRecord, PickRecordSettings
from ventuno.actions.step_log import StepLog
from ventuno.definition.loading import definition_from
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from tests.fakes.world import World

WRITE = WriteContext(Actor("API", "test"))
MISSING = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def members(world: World, count: int) -> list[str]:
    """Make workspace members and return their ids in order."""
    made = [
        world.services.records.create("workspaceMember", {"userEmail": f"m{index}@example.com"}, WRITE)
        for index in range(count)
    ]
    return sorted(str(one["id"]) for one in made)


def pick(world: World, key: str = "run/a/", workflow: str = "w", **given: Any) -> str:  # noqa: ANN401 - settings
    services = world.services
    call = StepCall(
        objects=services.objects,
        records=services.records,
        actor=Actor("WORKFLOW", "Workflow"),
        key=key,
        causation=("run",),
        values={},
        now=world.clock.now(),
        outside=services.outside,
        log=StepLog(),
        workflow_id=workflow,
    )
    settings = PickRecordSettings.model_validate({"objectName": "workspaceMember", **given})
    record: Any = PickRecord().run(settings, call)
    return str(record["id"])


def turns(world: World, ids: list[Any], keys: list[str], **more: str) -> list[str]:
    return [pick(world, key, strategy="ROUND_ROBIN", recordIds=ids, **more) for key in keys]


def test_turns_go_by_id_whatever_the_order_of_the_list(world: World) -> None:
    ids = members(world, 3)
    keys = [f"r{number}/a/" for number in range(7)]

    assert turns(world, ids[::-1], keys) == [*ids, *ids, ids[0]]


def test_a_step_that_is_tried_again_keeps_its_turn(world: World) -> None:
    ids = members(world, 3)

    assert turns(world, ids, ["r1/a/", "r1/a/", "r2/a/", "r1/a/", "r3/a/"]) == [
        ids[0],
        ids[0],
        ids[1],
        ids[0],
        ids[2],
    ]


def test_each_step_of_each_workflow_counts_for_itself_and_iterations_together(world: World) -> None:
    ids = members(world, 3)

    assert turns(world, ids, ["r1/a/0", "r1/a/1", "r1/b/0"]) == [ids[0], ids[1], ids[0]]
    assert turns(world, ids, ["r1/a/0"], workflow="other") == [ids[0]]


def test_a_random_pick_is_spread_and_the_same_when_tried_again(world: World) -> None:
    ids = members(world, 3)
    picked = [pick(world, f"r{number}/a/", recordIds=ids) for number in range(60)]

    assert set(picked) == set(ids)
    assert min(picked.count(one) for one in ids) > 8
    assert [pick(world, f"r{number}/a/", recordIds=ids) for number in range(60)] == picked


def test_the_one_with_the_fewest_records_is_picked_and_ties_go_to_the_first(world: World) -> None:
    ids = members(world, 3)
    for owner in (ids[0], ids[0], ids[2]):
        world.services.records.create("company", {"name": "c", "accountOwnerId": owner}, WRITE)
    balance = {"objectNameSingular": "company", "fieldName": "accountOwner"}
    given: Any = {"strategy": "LOAD_BALANCED", "recordIds": ids, "loadBalance": balance}

    assert pick(world, **given) == ids[1]
    world.services.records.create("company", {"name": "c", "accountOwnerId": ids[1]}, WRITE)
    assert pick(world, **given) == ids[1]


def test_records_text_and_repeats_are_candidates_and_deleted_ones_are_not(world: World) -> None:
    ids = members(world, 3)
    world.services.records.delete("workspaceMember", ids[0], WRITE)
    mixed = [{"id": ids[1], "name": "x"}, ids[2].upper(), ids[1], MISSING, ids[0], None, ""]

    assert turns(world, mixed, [f"r{number}/a/" for number in range(3)]) == [ids[1], ids[2], ids[1]]
    assert pick(world, recordIds=f"{ids[1]}, {MISSING}") == ids[1]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"recordIds": []}, "Pick record action has no candidate records"),
        ({"recordIds": [None, ""]}, "Pick record action has no candidate records"),
        ({"recordIds": [MISSING]}, "could not find any of the candidate records"),
        ({"recordIds": ["ada"]}, "not 'ada'"),
        ({"recordIds": [{"name": "x"}]}, "not 'None'"),
        ({"recordIds": [MISSING[:-4] + f"{n:04}" for n in range(MOST_CANDIDATES + 1)]}, "candidates"),
    ],
)
def test_what_cannot_be_picked_from_is_an_error(world: World, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(errors.StepInputError, match=reason):
        pick(world, **given)


def test_load_cannot_be_balanced_by_what_is_no_relation(world: World) -> None:
    ids = members(world, 2)
    balance = {"objectNameSingular": "company", "fieldName": "name"}

    with pytest.raises(errors.StepInputError, match=r"company\.name is no relation"):
        pick(world, strategy="LOAD_BALANCED", recordIds=ids, loadBalance=balance)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"objectName": "member"}, 'no object "member"'),
        ({"recordIds": []}, "no candidate"),
        ({"strategy": "LOAD_BALANCED"}, "needs {objectNameSingular, fieldName}"),
        ({"loadBalance": {"objectNameSingular": "compani", "fieldName": "x"}}, 'no object "compani"'),
        ({"loadBalance": {"objectNameSingular": "company", "fieldName": "people"}}, "use accountOwner"),
    ],
)
def test_wrong_settings_are_findings(given: dict[str, Any], told: str) -> None:
    if "loadBalance" in given:
        given = {"strategy": "LOAD_BALANCED", **given}
    given = {"objectName": "workspaceMember", "recordIds": "{{trigger.ids}}", **given}
    found = findings_of(definition_from(written(step("a", "PICK_RECORD", given=given))))

    assert told in "\n".join(one.message for one in found)
