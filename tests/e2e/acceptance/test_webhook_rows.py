"""Acceptance rows that a webhook starts."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.acceptance.desk import Desk
    from ventuno.json_value import JsonValue

pytestmark = pytest.mark.e2e


def an_email() -> str:
    return f"{uuid.uuid4().hex}@example.com"


@pytest.mark.row("A18")
def test_a_web_form_becomes_a_person(desk: Desk) -> None:
    email = an_email()
    address = desk.switch_on("web-form-to-person")
    answer = desk.product.post(address, {"firstName": "Ada", "lastName": "Lovelace", "email": email})
    view = desk.finished(answer["workflowRunId"])
    (person,) = desk.found("people", f"emails.primaryEmail[eq]:{email}")

    assert view["status"] == "COMPLETED"
    assert person["name"] == {"firstName": "Ada", "lastName": "Lovelace"}


@pytest.mark.row("A19")
@pytest.mark.parametrize("count", [0, 12])
def test_the_items_of_an_order_become_records_in_their_order(desk: Desk, count: int) -> None:
    number = uuid.uuid4().hex
    skus = [f"SKU-{place}" for place in range(count)]
    items: list[JsonValue] = [{"sku": sku, "quantity": place + 1} for place, sku in enumerate(skus)]
    address = desk.switch_on("order-items")
    view = desk.finished(desk.product.post(address, {"number": number, "items": items})["workflowRunId"])
    made = desk.found("orderItems", f"orderNumber[eq]:{number}")

    assert view["status"] == "COMPLETED"
    assert [(item["sku"], item["place"]) for item in made] == list(zip(skus, range(count), strict=True))


@pytest.mark.row("A20")
def test_the_answers_of_a_form_service_become_a_person(desk: Desk) -> None:
    email = an_email()
    answers: list[JsonValue] = [
        {"field": {"ref": "email"}, "type": "email", "email": email},
        {"field": {"ref": "first_name"}, "type": "text", "text": "Grace"},
    ]
    address = desk.switch_on("typeform-to-person")
    body: JsonValue = {"event_type": "form_response", "form_response": {"answers": answers}}
    view = desk.finished(desk.product.post(address, body)["workflowRunId"])
    (person,) = desk.found("people", f"emails.primaryEmail[eq]:{email}")

    assert view["status"] == "COMPLETED"
    assert person["name"] == {"firstName": "Grace", "lastName": None}
