"""The reference's record filters on stored records: what each of them finds, on every store."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import PARAMS, STORES, TickingClock
from ventuno.filters.find import FilterField, FindScope, compile_find
from ventuno.filters.models import RecordFilter
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.registry import FIELD_TYPES
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.model.field import Field
from ventuno.records.model.object_model import ObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.base import object_type
from ventuno.records.standard.company import COMPANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.records.context import WriteContext

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "find_records_filter.json"
CASES = [case for case in json.loads(VECTORS.read_text())["cases"] if case["gql"] != "__dropped__"]
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
ID, OTHER_ID = "550e8400-e29b-41d4-a716-446655440000", "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
CONFIGURED: dict[str, Any] = {
    "SELECT": SelectType(("A", "B", "C")),
    "MULTI_SELECT": MultiSelectType(("A", "B", "C")),
    "RELATION": RelationType("company"),
}

# The value of the record `full`, which has what the cases ask for, and of `other`, which has something else.
VALUES: dict[str, tuple[Any, Any]] = {
    "ACTOR": ({"source": "EMAIL", "name": "Api"}, {"source": "MANUAL", "name": "Ada"}),
    "ADDRESS": (
        {"addressCity": "Paris", "addressCountry": "France"},
        {"addressCity": "Turin", "addressCountry": "Italy"},
    ),
    "ARRAY": (["xy"], ["z"]),
    "BOOLEAN": (True, False),
    "CURRENCY": (
        {"amountMicros": 10_500_000, "currencyCode": "USD"},
        {"amountMicros": 20_000_000, "currencyCode": "EUR"},
    ),
    "DATE": ("2026-03-18", "2026-03-01"),
    "DATE_TIME": ("2026-03-15T10:00:00Z", "2026-04-01T00:00:00Z"),
    "EMAILS": ({"primaryEmail": "bob@example.com"}, {"additionalEmails": ["ada@example.com"]}),
    "FILES": ([{"fileId": "1", "label": "offer.pdf"}], [{"fileId": "2", "label": "photo.jpg"}]),
    "FULL_NAME": ({"firstName": "John"}, {"lastName": "Hopper"}),
    "LINKS": (
        {"primaryLinkUrl": "https://acme.com", "primaryLinkLabel": "Acme"},
        {"primaryLinkUrl": "https://globex.com"},
    ),
    "MULTI_SELECT": (["A"], ["C"]),
    "NUMBER": (42, 50),
    "PHONES": (
        {"primaryPhoneNumber": "061234", "additionalPhones": [{"number": "061234"}]},
        {"primaryPhoneNumber": "0777"},
    ),
    "RATING": ("RATING_3", "RATING_1"),
    "RAW_JSON": ({"key": 1}, {"b": 1}),
    "SELECT": ("A", "C"),
    "TEXT": ("Acme", "Globex"),
    "UUID": (ID, OTHER_ID),
}

# By operand. Texts are never null to the reference, so what is empty does not contain; of all other types
# a comparison with null is unknown, and an unknown one is not found, negated or not.
FOUND: dict[str, list[str]] = {
    "IS_EMPTY": ["empty"],
    "IS_NOT_EMPTY": ["full", "other"],
    "CONTAINS": ["full"],
    "DOES_NOT_CONTAIN": ["other", "empty"],
    "IS": ["full"],
    "IS_NOT": ["other"],
    "LESS_THAN_OR_EQUAL": ["full"],
    "GREATER_THAN_OR_EQUAL": ["full", "other"],
    "IS_TODAY": ["full"],
    "IS_IN_PAST": ["full"],
    "IS_RELATIVE": ["full"],
    "IS_BEFORE": [],
    "IS_AFTER": ["full", "other"],
}
EXCEPT: dict[tuple[str, str], list[str]] = {
    ("FILES", "DOES_NOT_CONTAIN"): ["other"],
    ("RATING", "GREATER_THAN_OR_EQUAL"): ["full"],
    ("DATE", "IS_AFTER"): ["full"],
}


def field_name(type_name: str) -> str:
    return f"f{type_name.lower()}"


THING = object_type(
    "thing",
    "things",
    [Field(field_name(name), CONFIGURED.get(name) or FIELD_TYPES[name]()) for name in VALUES],
)


@pytest.fixture(scope="module", params=PARAMS)
def things(request: pytest.FixtureRequest, by_api: WriteContext) -> Iterator[RecordService]:
    """A store with one thing of each kind, known by its place."""
    with STORES[request.param]() as opened:
        objects = ObjectModel([THING, COMPANY])
        service = RecordService(objects, opened, TickingClock(), lambda: str(uuid.uuid4()))
        for position in range(3):
            values = {field_name(name): both[position] for name, both in VALUES.items() if position < 2}
            service.create("thing", {**values, "position": position}, by_api)
        yield service


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']}-{case['operand']}")
def test_a_filter_of_the_reference_finds_what_it_means(things: RecordService, case: dict[str, Any]) -> None:
    type_name, operand = case["type"], case["operand"]
    name = field_name(type_name)
    asked = RecordFilter.model_validate(
        {
            "fieldMetadataId": name,
            "operand": operand,
            "value": case["value"],
            "type": type_name,
            "subFieldName": case.get("sub"),
        }
    )
    condition = compile_find((), (asked,), FindScope({name: FilterField(name, type_name)}, {}, NOW))
    found = [
        ("full", "other", "empty")[int(str(one["position"]))]
        for one in things.find("thing", condition).records
    ]

    assert found == EXCEPT.get((type_name, operand), FOUND[operand])
