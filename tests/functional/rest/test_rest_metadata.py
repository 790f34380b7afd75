"""Objects and fields over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

INVOICE = {
    "nameSingular": "invoice",
    "namePlural": "invoices",
    "labelSingular": "Invoice",
    "fields": [
        {"name": "number", "type": "TEXT", "isUnique": True},
        {"name": "status", "type": "SELECT", "options": [{"value": "DRAFT", "label": "Draft"}, "PAID"]},
        {"name": "company", "type": "RELATION", "target": "company", "inverse": "invoices"},
    ],
}


def declared(api: Api, body: Any, status: int = 201) -> Any:  # noqa: ANN401  any JSON
    answered, told = api("POST", "/metadata/objects", body, role=Role.ADMIN)
    assert answered == status, told
    return told


def test_a_custom_object_is_usable_at_once(api: Api) -> None:
    view = declared(api, INVOICE)
    company = api.created("companies", name="Acme")
    invoice = api.created("invoices", number="7", status="PAID", companyId=company["id"])
    found = api("GET", "/rest/invoices?filter=number[eq]:7&explain=true")[1]
    deep = api("GET", f"/rest/companies/{company['id']}?depth=1")[1]["data"]["company"]
    task = api.created("tasks", title="Remind")
    target = api.created("taskTargets", taskId=task["id"], target={"object": "invoice", "id": invoice["id"]})

    assert view["data"]["object"]["isCustom"] is True
    assert (found["data"]["invoices"], found["explain"]["way"]) == ([invoice], "UNIQUE")
    assert deep["invoices"] == [invoice]
    assert target["targetInvoiceId"] == invoice["id"]
    assert api("POST", "/rest/invoices", {"number": "7"})[0] == 409
    assert api("POST", "/rest/invoices", {"status": "LOST"})[0] == 400
    assert "/invoices" in api("GET", "/open-api.json", role=None)[1]["paths"]


def test_a_field_is_added_to_a_standard_object_and_hidden_again(api: Api) -> None:
    company = api.created("companies", name="Acme")
    field = {"object": "company", "name": "tier", "type": "SELECT", "options": ["A", "B"], "indexed": True}
    added = api("POST", "/metadata/fields", field, role=Role.ADMIN)
    api("PATCH", f"/rest/companies/{company['id']}", {"tier": "A"})
    found = api("GET", "/rest/companies?filter=tier[eq]:A&explain=true")[1]
    wider = {"options": ["A", "B", "C"]}
    changed = api("PATCH", "/metadata/objects/company/fields/tier", wider, role=Role.ADMIN)
    hidden = api("DELETE", "/metadata/objects/company/fields/tier", role=Role.ADMIN)
    api("PATCH", f"/rest/companies/{company['id']}", {"name": "Acme Ltd"})
    without = api("GET", f"/rest/companies/{company['id']}")[1]["data"]["company"]
    shown = {"fields": [{"name": "tier", "type": "SELECT", "active": True}]}
    api("PATCH", "/metadata/objects/company", shown, role=Role.ADMIN)
    again = api("GET", f"/rest/companies/{company['id']}")[1]["data"]["company"]

    assert [added[0], changed[0], hidden[0]] == [201, 200, 200]
    assert (found["totalCount"], found["explain"]["way"]) == (1, "INDEX")
    assert "tier" not in without
    assert (again["name"], again["tier"]) == ("Acme Ltd", "A")


def test_what_records_would_not_survive_is_refused(api: Api) -> None:
    declared(api, INVOICE)
    api.created("invoices", number="7")
    address = "/metadata/objects/invoice/fields/"
    unique = api("PATCH", f"{address}status", {"unique": True}, role=Role.ADMIN)
    typed = api("PATCH", f"{address}number", {"type": "NUMBER"}, role=Role.ADMIN)
    renamed = api("PATCH", "/metadata/objects/invoice", {"plural": "bills"}, role=Role.ADMIN)
    standard = api("DELETE", "/metadata/objects/company", role=Role.ADMIN)

    assert [unique[0], typed[0], renamed[0], standard[0]] == [400, 400, 400, 400]
    assert "because invoice has records" in unique[1]["messages"][0]
    assert "is of type TEXT and stays so" in typed[1]["messages"][0]


def test_an_index_can_be_declared_while_there_are_no_records(api: Api) -> None:
    declared(api, INVOICE)
    address = "/metadata/objects/invoice/fields/status"

    assert api("PATCH", address, {"indexed": True}, role=Role.ADMIN)[0] == 200
    api.created("invoices", status="PAID")
    assert api("GET", "/rest/invoices?filter=status[eq]:PAID&explain=true")[1]["explain"]["way"] == "INDEX"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "name"),
        ({"name": "Invoice", "plural": "invoices"}, "name"),
        ({"name": "invoice"}, "needs a plural"),
        ({"name": "batch", "plural": "batches"}, "is a word of the API"),
        ({"name": "invoice", "plural": "companies"}, "name or plural of two objects"),
        ({"name": "invoice", "plural": "invoices", "extra": 1}, "extra"),
        (
            {"name": "invoice", "plural": "invoices", "fields": [{"name": "id", "type": "TEXT"}]},
            "has already",
        ),
        ({"name": "invoice", "plural": "invoices", "fields": [{"name": "a", "type": "TXT"}]}, "use one of"),
        (
            {"name": "invoice", "plural": "invoices", "fields": [{"name": "a", "type": "SELECT"}]},
            "needs options",
        ),
        ({"name": "invoice", "plural": "invoices", "fields": [{"name": "a", "type": "RELATION"}]}, "target"),
        (
            {
                "name": "invoice",
                "plural": "invoices",
                "fields": [{"name": "a", "type": "ARRAY", "unique": True}],
            },
            "cannot be unique",
        ),
        (
            {
                "name": "invoice",
                "plural": "invoices",
                "fields": [{"name": "a", "type": "NUMBER", "default": "x"}],
            },
            "default that must be a number",
        ),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_reason(api: Api, body: Any, message: str) -> None:  # noqa: ANN401  any JSON
    told = declared(api, body, status=400)

    assert message in told["messages"][0]
    assert api("GET", "/rest/invoices")[0] == 404


@pytest.mark.parametrize("address", ["person", "person/fields/jobTitle"])
def test_a_name_does_not_change(api: Api, address: str) -> None:
    status, told = api("PATCH", f"/metadata/objects/{address}", {"name": "other"}, role=Role.ADMIN)

    assert status == 400
    assert "keeps its name" in told["messages"][0]


def test_only_admins_change_objects_and_viewers_read_them(api: Api) -> None:
    body = {"name": "invoice", "plural": "invoices"}
    statuses = [
        api("POST", "/metadata/objects", body, role=role)[0] for role in (None, Role.VIEWER, Role.EDITOR)
    ]
    status, listed = api("GET", "/metadata/objects", role=Role.VIEWER)
    one = api("GET", "/metadata/objects/people", role=Role.VIEWER)[1]["data"]["object"]

    assert statuses == [401, 403, 403]
    assert status == 200
    assert "company" in [item["nameSingular"] for item in listed["data"]["objects"]]
    assert next(field for field in one["fields"] if field["name"] == "emails")["isUnique"] is True
    assert api("GET", "/metadata/objects/unicorn")[0] == 404
    assert api("POST", "/metadata/objects", {"name": "company"}, role=Role.ADMIN)[0] == 409
