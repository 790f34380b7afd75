"""What each action does with settings that are resolved, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from tests.builders import branches, passes
from ventuno import errors
from ventuno.actions.base import Action, CallbackAction, PureAction, StepCall, TaskAction
from ventuno.actions.registry import ACTIONS, KINDS
from ventuno.actions.step_log import StepLog
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.records.context import Actor

if TYPE_CHECKING:
    from tests.fakes.world import World

MISSING = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def perform(world: World, kind: str, given: dict[str, Any], key: str = "run/a/", **values: Any) -> Any:  # noqa: ANN401 - any JSON
    """Run a task action on settings as they are once resolved, but for what it resolves itself."""
    action = ACTIONS[kind]
    assert isinstance(action, TaskAction)
    services = world.services
    call = StepCall(
        objects=services.objects,
        records=services.records,
        actor=Actor("WORKFLOW", "Workflow"),
        key=key,
        causation=("run",),
        values=values,
        now=world.clock.now(),
        outside=services.outside,
        log=StepLog(),
    )
    return action.run(action.settings_type.model_validate(given), call)


def evaluate(world: World, kind: str, given: dict[str, Any], **values: Any) -> Any:  # noqa: ANN401 - outcome
    action = ACTIONS[kind]
    assert isinstance(action, PureAction)
    return action.evaluate(action.settings_type.model_validate(given), values, world.clock.now())


def company(world: World, key: str = "made", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - field values
    made: dict[str, Any] = perform(
        world, "CREATE_RECORD", {"objectName": "company", "objectRecord": fields}, key
    )
    return made


def test_every_action_is_listed_under_its_own_type() -> None:
    assert {kind: action.wire_type for kind, action in ACTIONS.items()} == {kind: kind for kind in ACTIONS}
    assert KINDS["CREATE_RECORD"] is StepKind.TASK
    with_a_call = (TaskAction, CallbackAction)
    assert {kind for kind, how in KINDS.items() if not how.rides_along} == {
        kind for kind, action in ACTIONS.items() if isinstance(action, with_a_call)
    }


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.wire_type)
def test_the_module_of_an_action_says_its_type_first(action: Action[Any]) -> None:
    module = __import__(type(action).__module__, fromlist=["__doc__"])

    assert str(module.__doc__).startswith(f"{action.wire_type}: ")
    assert "afe to retry" in str(module.__doc__)


def test_a_created_record_is_returned_in_full(world: World) -> None:
    made = company(world, name="Acme")

    assert made["name"] == "Acme"
    assert made["createdBy"]["source"] == "WORKFLOW"
    assert made["deletedAt"] is None


@pytest.mark.parametrize("kind", ["CREATE_RECORD", "UPSERT_RECORD", "UPDATE_RECORD"])
def test_variables_in_rich_text_become_text_that_breaks_no_document(world: World, kind: str) -> None:
    tag = {"type": "variableTag", "attrs": {"variable": "{{trigger.said}}"}}
    body = {
        "blocknote": json.dumps([{"type": "paragraph", "content": [tag]}]),
        "markdown": "{{trigger.said}}",
    }
    record = {"title": "{{trigger.said}}", "bodyV2": body}
    more = {}
    if kind == "UPDATE_RECORD":
        note = perform(world, "CREATE_RECORD", {"objectName": "note", "objectRecord": {}}, "run/b/")
        more = {"objectRecordId": note["id"]}

    given = {"objectName": "note", "objectRecord": record, **more}
    made = perform(world, kind, given, trigger={"said": 'a "b" {{now}}\nc'})

    assert made["title"] == made["bodyV2"]["markdown"] == 'a "b" {{now}}\nc'
    assert json.loads(made["bodyV2"]["blocknote"])[0]["content"] == [
        {"type": "text", "text": 'a "b" {{now}}'},
        {"type": "hardBreak"},
        {"type": "text", "text": "c"},
    ]


def test_an_update_writes_the_fields_it_is_told_to_and_null_clears_one(world: World) -> None:
    made = company(world, name="Acme", domainName={"primaryLinkUrl": "https://acme.example"})
    given = {
        "objectName": "company",
        "objectRecordId": made["id"],
        "objectRecord": {"name": "New", "domainName": None},
        "fieldsToUpdate": ["domainName"],
    }
    after = perform(world, "UPDATE_RECORD", given)

    assert after["name"] == "Acme"
    assert not after["domainName"]["primaryLinkUrl"]


def test_an_update_without_a_list_writes_every_field_given(world: World) -> None:
    made = company(world, name="Acme")
    given = {"objectName": "company", "objectRecordId": made["id"], "objectRecord": {"name": "New"}}

    assert perform(world, "UPDATE_RECORD", given)["name"] == "New"


@pytest.mark.parametrize(
    ("changes", "listed"), [({}, None), ({"name": "x"}, []), ({"name": "x"}, ["domainName"])]
)
def test_an_update_of_nothing_is_refused(
    world: World, changes: dict[str, str], listed: list[str] | None
) -> None:
    given = {"objectName": "company", "objectRecordId": MISSING, "objectRecord": changes}

    with pytest.raises(errors.StepInputError, match="No fields to update"):
        perform(world, "UPDATE_RECORD", {**given, "fieldsToUpdate": listed})


def test_an_update_of_a_record_that_does_not_exist_says_so(world: World) -> None:
    given = {"objectName": "company", "objectRecordId": MISSING, "objectRecord": {"name": "x"}}

    with pytest.raises(errors.RecordNotFoundError, match=MISSING):
        perform(world, "UPDATE_RECORD", given)


@pytest.mark.parametrize("record_id", ["", "acme", "null", "undefined"])
def test_an_update_needs_an_id_that_can_be_one(world: World, record_id: str) -> None:
    given = {"objectName": "company", "objectRecordId": record_id, "objectRecord": {"name": "x"}}

    with pytest.raises(errors.StepInputError):
        perform(world, "UPDATE_RECORD", given)


def test_a_record_is_deleted_softly_and_once(world: World) -> None:
    made = company(world, name="Acme")
    given = {"objectName": "company", "objectRecordId": made["id"]}
    first = perform(world, "DELETE_RECORD", given, "run/gone/")

    assert first["deletedAt"] is not None
    assert perform(world, "DELETE_RECORD", given, "run/gone/") == first
    with pytest.raises(errors.RecordNotFoundError, match=made["id"]):
        perform(world, "DELETE_RECORD", given, "run/again/")


@pytest.mark.parametrize("record_id", ["", "acme", "null", "undefined"])
def test_a_delete_needs_an_id_that_can_be_one(world: World, record_id: str) -> None:
    with pytest.raises(errors.StepInputError, match="record ID"):
        perform(world, "DELETE_RECORD", {"objectName": "company", "objectRecordId": record_id})


def test_an_automation_deletes_no_messages(world: World) -> None:
    with pytest.raises(errors.StepInputError, match="cannot be deleted by automation"):
        perform(world, "DELETE_RECORD", {"objectName": "message", "objectRecordId": MISSING})


def test_an_upsert_makes_a_record_then_updates_it_by_its_unique_field(world: World) -> None:
    given: dict[str, Any] = {
        "objectName": "person",
        "objectRecord": {"emails": {"primaryEmail": "Ann@Example.com"}, "jobTitle": "CTO"},
    }
    first = perform(world, "UPSERT_RECORD", given, "run/a/")
    given["objectRecord"] = {"emails": {"primaryEmail": "ann@example.com"}, "jobTitle": "CEO"}
    second = perform(world, "UPSERT_RECORD", given, "run/b/")

    assert (first["id"], first["jobTitle"]) == (second["id"], "CTO")
    assert second["jobTitle"] == "CEO"


@pytest.mark.parametrize("kind", ["CREATE_RECORD", "UPDATE_RECORD", "UPSERT_RECORD"])
def test_what_automations_may_not_write_is_refused(world: World, kind: str) -> None:
    given = {"objectName": "workspaceMember", "objectRecord": {"locale": "it"}, "objectRecordId": MISSING}
    if kind != "UPDATE_RECORD":
        del given["objectRecordId"]

    with pytest.raises(errors.StepInputError, match="automation"):
        perform(world, kind, given)


@pytest.mark.parametrize("kind", ["CREATE_RECORD", "UPSERT_RECORD"])
@pytest.mark.parametrize(
    "given",
    [
        {"objectName": "company", "objectRecord": {"nme": "x"}},
        {"objectName": "company", "objectRecord": {"name": 7}},
        {"objectName": "nothing", "objectRecord": {}},
    ],
)
def test_an_unknown_field_or_a_wrong_value_is_an_error_never_dropped(
    world: World, kind: str, given: dict[str, Any]
) -> None:
    with pytest.raises(errors.StepInputError):
        perform(world, kind, given)


def test_a_search_returns_the_first_all_and_the_total(world: World) -> None:
    for number in range(5):
        company(world, f"key-{number}", name=f"Acme {number}")
        world.clock.advance(1)
    found = perform(world, "FIND_RECORDS", {"objectName": "company", "limit": 2, "offset": 1})

    assert [record["name"] for record in found["all"]] == ["Acme 1", "Acme 2"]
    assert found["first"] == found["all"][0]
    assert found["totalCount"] == 5


def test_a_search_that_finds_nothing_has_no_first(world: World) -> None:
    assert perform(world, "FIND_RECORDS", {"objectName": "company"}) == {"all": [], "totalCount": 0}


def test_a_search_filters_by_field_without_regard_to_case(world: World) -> None:
    company(world, "a", name="Acme")
    company(world, "b", name="Other")
    by_name = {"fieldMetadataId": "name", "operand": "CONTAINS", "value": "ACME"}
    given = {"objectName": "company", "filter": {"recordFilters": [by_name]}}

    assert [record["name"] for record in perform(world, "FIND_RECORDS", given)["all"]] == ["Acme"]


@pytest.mark.parametrize("value", ["", [], "{{a.nothing}}"])
def test_a_search_whose_filter_resolves_to_nothing_is_an_error_never_everything(
    world: World, value: object
) -> None:
    company(world, name="Acme")
    by_name = {"fieldMetadataId": "name", "operand": "CONTAINS", "value": value}

    with pytest.raises(errors.StepInputError):
        perform(world, "FIND_RECORDS", {"objectName": "company", "filter": {"recordFilters": [by_name]}})


@pytest.mark.parametrize("limit", [0, -1, 10_001, "many"])
def test_a_limit_is_a_number_up_to_10000(world: World, limit: object) -> None:
    with pytest.raises((errors.StepInputError, ValidationError)):
        perform(world, "FIND_RECORDS", {"objectName": "company", "limit": limit})


@pytest.mark.parametrize(
    ("key", "value"),
    [("limit", "0"), ("limit", "9" * 5_000), ("limit", "²"), ("offset", "-1"), ("offset", "1.5")],
)
def test_a_limit_and_an_offset_that_are_text_have_bounds_too(world: World, key: str, value: str) -> None:
    with pytest.raises(errors.StepInputError, match=f"^{key} must be") as caught:
        perform(world, "FIND_RECORDS", {"objectName": "company", key: value})

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("name", "status", "matches"), [("Ann", StepStatus.SUCCESS, True), ("Bob", StepStatus.STOPPED, False)]
)
def test_a_filter_stops_where_it_does_not_match(
    world: World, name: str, status: StepStatus, *, matches: bool
) -> None:
    outcome = evaluate(world, "FILTER", passes("{{trigger.name}}", "Ann"), trigger={"name": name})

    assert (outcome.status, outcome.result) == (status, {"matchesFilter": matches})


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({}, {"shouldEndWorkflowRun": False}),
        ({"stepFilterGroups": []}, {"shouldEndWorkflowRun": False}),
        ({"stepFilterGroups": [], "stepFilters": []}, {"matchesFilter": True}),
        ({"stepFilters": []}, {"matchesFilter": True}),
    ],
)
def test_a_filter_without_filters_lets_everything_pass(
    world: World, given: dict[str, Any], result: dict[str, bool]
) -> None:
    outcome = evaluate(world, "FILTER", given)

    assert (outcome.status, outcome.result) == (StepStatus.SUCCESS, result)


@pytest.mark.parametrize(("value", "index"), [(0, 0), (1, 1), (7, 2)])
def test_an_if_else_takes_the_first_branch_that_matches(world: World, value: int, index: int) -> None:
    outcome = evaluate(world, "IF_ELSE", branches("a", "b", "c"), trigger={"branch": value})

    assert (outcome.branch, outcome.result) == (index, {"matchingBranchId": f"b{index}"})


def test_an_if_else_whose_branches_all_fail_is_an_error(world: World) -> None:
    given = branches("a", "b", "c")
    given["branches"].pop()

    with pytest.raises(errors.StepInputError, match="No matching branch found"):
        evaluate(world, "IF_ELSE", given, trigger={"branch": 7})


def test_a_branch_whose_group_does_not_exist_matches(world: World) -> None:
    given = branches("a", "b")
    given["branches"][0]["filterGroupId"] = "nothing"

    assert evaluate(world, "IF_ELSE", given, trigger={"branch": 7}).branch == 0


def test_an_if_else_needs_a_branch(world: World) -> None:
    with pytest.raises(errors.StepInputError, match=r"^If-else action must have at least one branch$"):
        evaluate(world, "IF_ELSE", {"branches": []})


def test_an_empty_step_results_in_nothing(world: World) -> None:
    outcome = evaluate(world, "EMPTY", {})

    assert (outcome.status, outcome.result) == (StepStatus.SUCCESS, {})


def test_an_update_appends_or_writes_only_what_is_empty(world: World) -> None:
    made = company(world, name="Acme")
    given = {
        "objectName": "company",
        "objectRecordId": made["id"],
        "objectRecord": {"name": "East", "domainName": {"primaryLinkUrl": "https://acme.example"}},
        "mode": {"name": "append", "domainName": "only_if_empty"},
    }
    after = perform(world, "UPDATE_RECORD", given)

    assert after["name"] == "Acme\nEast"
    assert after["domainName"]["primaryLinkUrl"] == "https://acme.example"


@pytest.mark.parametrize("wire_type", ACTIONS)
def test_an_action_is_registered_by_its_own_name(wire_type: str) -> None:
    assert ACTIONS[wire_type].wire_type == wire_type
