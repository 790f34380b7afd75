"""Acceptance row A15: fields that workflows compute from other fields of the same record."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.e2e.acceptance.desk import Desk

pytestmark = [pytest.mark.e2e, pytest.mark.row("A15")]
Json = dict[str, Any]


@dataclass(frozen=True)
class Formula:
    """A record that is created, then changed, and what the workflow has made of it after each."""

    slug: str
    plural: str
    created: Json
    first: Json
    changed: Json
    second: Json


def euros(amount: int) -> Json:
    return {"amountMicros": amount * 1_000_000, "currencyCode": "EUR"}


def an_email() -> Json:
    return {"primaryEmail": f"{uuid.uuid4().hex}@acme.example"}


FORMULAS = [
    Formula(
        slug="full-name",
        plural="people",
        created={"name": {"firstName": "Ada", "lastName": "Byron"}},
        first={"fullName": "Ada Byron"},
        changed={"name": {"lastName": "Lovelace"}},
        second={"fullName": "Ada Lovelace"},
    ),
    Formula(
        slug="email-domain",
        plural="people",
        created={"emails": an_email()},
        first={"emailDomain": "acme.example"},
        changed={"emails": None},
        second={"emailDomain": None},
    ),
    Formula(
        slug="lead-score",
        plural="people",
        created={"jobTitle": "CTO", "emails": an_email()},
        first={"leadScore": 70},
        changed={"leadSource": "EVENT"},
        second={"leadScore": 90},
    ),
    Formula(
        slug="days-until-due",
        plural="tasks",
        created={"dueAt": "2000-01-01T00:00:00Z"},
        first={},
        changed={"dueAt": None},
        second={"daysUntilDue": None},
    ),
    Formula(
        slug="expected-amount",
        plural="opportunities",
        created={"amount": euros(500), "probability": 50},
        first={"expectedAmount": euros(250)},
        changed={"amount": euros(100)},
        second={"expectedAmount": euros(50)},
    ),
]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.slug)
def test_a_formula_follows_its_fields_and_does_not_start_itself(desk: Desk, formula: Formula) -> None:
    desk.switch_on(formula.slug)
    record_id = desk.created(formula.plural, **formula.created)["id"]
    desk.runs(formula.slug, 1, record_id)
    first = desk.record(formula.plural, record_id)
    desk.changed(formula.plural, record_id, **formula.changed)
    # Writes of a record are told in their order: what the workflow's own write starts comes before this.
    views = desk.runs(formula.slug, 2, record_id)
    second = desk.record(formula.plural, record_id)

    assert {name: first[name] for name in formula.first} == formula.first
    assert {name: second[name] for name in formula.second} == formula.second
    assert [view["status"] for view in views] == ["COMPLETED", "COMPLETED"]


def test_the_days_until_a_task_is_due_are_whole_days(desk: Desk) -> None:
    desk.switch_on("days-until-due")
    task = desk.created("tasks", dueAt="2000-01-01T00:00:00Z")
    (view,) = desk.runs("days-until-due", record=task["id"])
    days = desk.record("tasks", task["id"])["daysUntilDue"]

    assert view["state"]["stepInfos"]["compute"]["result"] == {"days": days}
    assert days < -9_000
