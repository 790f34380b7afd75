"""Creating, changing and deleting records, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors
from ventuno.records.context import Actor, WriteContext

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.records.service import RecordService

BY_WORKFLOW = WriteContext(Actor("WORKFLOW", "Quick lead"))


def test_a_created_record_is_returned_in_full_and_read_back_the_same(
    service: RecordService, by_api: WriteContext
) -> None:
    company = service.create("company", {"name": "Acme"}, by_api)
    person = service.create(
        "person",
        {
            "name": {"firstName": "Ada", "lastName": "Lovelace"},
            "emails": {"primaryEmail": " Ada@Example.com "},
            "company": {"id": company["id"]},
        },
        by_api,
    )

    assert service.get("person", str(person["id"])) == person
    assert person["companyId"] == company["id"]
    assert person["emails"] == {"primaryEmail": "ada@example.com", "additionalEmails": None}
    assert person["jobTitle"] is None
    assert person["deletedAt"] is None
    assert person["createdAt"] == person["updatedAt"]
    assert person["createdBy"] == {
        "source": "API",
        "name": "Importer",
        "workspaceMemberId": None,
        "context": {},
    }


def test_defaults_are_set_on_create_only(service: RecordService, by_api: WriteContext) -> None:
    task = service.create("task", {"title": "Call"}, by_api)
    cleared = service.update("task", str(task["id"]), {"status": None}, by_api)

    assert (task["status"], cleared["status"]) == ("TODO", None)


def test_a_later_record_comes_first_by_position(service: RecordService, by_api: WriteContext) -> None:
    earlier: Any = service.create("note", {"title": "1"}, by_api)
    later: Any = service.create("note", {"title": "2"}, by_api)
    last: Any = service.create("note", {"title": "3", "position": "last"}, by_api)

    assert later["position"] < earlier["position"] < last["position"]


@pytest.mark.parametrize("amount", [0, 1, -3, 12.5, 0.1, 1e-7, 1234567890123456789, 2.5e30, 1 / 3, 7.0])
def test_a_number_comes_back_as_it_was_written(
    service: RecordService, by_api: WriteContext, amount: float
) -> None:
    product = service.create("product", {"price": amount}, by_api)
    read = service.get("product", str(product["id"]))

    assert float(str(read["price"])) == float(amount)
    assert repr(read["price"]) == repr(product["price"])


def test_any_json_comes_back_as_it_was_written(service: RecordService, by_api: WriteContext) -> None:
    attributes: JsonObject = {
        "a": [1, 2.5, {"": ""}, None, True, 1e300],
        "größe": "☃",
        "empty": [],
        "none": {},
    }
    product = service.create("product", {"attributes": attributes}, by_api)

    assert service.get("product", str(product["id"]))["attributes"] == attributes


def test_an_update_changes_the_named_parts_and_the_author(
    service: RecordService, by_api: WriteContext
) -> None:
    person = service.create("person", {"name": {"firstName": "Ada", "lastName": "Byron"}}, by_api)
    changed = service.update("person", str(person["id"]), {"name": {"lastName": "Lovelace"}}, BY_WORKFLOW)

    assert changed["name"] == {"firstName": "Ada", "lastName": "Lovelace"}
    assert changed["createdBy"] == person["createdBy"]
    assert changed["updatedBy"] == BY_WORKFLOW.actor.to_value()
    assert str(changed["updatedAt"]) > str(person["updatedAt"])
    assert service.get("person", str(person["id"])) == changed


def test_null_clears_a_field_and_frees_its_unique_value(service: RecordService, by_api: WriteContext) -> None:
    ada = service.create("person", {"emails": {"primaryEmail": "ada@example.com"}}, by_api)
    cleared = service.update("person", str(ada["id"]), {"emails": None}, by_api)
    other = service.create("person", {"emails": {"primaryEmail": "ada@example.com"}}, by_api)

    assert cleared["emails"] == {"primaryEmail": None, "additionalEmails": None}
    assert other["id"] != ada["id"]


@pytest.mark.parametrize("same", [{"jobTitle": "CTO"}, {"emails": {"primaryEmail": "ADA@example.com "}}, {}])
def test_a_write_that_changes_nothing_is_not_stored(
    service: RecordService, by_api: WriteContext, same: dict[str, Any]
) -> None:
    ada = service.create("person", {"jobTitle": "CTO", "emails": {"primaryEmail": "ada@example.com"}}, by_api)
    result = service.update("person", str(ada["id"]), same, BY_WORKFLOW)

    assert result == ada
    assert service.get_versioned("person", str(ada["id"])).version == 1


def test_an_update_of_an_old_version_is_a_conflict(service: RecordService, by_api: WriteContext) -> None:
    note = service.create("note", {"title": "1"}, by_api)
    read = service.get_versioned("note", str(note["id"]))
    service.update("note", str(note["id"]), {"title": "2"}, by_api, expected_version=read.version)

    with pytest.raises(errors.RecordConflictError, match="version 2, not 1"):
        service.update("note", str(note["id"]), {"title": "3"}, by_api, expected_version=read.version)
    assert service.get("note", str(note["id"]))["title"] == "2"


def test_a_deleted_record_is_out_of_reach_but_keeps_its_unique_value(
    service: RecordService, by_api: WriteContext
) -> None:
    ada = service.create("person", {"emails": {"primaryEmail": "ada@example.com"}}, by_api)
    gone = service.delete("person", str(ada["id"]), by_api)

    assert gone["deletedAt"] == gone["updatedAt"]
    with pytest.raises(errors.RecordNotFoundError):
        service.get("person", str(ada["id"]))
    with pytest.raises(errors.RecordNotFoundError):
        service.update("person", str(ada["id"]), {"jobTitle": "CTO"}, by_api)
    with pytest.raises(errors.RecordNotFoundError):
        service.delete("person", str(ada["id"]), by_api)
    with pytest.raises(errors.RecordConflictError, match="emails"):
        service.create("person", {"emails": {"primaryEmail": "Ada@example.com"}}, by_api)


def test_a_unique_value_belongs_to_one_record(service: RecordService, by_api: WriteContext) -> None:
    acme = service.create("company", {"domainName": {"primaryLinkUrl": "https://ACME.com/"}}, by_api)
    other = service.create("company", {"domainName": {"primaryLinkUrl": "https://other.com"}}, by_api)
    taken = {"domainName": {"primaryLinkUrl": "HTTPS://acme.com"}}

    with pytest.raises(errors.RecordConflictError, match=str(acme["id"])):
        service.create("company", taken, by_api)
    with pytest.raises(errors.RecordConflictError, match=str(acme["id"])):
        service.update("company", str(other["id"]), taken, by_api)
    assert service.get("company", str(other["id"])) == other


def test_an_id_can_be_chosen_once(service: RecordService, by_api: WriteContext) -> None:
    chosen = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
    note = service.create("note", {"id": chosen.upper()}, by_api)

    assert note["id"] == chosen
    with pytest.raises(errors.RecordConflictError, match=chosen):
        service.create("note", {"id": chosen}, by_api)


def test_a_record_that_no_row_can_hold_is_refused(service: RecordService, by_api: WriteContext) -> None:
    note = service.create("note", {"title": "small"}, by_api)

    with pytest.raises(errors.RecordInputError, match="too large"):
        service.create("note", {"title": "x" * 410_000}, by_api)
    with pytest.raises(errors.RecordInputError, match="too large"):
        service.update("note", str(note["id"]), {"title": "☃" * 140_000}, by_api)
    assert len(str(service.create("note", {"title": "x" * 400_000}, by_api)["title"])) == 400_000


def test_a_deleted_record_can_be_restored(service: RecordService, by_api: WriteContext) -> None:
    deal = service.create("opportunity", {"name": "deal"}, by_api)
    service.delete("opportunity", str(deal["id"]), by_api)
    back = service.restore("opportunity", str(deal["id"]), BY_WORKFLOW)
    again = service.restore("opportunity", str(deal["id"]), by_api)

    assert back["deletedAt"] is None
    assert back["updatedBy"] == BY_WORKFLOW.actor.to_value()
    assert again == back == service.get("opportunity", str(deal["id"]))
    assert service.get_versioned("opportunity", str(deal["id"])).version == 3


@pytest.mark.parametrize("deleted_before", [False, True])
def test_a_destroyed_record_leaves_nothing_behind(
    service: RecordService, by_api: WriteContext, *, deleted_before: bool
) -> None:
    values = {"sku": "A-1", "shelf": "3"}
    product = service.create("product", values, by_api)
    if deleted_before:
        product = service.delete("product", str(product["id"]), by_api)
    gone = service.destroy("product", str(product["id"]), by_api)
    other = service.create("product", values, by_api)

    assert gone == product
    assert service.find("product").records == (other,)
    with pytest.raises(errors.RecordNotFoundError):
        service.destroy("product", str(product["id"]), by_api)


@pytest.mark.parametrize("record_id", ["", "acme", "x" * 5000, "☃", "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"])
def test_an_id_that_no_record_has_is_not_found(
    service: RecordService, by_api: WriteContext, record_id: str
) -> None:
    with pytest.raises(errors.RecordNotFoundError):
        service.get("person", record_id)
    with pytest.raises(errors.RecordNotFoundError):
        service.update("person", record_id, {"jobTitle": "CTO"}, by_api)


BAD_INPUT: list[tuple[str, dict[str, Any], str, str]] = [
    ("person", {"emial": "a@b.c"}, "emial", r"not a field of person \(did you mean emails\?\)"),
    ("person", {"jobTitle": 3}, "jobTitle", "must be text, not a number"),
    ("person", {"name": "Ada"}, "name", "must be an object with firstName, lastName"),
    ("person", {"name": {"first": "Ada"}}, "name", "no sub-field 'first'"),
    ("person", {"companyId": "acme"}, "companyId", "must be a UUID"),
    ("person", {"company": ["acme"]}, "company", "must be a UUID"),
    ("person", {"updatedBy": {"source": "API"}}, "updatedBy", "set by the system"),
    ("opportunity", {"stage": "WON"}, "stage", "must be one of NEW, SCREENING"),
    ("opportunity", {"amount": {"amountMicros": "12"}}, "amount", "amountMicros must be a number, not text"),
    (
        "opportunity",
        {"amount": {"amountMicros": True}},
        "amount",
        "amountMicros must be a number, not a boolean",
    ),
    ("opportunity", {"amount": {"amountMicros": float("nan")}}, "amount", "must be 0 or a number"),
    ("opportunity", {"closeDate": "tomorrow"}, "closeDate", "must be a date and time"),
    ("product", {"price": 1e200}, "price", "between 1e-100 and 1e38"),
    ("product", {"attributes": {"x": float("inf")}}, "attributes", "no NaN"),
    ("product", {"attributes": [[], {"a\ud800": 1}]}, "attributes", "half of a surrogate pair"),
    ("note", {"title": "\udfff"}, "title", "half of a surrogate pair"),
    ("persn", {}, "", r"no object 'persn' \(did you mean person\?\)"),
]


@pytest.mark.parametrize(("name", "values", "field", "message"), BAD_INPUT)
def test_bad_input_is_refused_with_a_sentence(
    service: RecordService, by_api: WriteContext, name: str, values: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(errors.RecordInputError, match=message) as refused:
        service.create(name, values, by_api)
    assert (refused.value.field or "") == field


def test_all_wrong_fields_are_named_at_once(service: RecordService, by_api: WriteContext) -> None:
    with pytest.raises(errors.RecordInputError, match=r"emial.*; jobTitle.*; companyId"):
        service.create("person", {"emial": 1, "jobTitle": 2, "companyId": 3}, by_api)


def test_the_fields_of_a_records_creation_cannot_be_changed(
    service: RecordService, by_api: WriteContext
) -> None:
    note = service.create("note", {"createdAt": "2020-01-01T00:00:00Z"}, by_api)

    with pytest.raises(errors.RecordInputError, match="createdAt cannot be changed"):
        service.update("note", str(note["id"]), {"createdAt": "2021-01-01"}, by_api)
    assert service.update("note", str(note["id"]), {"createdAt": "2020-01-01"}, by_api) == note
