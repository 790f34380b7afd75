"""The schemas of outputs over the API, for a variable picker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, passes, step, written
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.apply import apply_definition

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

AUTHORED = written(
    create("a", "f"),
    step("f", "FILTER", given=passes("{{a.name}}", "Acme")),
    trigger={"type": "WEBHOOK", "settings": {"httpMethod": "POST", "expectedBody": {"name": "Acme"}}},
)


def schemas(api: Api, method: str, address: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    status, answered = api(method, address, body, role=Role.VIEWER)
    assert status == 200, answered
    return dict(answered)


def test_the_schemas_of_a_definition_need_no_stored_workflow(api: Api) -> None:
    answered = schemas(api, "POST", "/workflows/schemas", AUTHORED)

    assert list(answered) == ["trigger", "a", "f"]
    assert answered["trigger"]["name"] == {"isLeaf": True, "type": "TEXT", "label": "Name", "value": "Acme"}
    assert answered["a"]["_outputSchemaType"] == "RECORD"
    assert answered["f"]["matchesFilter"]["type"] == "BOOLEAN"


def test_a_workflow_is_named_by_slug_or_id_and_its_draft_comes_before_what_is_active(api: Api) -> None:
    published = api.world.publish(AUTHORED)
    by_slug = schemas(api, "GET", "/workflows/flow/schemas")
    apply_definition("flow", definition_from(written(create("drafted"))), api.world.services)

    assert list(by_slug) == ["trigger", "a", "f"]
    assert list(schemas(api, "GET", f"/workflows/{published.id}/schemas")) == ["trigger", "drafted"]


def test_a_definition_that_has_findings_shows_what_can_be_known(api: Api) -> None:
    unfinished = written(create("a", "lost"), step("b", "FUTURE_ACTION"), step("c", "FILTER", given={"x": 1}))
    answered = schemas(api, "POST", "/workflows/schemas", unfinished)

    assert answered["a"]["object"]["objectMetadataId"] == "company"
    assert (answered["trigger"], answered["b"], answered["c"]) == ({}, {}, {})


def test_custom_objects_of_the_workspace_are_known(api: Api) -> None:
    invoice = {"nameSingular": "invoice", "namePlural": "invoices", "labelSingular": "Invoice"}
    made = api(
        "POST", "/metadata/objects", {**invoice, "fields": [{"name": "number", "type": "TEXT"}]}, role="admin"
    )
    given = {"objectName": "invoice", "objectRecord": {"number": "7"}}
    answered = schemas(api, "POST", "/workflows/schemas", written(step("a", "CREATE_RECORD", given=given)))

    assert made[0] == 201
    assert answered["a"]["fields"]["number"]["type"] == "TEXT"


@pytest.mark.parametrize("body", ["{", "null", "[]", '{"name": "x"}', '{"name": 1, "name": 2}', "[" * 300])
def test_what_is_no_definition_is_400_and_says_why(api: Api, body: str) -> None:
    status, answered = api("POST", "/workflows/schemas", body, role=Role.VIEWER)

    assert (status, answered["statusCode"]) == (400, 400)
    assert answered["messages"][0]


def test_a_sample_that_every_loop_repeats_is_refused_before_it_fills_the_memory(api: Api) -> None:
    sample = {"items": [{f"key{n}": "x" * 100 for n in range(3_000)}]}
    loops = [step(f"i{n}", "ITERATOR", given={"items": "{{trigger.items}}"}) for n in range(100)]
    hostile = written(*loops, trigger={"type": "WEBHOOK", "settings": {"expectedBody": sample}})
    status, answered = api("POST", "/workflows/schemas", hostile, role=Role.VIEWER)

    assert status == 413
    assert "shorten the sample" in answered["messages"][0]


def test_schemas_are_for_callers_with_a_key_and_of_workflows_that_exist(api: Api) -> None:
    assert api("GET", "/workflows/flow/schemas", role=None)[0] == 401
    assert api("POST", "/workflows/schemas", AUTHORED, role=None)[0] == 401
    assert api("GET", "/workflows/nothing/schemas", role=Role.VIEWER)[0] == 404
