"""Facts of the reference about FIND_RECORDS and record writes, shown by the actions on stored records.

The facts about upserts have tests of their own in test_records_upsert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.registry import ACTIONS
from ventuno.actions.step_log import StepLog
from ventuno.records.context import Actor
from ventuno.records.standard.registry import standard_model

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.records.context import WriteContext
    from ventuno.records.service import RecordService

NAMES = ("Level 0", "false start", "two  spaces", "Acme")
MEMBER: dict[str, Any] = {"userEmail": "ada@example.com"}


def perform(world: World, records: RecordService, kind: str, given: dict[str, Any], **values: Any) -> Any:  # noqa: ANN401 - any JSON
    action = ACTIONS[kind]
    assert isinstance(action, TaskAction)
    call = StepCall(
        objects=standard_model(),
        records=records,
        actor=Actor("WORKFLOW", "Workflow"),
        key="run/step/",
        causation=("run",),
        values=values,
        now=world.clock.now(),
        outside=world.services.outside,
        log=StepLog(),
    )
    return action.run(action.settings_type.model_validate(given), call)


def finding(operand: str, value: str, field: str = "name", kind: str = "TEXT") -> dict[str, Any]:
    asked = {"fieldMetadataId": field, "type": kind, "operand": operand, "value": value}
    return {"objectName": "company", "filter": {"recordFilters": [asked]}}


@pytest.fixture
def companies(service: RecordService, by_api: WriteContext) -> RecordService:
    service.create_many("company", [{"name": name} for name in NAMES], by_api)
    return service


@pytest.mark.parametrize(
    ("field", "kind", "operand", "value"),
    [
        ("name", "TEXT", "CONTAINS", ""),
        ("name", "TEXT", "CONTAINS", "{{trigger.missing}}"),
        ("accountOwner", "RELATION", "IS", "[]"),
        ("accountOwner", "RELATION", "IS", "{{trigger.none}}"),
        ("id", "UUID", "IS", ""),
    ],
)
def test_a_find_by_no_value_is_refused_and_never_finds_everything(
    world: World, companies: RecordService, field: str, kind: str, operand: str, value: str
) -> None:
    given = finding(operand, value, field, kind)

    with pytest.raises(errors.StepInputError, match=field):
        perform(world, companies, "FIND_RECORDS", given, trigger={"none": []})


@pytest.mark.parametrize(
    ("value", "name"), [("0", "Level 0"), ("false", "false start"), ("  ", "two  spaces")]
)
def test_a_find_by_zero_false_or_spaces_finds_what_has_them(
    world: World, companies: RecordService, value: str, name: str
) -> None:
    result = perform(world, companies, "FIND_RECORDS", finding("CONTAINS", value))

    assert [record["name"] for record in result["all"]] == [name]
    assert (result["first"]["name"], result["totalCount"]) == (name, 1)


def test_a_total_counts_all_matches_whatever_the_limit(world: World, companies: RecordService) -> None:
    result = perform(world, companies, "FIND_RECORDS", {**finding("CONTAINS", "e"), "limit": 1})

    assert (len(result["all"]), result["totalCount"]) == (1, 4)


def test_a_find_of_nothing_has_no_first_record(world: World, companies: RecordService) -> None:
    result = perform(world, companies, "FIND_RECORDS", finding("CONTAINS", "nobody"))

    assert (result.get("first"), result["all"], result["totalCount"]) == (None, [], 0)


@pytest.mark.parametrize("kind", ["company", "noteTarget", "taskTarget", "attachment", "timelineActivity"])
def test_workflows_write_what_the_reference_lets_them(
    world: World, service: RecordService, kind: str
) -> None:
    made = perform(world, service, "CREATE_RECORD", {"objectName": kind, "objectRecord": {}})

    stored: Any = service.get(kind, made["id"])
    assert stored["createdBy"]["source"] == "WORKFLOW"


@pytest.mark.parametrize("kind", ["workspaceMember", "message", "messageParticipant", "calendarEvent"])
def test_workflows_only_read_what_the_reference_keeps_from_them(
    world: World, service: RecordService, by_api: WriteContext, kind: str
) -> None:
    given = {"objectName": kind, "objectRecord": MEMBER if kind == "workspaceMember" else {}}
    with pytest.raises(errors.StepInputError, match="automation"):
        perform(world, service, "CREATE_RECORD", given)
    service.create(kind, {}, by_api)

    assert perform(world, service, "FIND_RECORDS", {"objectName": kind})["totalCount"] == 1
