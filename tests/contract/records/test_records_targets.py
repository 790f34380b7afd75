"""Relations point to records that exist, on every store."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import service_on
from ventuno import errors
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.filters.condition import Comparison, Operator

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


def test_what_points_at_a_destroyed_record_points_nowhere_then(
    service: RecordService, by_api: WriteContext
) -> None:
    acme, globex = (str(service.create("company", {"name": name}, by_api)["id"]) for name in ("A", "G"))
    people = [service.create("person", {"companyId": acme}, by_api) for _ in range(9)]
    deal = service.create("opportunity", {"companyId": acme}, by_api)
    target = service.create("taskTarget", {"targetCompany": {"id": acme}}, by_api)
    other = service.create("person", {"companyId": globex}, by_api)
    service.destroy("company", acme.upper(), by_api)

    assert {service.get("person", str(person["id"]))["companyId"] for person in people} == {None}
    assert service.get("opportunity", str(deal["id"]))["companyId"] is None
    assert service.get("taskTarget", str(target["id"]))["targetCompanyId"] is None
    assert service.get("person", str(other["id"])) == other


def test_a_record_that_points_at_itself_can_be_destroyed(
    service: RecordService, by_api: WriteContext
) -> None:
    own = str(uuid.uuid4())
    service.create("product", {"id": own, "partOfId": own}, by_api)
    service.destroy("product", own, by_api)

    assert service.find("product").total_count == 0


def test_a_record_at_which_very_much_points_is_destroyed_in_several_calls(by_api: WriteContext) -> None:
    service = service_on(MemoryRecordStore())
    acme = str(service.create("company", {}, by_api)["id"])
    for _ in range(6):
        service.create_many("person", [{"companyId": acme}] * 200, by_api)
    with pytest.raises(errors.RecordConflictError, match="repeat the call"):
        service.destroy("company", acme, by_api)
    of_acme = Comparison(("companyId",), Operator.EQ, acme)

    assert service.find("person", of_acme, limit=0).total_count == 200
    assert service.destroy("company", acme, by_api)["id"] == acme
    assert service.find("person", of_acme, limit=0).total_count == 0


def test_a_deleted_record_that_is_restored_may_point_nowhere(
    service: RecordService, by_api: WriteContext
) -> None:
    acme = str(service.create("company", {"name": "Acme"}, by_api)["id"])
    ada = str(service.create("person", {"companyId": acme}, by_api)["id"])
    service.delete("person", ada, by_api)
    service.destroy("company", acme, by_api)
    service.restore("person", ada, by_api)
    changed = service.update("person", ada, {"companyId": acme, "jobTitle": "CTO"}, by_api)

    assert changed["jobTitle"] == "CTO"
