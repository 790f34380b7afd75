"""Forms over the API: listed, shown, changed while they wait, and answered once."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.graphs.simulating import loop
from ventuno.access.model import Role
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.fakes.world import World
    from tests.functional.rest.conftest import Api
    from ventuno.runs.model import Run

TOKEN = "task-token-that-never-leaves"  # noqa: S105 - no secret
_numbers = itertools.count()
SEATS: Json = {"name": "seats", "label": "Seats", "type": "NUMBER", "required": True}
NOTE: Json = {"name": "note", "label": "Note", "type": "TEXT"}
STAGE: Json = {
    "name": "stage",
    "label": "Stage",
    "type": "SELECT",
    "settings": {"selectedFieldId": "opportunity.stage"},
}
COMPANY: Json = {
    "name": "company",
    "label": "Company",
    "type": "RECORD",
    "settings": {"objectName": "company"},
}


def asks(world: World, given: Any, payload: Any = None, token: str = TOKEN) -> Run:  # noqa: ANN401 - author JSON
    """Begin a run that waits for a form."""
    slug = f"flow-{next(_numbers)}"
    world.publish(written(step("ask", "FORM", "make", given), create("make")), slug)
    run = world.start(payload or {"name": "Acme"}, slug=slug).run
    ask(world, run, token)
    return run


def ask(world: World, run: Run, token: str = TOKEN, iteration: str = "") -> None:
    """Call the form's step as its state does."""
    event = {
        "run": run.id,
        "version": str(run.version),
        "step": "ask",
        "token": token,
        "iteration": iteration,
    }
    run_step(StepEvent.model_validate(event), world.services)


def company(world: World, name: str) -> str:
    made = world.services.records.create("company", {"name": name}, WriteContext(Actor("API", "test")))
    return str(made["id"])


def listed(api: Api, query: str = "") -> list[Any]:
    status, body = api("GET", f"/forms{query}", role=Role.RUNNER)
    assert status == 200, body
    return list(body["forms"])


def test_waiting_forms_are_listed_until_they_are_answered(api: Api) -> None:
    later = asks(api.world, {"fields": [NOTE], "expiresAfter": {"days": 2}})
    sooner = asks(api.world, {"fields": [NOTE], "expiresAfter": {"days": 1}})
    before = [form["runId"] for form in listed(api)]
    api("POST", f"/runs/{sooner.id}/forms/ask", {"note": "x"}, role=Role.RUNNER)

    assert before == [sooner.id, later.id]
    assert [form["runId"] for form in listed(api)] == [later.id]


def test_the_forms_of_one_run_are_listed_in_all_iterations_while_they_can_be_answered(api: Api) -> None:
    asks(api.world, [NOTE])
    run = asks(api.world, {"fields": [NOTE], "expiresAfter": {"hours": 1}})
    ask(api.world, run, "another", "3")
    address = f"/runs/{run.id}/forms"
    status, body = api("GET", address, role=Role.RUNNER)
    api("POST", f"{address}/ask", {"note": "x"}, role=Role.RUNNER)
    after = api("GET", address, role=Role.RUNNER)[1]["forms"]
    api.world.clock.advance(3_601)

    assert (status, body["cursor"]) == (200, None)
    assert {(form["runId"], form["iteration"]) for form in body["forms"]} == {(run.id, "3"), (run.id, "")}
    assert [form["iteration"] for form in after] == ["3"]
    assert api("GET", address, role=Role.RUNNER)[1]["forms"] == []
    assert api("GET", "/runs/nothing/forms", role=Role.RUNNER)[0] == 404
    assert api("GET", address, role=Role.VIEWER)[0] == 403


@pytest.mark.parametrize("how", ["stopped", "expired"])
def test_a_form_that_nobody_can_answer_any_more_is_not_listed(api: Api, how: str) -> None:
    run = asks(api.world, {"fields": [NOTE], "expiresAfter": {"hours": 1}})
    if how == "stopped":
        api("POST", f"/runs/{run.id}/stop", role=Role.RUNNER)
    else:
        api.world.clock.advance(3_600)

    assert listed(api) == []
    assert api("POST", f"/runs/{run.id}/forms/ask", {"note": "x"}, role=Role.RUNNER)[0] == 409


def test_forms_are_listed_by_assignee_whom_a_variable_may_name(api: Api) -> None:
    given = {"fields": [NOTE], "assignee": "{{trigger.member}}"}
    ann, bob = (asks(api.world, given, {"member": member}) for member in ("ann", "bob"))

    assert {form["runId"] for form in listed(api)} == {ann.id, bob.id}
    assert [(form["runId"], form["assignee"]) for form in listed(api, "?assignee=bob")] == [(bob.id, "bob")]
    assert listed(api, "?assignee=bo") == []


def test_pages_of_forms_lead_to_all_of_them(api: Api) -> None:
    runs = {asks(api.world, [NOTE]).id for _ in range(3)}
    _, first = api("GET", "/forms?limit=2", role=Role.RUNNER)
    _, second = api("GET", f"/forms?limit=2&cursor={first['cursor']}", role=Role.RUNNER)

    assert [len(first["forms"]), len(second["forms"]), second["cursor"]] == [2, 1, None]
    assert {form["runId"] for form in first["forms"] + second["forms"]} == runs


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?cursor=x", "?cursor=WFg=", "?asignee=x"])
def test_a_wrong_question_about_forms_is_400(api: Api, query: str) -> None:
    assert api("GET", f"/forms{query}", role=Role.RUNNER)[0] == 400


def test_a_form_is_shown_with_its_variables_resolved_once(api: Api) -> None:
    given = {"fields": [{**NOTE, "label": "Is {{trigger.name}} right?", "value": "{{trigger.note}}"}, STAGE]}
    run = asks(api.world, given, {"name": "{{trigger.note}}", "note": "yes"})
    _, form = api("GET", f"/runs/{run.id}/forms/ask", role=Role.RUNNER)

    assert form["fields"][0]["label"] == "Is {{trigger.note}} right?"
    assert form["fields"][0]["value"] == "yes"
    assert form["fields"][1]["options"][0] == "NEW"
    assert form["status"] == "PENDING"


def test_a_form_whose_variables_leave_nothing_to_ask_fails_its_step(api: Api) -> None:
    with pytest.raises(Exception, match="label"):
        asks(api.world, [{**NOTE, "label": "{{trigger.nothing}}"}])


def test_the_record_that_is_chosen_becomes_the_result_with_what_it_relates_to(api: Api) -> None:
    run, acme = asks(api.world, [COMPANY]), company(api.world, "Acme")
    _, body = api("POST", f"/runs/{run.id}/forms/ask", {"company": {"id": acme}}, role=Role.RUNNER)

    assert body["result"]["company"]["name"] == "Acme"
    assert body["result"]["company"]["accountOwner"] is None


def test_a_record_that_does_not_exist_is_told_by_its_field(api: Api) -> None:
    run = asks(api.world, [COMPANY])
    nobody = {"company": {"id": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"}}
    status, body = api("POST", f"/runs/{run.id}/forms/ask", nobody, role=Role.RUNNER)

    assert (status, body["code"]) == (400, "INVALID_FORM_ANSWER")
    assert body["messages"][0].startswith("company: There is no company")


def test_an_editor_changes_what_a_waiting_form_asks(api: Api) -> None:
    run = asks(api.world, {"fields": [NOTE], "assignee": "ann"})
    other = {"fields": [SEATS], "assignee": "bob"}
    changed = api("PUT", f"/runs/{run.id}/forms/ask", other, role=Role.EDITOR)
    answers = [
        api("POST", f"/runs/{run.id}/forms/ask", {key: 3}, role=Role.RUNNER)[0] for key in ("note", "seats")
    ]

    assert changed[0] == 200
    assert changed[1]["fields"][0]["name"] == "seats"
    assert changed[1]["assignee"] == "bob"
    assert answers == [400, 200]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "at least one field"),
        ([NOTE, NOTE], "unique names"),
        ([{**COMPANY, "settings": {"objectName": "compny"}}], "there is no object"),
        ({"fields": [NOTE], "assignee": "x" * 201}, "assignee"),
        ([{**NOTE, "value": "x" * 300_000}], "bytes"),
        ('"x"', "form"),
    ],
)
def test_a_change_that_makes_no_form_is_refused_with_the_reason(
    api: Api, given: object, message: str
) -> None:
    run = asks(api.world, [NOTE])
    status, body = api("PUT", f"/runs/{run.id}/forms/ask", given, role=Role.EDITOR)

    assert status == 400
    assert message in " ".join(body["messages"])


def test_values_are_kept_until_the_form_is_answered(api: Api) -> None:
    run = asks(api.world, [NOTE, SEATS])
    kept = api("PATCH", f"/runs/{run.id}/forms/ask", {"note": "{{trigger.name}}"}, role=Role.RUNNER)
    _, form = api("GET", f"/runs/{run.id}/forms/ask", role=Role.RUNNER)
    unknown = api("PATCH", f"/runs/{run.id}/forms/ask", {"nte": 1}, role=Role.RUNNER)
    api("POST", f"/runs/{run.id}/forms/ask", {"seats": 1}, role=Role.RUNNER)

    assert kept[0] == 200
    assert [field.get("value") for field in form["fields"]] == ["{{trigger.name}}", None]
    assert unknown[0] == 400
    assert api("PATCH", f"/runs/{run.id}/forms/ask", {"note": "x"}, role=Role.RUNNER)[0] == 409


def test_a_form_asked_anew_keeps_its_address_and_what_was_filled_in(api: Api) -> None:
    run = asks(api.world, [NOTE])
    api("PATCH", f"/runs/{run.id}/forms/ask", {"note": "so far"}, role=Role.RUNNER)
    before = listed(api)
    ask(api.world, run, "another-task-token")
    _, form = api("GET", f"/runs/{run.id}/forms/ask", role=Role.RUNNER)

    assert listed(api) == before
    assert form["fields"][0]["value"] == "so far"
    assert api.world.states(run.id)["ask"].token == "another-task-token"  # noqa: S105 - no secret


def test_each_iteration_asks_for_itself(api: Api) -> None:
    run = api.world.begin(
        loop("each", "ask", "{{trigger.items}}"),
        step("ask", "FORM", "each", [{**NOTE, "label": "{{each.currentItem}}"}]),
        payload={"items": ["A", "B"]},
    )
    api.world.call(run, "each")
    for index in ("0", "1"):
        ask(api.world, run, f"token-{index}", index)
    _, form = api("GET", f"/runs/{run.id}/forms/ask?iteration=1", role=Role.RUNNER)
    status, body = api("POST", f"/runs/{run.id}/forms/ask?iteration=1", {"note": "x"}, role=Role.RUNNER)

    assert form["fields"][0]["label"] == "B"
    assert (status, body["iteration"]) == (200, "1")
    assert [form["iteration"] for form in listed(api)] == ["0"]


def test_task_tokens_and_addresses_are_in_no_view_that_viewers_have(api: Api) -> None:
    run = asks(api.world, [NOTE])
    link = api.world.states(run.id)["ask"].link
    views = [
        *(api("GET", address, role=Role.VIEWER)[1] for address in ("/runs", f"/runs/{run.id}")),
        *(api("GET", address, role=Role.RUNNER)[1] for address in ("/forms", f"/runs/{run.id}/forms/ask")),
    ]

    assert link
    assert TOKEN not in json.dumps(views)
    assert link not in json.dumps(views[:2])


@pytest.mark.parametrize(
    ("method", "address", "role"),
    [
        ("GET", "/forms", Role.VIEWER),
        ("GET", "/runs/{run}/forms/ask", Role.VIEWER),
        ("PATCH", "/runs/{run}/forms/ask", Role.VIEWER),
        ("PUT", "/runs/{run}/forms/ask", Role.RUNNER),
    ],
)
def test_who_may_not_is_refused(api: Api, method: str, address: str, role: str) -> None:
    run = asks(api.world, [NOTE])

    assert api(method, address.format(run=run.id), [SEATS], role=role)[0] == 403
    assert api(method, address.format(run=run.id), [SEATS], role=None)[0] == 401
