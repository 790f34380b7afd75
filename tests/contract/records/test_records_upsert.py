"""Which record an upsert means, on every store. Source: reference §10.5."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ventuno import errors
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.records.service import RecordService

ACME = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
OTHER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def companies(service: RecordService, by_api: WriteContext) -> None:
    for company_id in (ACME, OTHER):
        service.create("company", {"id": company_id}, by_api)


BY_WORKFLOW = WriteContext(Actor("WORKFLOW", "Sync"))


def test_an_upsert_matches_by_id(service: RecordService, by_api: WriteContext) -> None:
    made = service.upsert("product", {"id": OTHER, "price": 1}, by_api)
    changed = service.upsert("product", {"id": OTHER, "price": 2}, BY_WORKFLOW)

    assert made["id"] == changed["id"] == OTHER
    assert (made["price"], changed["price"]) == (1, 2)
    assert changed["createdBy"] == made["createdBy"]


def test_an_upsert_matches_by_a_unique_text_field(service: RecordService, by_api: WriteContext) -> None:
    made = service.upsert("product", {"sku": "A-1", "price": 1}, by_api)
    changed = service.upsert("product", {"sku": "A-1", "price": 2}, by_api)

    assert changed["id"] == made["id"]
    assert changed["price"] == 2
    assert service.find("product").total_count == 1


def test_an_upsert_matches_emails_by_the_primary_one(service: RecordService, by_api: WriteContext) -> None:
    made = service.upsert("person", {"emails": {"primaryEmail": "ada@example.com"}}, by_api)
    values = {"emails": {"primaryEmail": "ADA@example.com", "additionalEmails": ["b@example.com"]}}
    changed = service.upsert("person", values, by_api)

    assert changed["id"] == made["id"]
    assert changed["emails"] == {"primaryEmail": "ada@example.com", "additionalEmails": ["b@example.com"]}


@pytest.mark.usefixtures("companies")
def test_a_group_of_several_fields_matches_as_a_whole(service: RecordService, by_api: WriteContext) -> None:
    made = service.upsert("product", {"code": "x", "company": {"id": ACME}, "price": 1}, by_api)
    partly = service.upsert("product", {"code": "x", "companyId": OTHER}, by_api)
    incomplete = service.upsert("product", {"code": "x"}, by_api)
    whole = service.upsert("product", {"code": "x", "companyId": ACME, "price": 2}, by_api)

    assert whole["id"] == made["id"]
    assert len({made["id"], partly["id"], incomplete["id"]}) == 3


def test_an_index_that_is_not_unique_does_not_match(service: RecordService, by_api: WriteContext) -> None:
    service.upsert("product", {"shelf": "3"}, by_api)
    service.upsert("product", {"shelf": "3"}, by_api)

    assert service.find("product").total_count == 2


@pytest.mark.usefixtures("companies")
def test_two_groups_may_match_the_same_record(service: RecordService, by_api: WriteContext) -> None:
    made = service.create("product", {"sku": "A-1", "code": "x", "companyId": ACME}, by_api)
    changed = service.upsert("product", {"sku": "A-1", "code": "x", "companyId": ACME, "price": 5}, by_api)

    assert changed["id"] == made["id"]


@pytest.mark.usefixtures("companies")
def test_two_groups_that_match_different_records_are_a_conflict(
    service: RecordService, by_api: WriteContext
) -> None:
    service.create("product", {"sku": "A-1"}, by_api)
    service.create("product", {"code": "x", "companyId": ACME}, by_api)

    with pytest.raises(errors.UpsertConflictError, match="UPSERT_MULTIPLE_MATCHING_RECORDS_CONFLICT"):
        service.upsert("product", {"sku": "A-1", "code": "x", "companyId": ACME}, by_api)


@pytest.mark.usefixtures("companies")
def test_an_upsert_brings_a_deleted_record_back(service: RecordService, by_api: WriteContext) -> None:
    made = service.create("product", {"sku": "A-1", "shelf": "3", "companyId": ACME}, by_api)
    service.delete("product", str(made["id"]), by_api)
    back = service.upsert("product", {"sku": "A-1"}, BY_WORKFLOW)

    assert back["id"] == made["id"]
    assert back["deletedAt"] is None
    assert back["shelf"] == "3"
    assert service.get("product", str(made["id"])) == back
    assert service.find("product").total_count == 1


def test_an_upsert_that_changes_nothing_is_not_stored(service: RecordService, by_api: WriteContext) -> None:
    made = service.create("product", {"sku": "A-1", "price": 1.5}, by_api)
    same = service.upsert("product", {"sku": "A-1", "price": 1.5}, BY_WORKFLOW)

    assert same == made
    assert service.get_versioned("product", str(made["id"])).version == 1


def test_concurrent_upserts_of_one_email_make_one_record_and_lose_no_write(
    service: RecordService, by_api: WriteContext, crowd: int
) -> None:
    def upsert(number: int) -> object:
        values: JsonObject = {"emails": {"primaryEmail": "ada@example.com"}, "jobTitle": f"title {number}"}
        return service.upsert("person", values, by_api)["id"]

    with ThreadPoolExecutor(min(crowd, 16)) as threads:
        ids = set(threads.map(upsert, range(crowd)))

    assert len(ids) == 1
    assert service.find("person").total_count == 1
    assert service.get_versioned("person", str(ids.pop())).version == crowd
