"""Records of one object merged into one, on every store."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import eq
from ventuno import errors
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from ventuno.records.service import RecordService


def company(service: RecordService, by_api: WriteContext, **values: Any) -> str:  # noqa: ANN401  any JSON
    return str(service.create("company", values, by_api)["id"])


def test_a_merge_keeps_what_has_priority_and_takes_what_it_lacks(
    service: RecordService, by_api: WriteContext
) -> None:
    ada = service.create(
        "person",
        {
            "name": {"firstName": "Ada"},
            "emails": {"primaryEmail": "ada@a.example", "additionalEmails": ["x@x.example"]},
            "phones": {"primaryPhoneNumber": "+33612345678"},
        },
        by_api,
    )
    twin = service.create(
        "person",
        {
            "name": {"firstName": "A.", "lastName": "L."},
            "emails": {"primaryEmail": "ada@b.example", "additionalEmails": ["x@x.example"]},
            "phones": {"primaryPhoneNumber": "+33687654321"},
            "jobTitle": "Countess",
        },
        by_api,
    )
    merged: Any = service.merge("person", [str(twin["id"]), str(ada["id"])], 1, by_api)

    assert merged == service.get("person", str(ada["id"]))
    assert merged["name"] == {"firstName": "Ada", "lastName": None}
    assert merged["jobTitle"] == "Countess"
    assert merged["emails"] == {
        "primaryEmail": "ada@a.example",
        "additionalEmails": ["x@x.example", "ada@b.example"],
    }
    assert merged["phones"]["primaryPhoneNumber"] == "612345678"
    assert merged["phones"]["additionalPhones"] == [
        {"number": "687654321", "countryCode": "FR", "callingCode": "+33"}
    ]
    with pytest.raises(errors.RecordNotFoundError, match="is deleted"):
        service.get("person", str(twin["id"]))


def test_a_unique_value_passes_to_the_merged_record(service: RecordService, by_api: WriteContext) -> None:
    bare = company(service, by_api, name="Acme")
    known = company(service, by_api, domainName={"primaryLinkUrl": "acme.example"})
    service.merge("company", [bare, known], 0, by_api)
    found = service.find("company", eq("domainName.primaryLinkUrl", "acme.example"))
    again = service.upsert("company", {"domainName": {"primaryLinkUrl": "acme.example"}}, by_api)
    back: Any = service.restore("company", known, by_api)

    assert [record["id"] for record in found.records] == [bare]
    assert again["id"] == bare
    assert back["domainName"]["primaryLinkUrl"] is None


def test_what_pointed_at_the_others_points_at_the_merged_record(
    service: RecordService, by_api: WriteContext
) -> None:
    kept, gone = company(service, by_api, name="Acme"), company(service, by_api, name="Acme Inc")
    person = service.create("person", {"companyId": gone}, by_api)
    task = service.create("task", {"title": "Call"}, by_api)
    target = service.create("taskTarget", {"taskId": task["id"], "targetCompanyId": gone}, by_api)
    part = service.create("product", {"sku": "a", "companyId": kept}, by_api)
    service.merge("company", [kept, gone], 0, by_api)

    assert service.get("person", str(person["id"]))["companyId"] == kept
    assert service.get("taskTarget", str(target["id"]))["targetCompanyId"] == kept
    assert service.get("product", str(part["id"])) == part


def test_a_dry_run_changes_nothing(service: RecordService, by_api: WriteContext) -> None:
    one, two = (
        company(service, by_api, name="Acme"),
        company(service, by_api, address={"addressCity": "Turin"}),
    )
    shown: Any = service.merge("company", [one, two], 0, by_api, dry_run=True)

    assert (shown["name"], shown["address"]["addressCity"]) == ("Acme", "Turin")
    assert service.get("company", one)["address"] != shown["address"]
    assert service.find("company").total_count == 2


def test_a_repeated_merge_returns_what_the_first_one_made(
    service: RecordService, by_api: WriteContext
) -> None:
    key = WriteContext(Actor("API", "Importer"), key="merge-1")
    ids = [company(service, by_api, name=name) for name in ("Acme", "Acme Inc")]

    assert service.merge("company", ids, 0, key) == service.merge("company", ids, 0, key)


@pytest.mark.parametrize(
    ("count", "priority", "error"),
    [
        (1, 0, errors.RecordInputError),
        (11, 0, errors.RecordInputError),
        (2, 2, errors.RecordInputError),
        (2, -1, errors.RecordInputError),
        (2, 0, errors.RecordNotFoundError),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(
    service: RecordService, by_api: WriteContext, count: int, priority: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        service.merge("company", [str(uuid.uuid4()) for _ in range(count)], priority, by_api)


def test_a_record_cannot_be_merged_with_itself(service: RecordService, by_api: WriteContext) -> None:
    one = company(service, by_api, name="Acme")

    with pytest.raises(errors.RecordInputError, match="different records"):
        service.merge("company", [one, one], 0, by_api)
