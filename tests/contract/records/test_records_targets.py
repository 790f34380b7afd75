"""Relations point to records that exist, on every store."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.json_value import JsonObject
    from ventuno.records.context import WriteContext
    from ventuno.records.service import RecordService

NOWHERE = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
ADA: JsonObject = {"emails": {"primaryEmail": "ada@example.com"}}
LOST: JsonObject = {**ADA, "companyId": NOWHERE}

WRITES: dict[str, Callable[[RecordService, WriteContext, str], Any]] = {
    "create": lambda service, write, _: service.create("person", {"companyId": NOWHERE}, write),
    "update": lambda service, write, ada: service.update("person", ada, {"companyId": NOWHERE}, write),
    "upsert that matches": lambda service, write, _: service.upsert("person", LOST, write),
    "upsert that creates": lambda service, write, _: service.upsert("person", {"companyId": NOWHERE}, write),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_relation_to_nothing_is_refused(service: RecordService, by_api: WriteContext, name: str) -> None:
    ada = service.create("person", ADA, by_api)

    with pytest.raises(errors.RecordInputError, match=f"companyId points to no record.*{NOWHERE}") as caught:
        WRITES[name](service, by_api, str(ada["id"]))
    assert caught.value.field == "companyId"
    assert service.find("person").records == (ada,)


def test_a_batch_names_the_record_whose_relation_is_wrong(
    service: RecordService, by_api: WriteContext
) -> None:
    acme = service.create("company", {"name": "Acme"}, by_api)

    with pytest.raises(errors.RecordInputError, match=r"^\[1\] .*companyId points to no record") as caught:
        service.create_many("person", [{"companyId": acme["id"]}, {"companyId": NOWHERE}], by_api)
    assert caught.value.field == "[1].companyId"
    assert service.find("person").total_count == 0


def test_records_may_point_to_themselves_and_to_others_of_their_batch(
    service: RecordService, by_api: WriteContext
) -> None:
    whole, part, own = (str(uuid.uuid4()) for _ in range(3))
    made = service.create_many("product", [{"id": part, "partOfId": whole}, {"id": whole}], by_api)
    itself = service.create("product", {"id": own, "partOfId": own}, by_api)

    assert [record["partOfId"] for record in (*made, itself)] == [whole, None, own]


def test_a_deleted_target_is_still_one(service: RecordService, by_api: WriteContext) -> None:
    acme = str(service.create("company", {"name": "Acme"}, by_api)["id"])
    service.delete("company", acme, by_api)

    assert service.create("person", {"companyId": acme}, by_api)["companyId"] == acme


def test_a_relation_whose_target_was_destroyed_does_not_stop_other_changes(
    service: RecordService, by_api: WriteContext
) -> None:
    acme = str(service.create("company", {"name": "Acme"}, by_api)["id"])
    ada = str(service.create("person", {"companyId": acme}, by_api)["id"])
    service.destroy("company", acme, by_api)
    changed = service.update("person", ada, {"companyId": acme, "jobTitle": "CTO"}, by_api)

    assert changed["jobTitle"] == "CTO"
