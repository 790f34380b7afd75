"""Orders, cursors in both directions, budgets and what a find tells of its work, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import eq
from ventuno import errors
from ventuno.filters.condition import And, Comparison, Operator
from ventuno.records.budget import Budget
from ventuno.records.ordering import Direction, Sort
from ventuno.records.query import Query

if TYPE_CHECKING:
    from tests.contract.records.conftest import Deals
    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject
    from ventuno.records.context import WriteContext
    from ventuno.records.query import Found
    from ventuno.records.service import RecordService

ASC, DESC = Direction.ASC_NULLS_FIRST, Direction.DESC_NULLS_LAST
AMOUNT = ("amount", "amountMicros")
WITHOUT_AMOUNT = [0, 5, 10, 15]
WITH_AMOUNT = [number for number in range(20) if number % 5]
NEW, MEETING, CUSTOMER = (list(range(stage, 20, 3)) for stage in range(3))
CREATED = Comparison(("createdAt",), Operator.GTE, "2000-01-01")


def numbers(records: tuple[JsonObject, ...]) -> list[int]:
    return [int(str(record["name"]).removeprefix("deal ")) for record in records]


def created(operator: Operator, record: JsonObject) -> Comparison:
    return Comparison(("createdAt",), operator, record["createdAt"])


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.ASC_NULLS_FIRST, [*WITHOUT_AMOUNT, *WITH_AMOUNT]),
        (Direction.ASC_NULLS_LAST, [*WITH_AMOUNT, *WITHOUT_AMOUNT]),
        (Direction.DESC_NULLS_FIRST, [*WITHOUT_AMOUNT, *WITH_AMOUNT[::-1]]),
        (Direction.DESC_NULLS_LAST, [*WITH_AMOUNT[::-1], *WITHOUT_AMOUNT]),
    ],
)
def test_a_direction_places_values_and_nulls(deals: Deals, direction: Direction, expected: list[int]) -> None:
    order = (Sort(AMOUNT, direction), Sort(("createdAt",)))

    assert numbers(deals.service.query("opportunity", Query(order=order)).records) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), list(range(20))),
        ((Sort(("createdAt",), ASC),), list(range(20))),
        ((Sort(("createdAt",), DESC),), list(range(19, -1, -1))),
        ((Sort(("closeDate",), DESC),), list(range(19, -1, -1))),
        ((Sort(("stage",), ASC), Sort(("createdAt",), ASC)), [*NEW, *MEETING, *CUSTOMER]),
        ((Sort(("stage",), DESC), Sort(("createdAt",), ASC)), [*CUSTOMER, *MEETING, *NEW]),
        ((Sort(("amount",), DESC), Sort(("closeDate",), DESC)), [*WITH_AMOUNT[::-1], *WITHOUT_AMOUNT[::-1]]),
    ],
)
def test_records_come_in_the_order_asked_for(
    deals: Deals, order: tuple[Sort, ...], expected: list[int]
) -> None:
    found = deals.service.query("opportunity", Query(order=order))

    assert numbers(found.records) == expected
    assert found.total_count == 20


def test_text_is_ordered_without_regard_to_case(service: RecordService, by_api: WriteContext) -> None:
    for sku in ("b", "A", "C", "a"):
        service.create("product", {"sku": sku}, by_api)
    found = service.query("product", Query(order=(Sort(("sku",)),)))

    assert [record["sku"] for record in found.records] == ["A", "a", "b", "C"]


@pytest.mark.parametrize(
    "order",
    [
        (),
        (Sort(("createdAt",), DESC),),
        (Sort(AMOUNT, Direction.ASC_NULLS_LAST),),
        (Sort(("stage",), DESC), Sort(("name",), ASC)),
    ],
)
@pytest.mark.parametrize("condition", [None, eq("stage", "NEW"), CREATED, eq("name", "deal 3")])
@pytest.mark.parametrize("limit", [3, 7])
def test_pages_in_both_directions_have_every_record_once(
    deals: Deals, order: tuple[Sort, ...], condition: Condition | None, limit: int
) -> None:
    query: dict[str, Any] = {"condition": condition, "order": order}
    everything = deals.service.query("opportunity", Query(**query))
    steps: list[Found] = [deals.service.query("opportunity", Query(**query, limit=limit))]
    while steps[-1].has_next:
        page = Query(**query, limit=limit, after=steps[-1].end_cursor)
        steps.append(deals.service.query("opportunity", page))
    forward = list(steps)
    while steps[-1].has_previous:
        page = Query(**query, limit=limit, before=steps[-1].start_cursor)
        steps.append(deals.service.query("opportunity", page))
    back = steps[len(forward) :][::-1]

    assert [record for found in forward for record in found.records] == list(everything.records)
    assert [found.records for found in back] == [found.records for found in forward[:-1]]
    assert {found.total_count for found in steps} == {everything.total_count}
    assert [found.has_previous for found in forward] == [False] + [True] * (len(forward) - 1)
    assert all(found.has_next for found in back)


@pytest.mark.parametrize("order", [(), (Sort(("closeDate",), DESC),)])
def test_a_cursor_stands_where_it_stood_in_both_directions(
    own_deals: Deals, by_api: WriteContext, order: tuple[Sort, ...]
) -> None:
    service, records = own_deals.service, own_deals.records
    everything = numbers(service.query("opportunity", Query(order=order)).records)
    middle = service.query("opportunity", Query(order=order, limit=10))
    service.destroy("opportunity", str(records[everything[9]]["id"]), by_api)
    service.create("opportunity", {"name": "deal 99", "closeDate": "2026-04-11T23:00:00+02:00"}, by_api)
    after = service.query("opportunity", Query(order=order, limit=3, after=middle.end_cursor))
    before = service.query("opportunity", Query(order=order, limit=3, before=middle.end_cursor))

    assert [n for n in numbers(after.records) if n != 99] == everything[10:13]
    assert [n for n in numbers(before.records) if n != 99][-2:] == everything[7:9]
    assert after.has_previous
    assert before.has_next


@pytest.mark.parametrize(
    ("condition", "way", "residual"),
    [
        (None, "SCAN", False),
        (eq("name", "deal 3"), "SCAN", True),
        (eq("stage", "NEW"), "INDEX", False),
        (And((eq("stage", "NEW"), eq("name", "deal 3"))), "INDEX", True),
        (CREATED, "SCAN", False),
        (eq("id", "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"), "ID", True),
    ],
)
def test_a_find_tells_the_way_it_took(
    deals: Deals, condition: Condition | None, way: str, *, residual: bool
) -> None:
    work = deals.service.query("opportunity", Query(condition)).work.to_value()

    assert (work["way"], work["scanned"], work["sortedInMemory"]) == (way, way == "SCAN", False)
    assert (work["checkedByRecord"] is not None) is residual
    assert isinstance(work["reads"], int)
    assert work["reads"] > 0


def test_an_order_that_no_store_keeps_looks_at_every_match(deals: Deals) -> None:
    lazy = deals.service.query("opportunity", Query(limit=1, counted=False)).work
    sorted_ = deals.service.query("opportunity", Query(order=(Sort(("name",)),), limit=1)).work

    assert lazy.rows < 20
    assert (sorted_.rows, sorted_.sorted_in_memory) == (20, True)


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (Operator.GT, [8, 9, 10, 11, 12]),
        (Operator.GTE, [7, 8, 9, 10, 11, 12]),
        (Operator.EQ, [7]),
    ],
)
@pytest.mark.parametrize("more", [None, Comparison(("stage",), Operator.IN, ["NEW", "MEETING", "CUSTOMER"])])
def test_a_range_of_creation_is_read_and_nothing_else(
    deals: Deals, operator: Operator, expected: list[int], more: Condition | None
) -> None:
    records = deals.records
    bounds = (created(operator, records[7]), created(Operator.LT, records[13]), *([more] if more else []))
    forward = deals.service.query("opportunity", Query(And(bounds), limit=4))
    backward = deals.service.query(
        "opportunity", Query(And(bounds), order=(Sort(("createdAt",), DESC),), limit=4)
    )
    rest = deals.service.query("opportunity", Query(And(bounds), limit=4, after=forward.end_cursor))

    assert forward.total_count == backward.total_count == len(expected)
    assert numbers(forward.records) == expected[:4]
    assert numbers(rest.records) == expected[4:]
    assert numbers(backward.records) == expected[::-1][:4]
    assert forward.work.residual is None


def test_a_range_that_excludes_itself_finds_nothing(deals: Deals) -> None:
    never = And((created(Operator.GT, deals.records[9]), created(Operator.LT, deals.records[3])))

    assert deals.service.query("opportunity", Query(never)).total_count == 0


@pytest.mark.parametrize(
    ("condition", "budget", "message"),
    [
        (eq("stage", "NEW"), Budget(rows=7), "looked at 7 rows, its budget of 7"),
        (eq("name", "deal 3"), Budget(reads=3), "sent 3 requests, its budget of 3"),
        (eq("name", "deal 3"), Budget(seconds=0), r"took \d+\.\d s, its budget of 0 s"),
    ],
)
def test_a_find_over_its_budget_says_what_would_help(
    deals: Deals, condition: Condition, budget: Budget, message: str
) -> None:
    with pytest.raises(errors.QueryBudgetError, match=f"(?s){message}.*companyId.*without a total"):
        deals.service.query("opportunity", Query(condition, budget=budget))


def test_a_find_by_index_stays_within_a_budget_that_a_scan_breaks(deals: Deals) -> None:
    found = deals.service.query("opportunity", Query(eq("stage", "MEETING"), limit=3, budget=Budget(reads=5)))

    assert numbers(found.records) == [1, 4, 7]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("nmae",), r"not a field of opportunity \(did you mean name\?\)"),
        (("company",), "order by companyId"),
        (("company", "name"), "order by companyId"),
        (("amount", "currency"), "amount.currency has no order, .*amount.amountMicros"),
        (("createdBy", "context"), "createdBy.context has no order"),
        (("name", "first"), "name.first has no order"),
        ((), "not a field"),
    ],
)
def test_a_wrong_order_is_an_error(deals: Deals, path: tuple[str, ...], message: str) -> None:
    with pytest.raises(errors.RecordInputError, match=message) as caught:
        deals.service.query("opportunity", Query(order=(Sort(path),)))

    assert caught.value.field == "order_by"


def test_a_cursor_of_another_order_is_refused(deals: Deals) -> None:
    cursor = deals.service.query("opportunity", Query(limit=1)).end_cursor

    with pytest.raises(errors.RecordInputError, match="order_by"):
        deals.service.query("opportunity", Query(order=(Sort(("name",)),), after=cursor))
    with pytest.raises(errors.RecordInputError, match="not both"):
        deals.service.query("opportunity", Query(after=cursor, before=cursor))
