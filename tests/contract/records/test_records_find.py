"""Finding records by every way, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import eq
from ventuno import errors
from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or, pattern_containing

if TYPE_CHECKING:
    from tests.contract.records.conftest import Deals
    from ventuno.json_value import JsonObject
    from ventuno.records.context import WriteContext
    from ventuno.records.query import Found
    from ventuno.records.service import RecordService


def numbers(records: tuple[JsonObject, ...]) -> list[int]:
    return [int(str(record["name"]).removeprefix("deal ")) for record in records]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (eq("stage", "MEETING"), [1, 4, 7, 10, 13, 16, 19]),
        (
            Comparison(("stage",), Operator.IN, ["NEW", "CUSTOMER", "WON"]),
            [0, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18],
        ),
        (And((eq("stage", "NEW"), Comparison(("name",), Operator.ILIKE, "DEAL 1%"))), [12, 15, 18]),
        (eq("name", "deal 7"), [7]),
        (Comparison(("amount", "amountMicros"), Operator.GTE, 17_000_000), [17, 18, 19]),
        (Comparison(("amount", "amountMicros"), Operator.IS, "NULL"), [0, 5, 10, 15]),
        (And((Not(Comparison(("amount", "amountMicros"), Operator.LT, 17_000_000)),)), [17, 18, 19]),
        (Comparison(("closeDate",), Operator.LT, "2026-04-03T10:00:00Z"), [0, 1]),
        (Comparison(("closeDate",), Operator.LTE, "2026-04-03T10:00:00Z"), [0, 1, 2]),
        (Or((eq("name", "deal 3"), And((eq("stage", "CUSTOMER"), eq("name", "deal 17"))))), [3, 17]),
        (And((Comparison(("company", "name"), Operator.ILIKE, "%glob%"), eq("stage", "NEW"))), [3, 9, 15]),
        (Not(Comparison(("company", "name"), Operator.EQ, "Acme")), list(range(1, 20, 2))),
        (eq("stage", "WON"), []),
        (eq("companyId", "not-an-id"), []),
        (eq("id", "not-an-id"), []),
        (And(()), list(range(20))),
    ],
)
def test_conditions_find_the_records_in_the_order_of_creation(
    deals: Deals, condition: Condition, expected: list[int]
) -> None:
    found = deals.service.find("opportunity", condition)

    assert numbers(found.records) == expected
    assert found.total_count == len(expected)
    assert found.cursor is None


@pytest.mark.parametrize(
    "condition",
    [None, eq("stage", "NEW"), Comparison(("name",), Operator.LIKE, "%1%"), eq("company.id", "Acme's")],
)
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_pages_follow_each_other_without_gap_or_repetition(
    deals: Deals, condition: Comparison | None, limit: int
) -> None:
    if condition and condition.value == "Acme's":
        condition = eq("company.id", deals.acme_id)
    everything = deals.service.find("opportunity", condition)
    pages: list[Found] = []
    cursor = None
    while cursor or not pages:
        pages.append(deals.service.find("opportunity", condition, limit, cursor))
        cursor = pages[-1].cursor

    assert [record for page in pages for record in page.records] == list(everything.records)
    assert {page.total_count for page in pages} == {everything.total_count}
    assert all(len(page.records) == limit for page in pages[:-1])


def test_a_cursor_stands_where_it_stood_when_records_come_and_go(
    own_deals: Deals, by_api: WriteContext
) -> None:
    service, records = own_deals.service, own_deals.records
    first = service.find("opportunity", None, 5)
    service.delete("opportunity", str(records[4]["id"]), by_api)
    service.delete("opportunity", str(records[6]["id"]), by_api)
    service.create("opportunity", {"name": "deal 20"}, by_api)
    second = service.find("opportunity", None, 5, first.cursor)

    assert numbers(second.records) == [5, 7, 8, 9, 10]


@pytest.mark.parametrize(
    ("condition", "scanned"),
    [
        (None, True),
        (eq("name", "deal 3"), True),
        (Or((eq("stage", "NEW"), eq("stage", "MEETING"))), True),
        (eq("stage", "NEW"), False),
        (And((eq("name", "deal 3"), eq("stage", "NEW"))), False),
    ],
)
def test_a_find_says_whether_it_had_to_scan(
    deals: Deals, condition: Condition | None, *, scanned: bool
) -> None:
    assert deals.service.find("opportunity", condition).scanned is scanned


def test_records_are_found_by_unique_values_in_any_spelling(
    service: RecordService, by_api: WriteContext
) -> None:
    ada = service.create("person", {"emails": {"primaryEmail": "ada@example.com"}}, by_api)
    by_email = service.find("person", eq("emails.primaryEmail", "ADA@Example.com"))
    by_id = service.find("person", Comparison(("id",), Operator.IN, [str(ada["id"]).upper(), "x"]))
    and_more = service.find(
        "person", And((eq("emails.primaryEmail", "ada@example.com"), eq("jobTitle", "CTO")))
    )

    assert by_email.records == by_id.records == (ada,)
    assert (by_email.scanned, by_id.scanned, and_more.scanned) == (False, False, False)
    assert and_more.total_count == 0


def test_deleted_records_are_found_only_when_asked_for(service: RecordService, by_api: WriteContext) -> None:
    kept = service.create("opportunity", {"name": "deal 0"}, by_api)
    gone = service.create("opportunity", {"name": "deal 1"}, by_api)
    service.delete("opportunity", str(gone["id"]), by_api)
    deleted = Comparison(("deletedAt",), Operator.IS, "NOT_NULL")

    assert numbers(service.find("opportunity").records) == [0]
    assert numbers(service.find("opportunity", eq("stage", "NEW")).records) == [0]
    assert service.find("opportunity", eq("id", gone["id"])).total_count == 0
    assert numbers(service.find("opportunity", deleted).records) == [1]
    assert numbers(service.find("opportunity", And((deleted, eq("stage", "NEW")))).records) == [1]
    assert service.find("opportunity", And((deleted, eq("id", kept["id"])))).total_count == 0


def test_an_index_follows_the_changes_of_a_record(service: RecordService, by_api: WriteContext) -> None:
    deal = service.create("opportunity", {"name": "deal 0"}, by_api)
    service.update("opportunity", str(deal["id"]), {"stage": "CUSTOMER"}, by_api)

    assert service.find("opportunity", eq("stage", "NEW")).total_count == 0
    assert service.find("opportunity", eq("stage", "CUSTOMER")).total_count == 1


def test_an_empty_text_and_null_are_one_for_filters(service: RecordService, by_api: WriteContext) -> None:
    service.create("product", {"shelf": "", "sku": "a"}, by_api)
    service.create("product", {"shelf": "3", "sku": "b"}, by_api)

    def skus(condition: Condition) -> list[Any]:
        return [record["sku"] for record in service.find("product", condition).records]

    assert skus(eq("shelf", "")) == ["a"]
    assert skus(Comparison(("shelf",), Operator.IS, "NULL")) == ["a"]
    assert skus(Not(Comparison(("shelf",), Operator.ILIKE, pattern_containing("3")))) == ["a"]
    assert skus(Not(Comparison(("company", "name"), Operator.ILIKE, pattern_containing("3")))) == ["a", "b"]


def test_a_count_needs_no_records(deals: Deals) -> None:
    counted = deals.service.find("opportunity", eq("companyId", deals.acme_id), limit=0)

    assert (counted.records, counted.total_count) == ((), 10)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (eq("nmae", "x"), r"not a field of company \(did you mean name\?\)"),
        (eq("domainName.url", "x"), "domainName.url is not a field"),
        (eq("accountOwner.nam", "x"), r"nam is not a field of workspaceMember \(did you mean name\?\)"),
        (Comparison(("name",), Operator.IS, ["NULL"]), "needs NULL or NOT_NULL"),
        (eq("createdAt", "yesterday"), "must be a date and time"),
        (Comparison(("name",), Operator.IN, "x"), "needs a list"),
        (Comparison(("name",), Operator.LIKE, 5), "needs text"),
        (Comparison(("name",), Operator.IS, "EMPTY"), "needs NULL or NOT_NULL"),
        (Comparison(("name",), Operator.SEARCH, "x"), "search, which records do not have"),
        (Comparison((), Operator.EQ, "x"), "not a field"),
    ],
)
def test_a_wrong_filter_is_an_error_and_never_everything(
    service: RecordService, condition: Condition, message: str
) -> None:
    with pytest.raises(errors.RecordInputError, match=message):
        service.find("company", condition)


def test_a_filter_looks_through_one_relation_and_refuses_two(deals: Deals) -> None:
    owned = Comparison(("company", "accountOwnerId"), Operator.IS, "NULL")

    assert deals.service.find("opportunity", owned).total_count == 20
    with pytest.raises(errors.RecordInputError, match="one relation, not two"):
        deals.service.find("opportunity", eq("company.accountOwner.userEmail", "a@b.c"))


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ==", "W10=", "☃", "bnVsbA=="])
def test_a_foreign_cursor_is_refused(service: RecordService, cursor: str) -> None:
    with pytest.raises(errors.RecordInputError, match="cursor"):
        service.find("company", cursor=cursor)
