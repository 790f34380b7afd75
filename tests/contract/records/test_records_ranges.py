"""Ranges of indexed fields: the index answers what reading the whole object would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import PARAMS, STORES, service_on
from ventuno.filters.condition import And, Comparison, Condition, Operator, Or
from ventuno.records.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.records.context import WriteContext
    from ventuno.records.query import Found
    from ventuno.records.service import RecordService

WEIGHTS = (-20, -1.55, -1.5, -0.001, 0, 1e-9, 0.5, 1, 2, 10, 10.5, 1_000_000, None)


@pytest.fixture(scope="module", params=PARAMS)
def shop(request: pytest.FixtureRequest, by_api: WriteContext) -> Iterator[RecordService]:
    with STORES[request.param]() as opened:
        service = service_on(opened)
        for number, weight in enumerate(WEIGHTS):
            service.create(
                "product",
                {"sku": f"p{number}", "weight": weight, "made": f"2026-{number % 12 + 1:02}-10"},
                by_api,
            )
        gone = service.create("product", {"sku": "gone", "weight": 1, "made": "2026-02-10"}, by_api)
        service.delete("product", str(gone["id"]), by_api)
        yield service


def where(column: str, operator: Operator, value: Any) -> Comparison:  # noqa: ANN401  any JSON
    return Comparison((column,), operator, value)


def weights(found: Found) -> list[Any]:
    return [record["weight"] for record in found.records]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (where("weight", Operator.GT, 0), [1e-9, 0.5, 1, 2, 10, 10.5, 1_000_000]),
        (where("weight", Operator.GTE, 0), [0, 1e-9, 0.5, 1, 2, 10, 10.5, 1_000_000]),
        (where("weight", Operator.LT, -1.5), [-20, -1.55]),
        (where("weight", Operator.LTE, -1.5), [-20, -1.55, -1.5]),
        (where("weight", Operator.EQ, 1), [1]),
        (where("weight", Operator.EQ, 1.0), [1]),
        (where("weight", Operator.IN, [10, 0, -20, 0]), [-20, 0, 10]),
        (
            And((where("weight", Operator.GT, -1.55), where("weight", Operator.LT, 1))),
            [-1.5, -0.001, 0, 1e-9, 0.5],
        ),
        (And((where("weight", Operator.GT, 2), where("weight", Operator.LT, 1))), []),
        (And((where("weight", Operator.GT, 0), where("sku", Operator.LIKE, "p1%"))), [10.5, 1_000_000]),
        (where("made", Operator.LT, "2026-03-01"), [-20, -1.55, None]),
        (where("made", Operator.EQ, "2026-02-10"), [-1.55]),
    ],
)
def test_a_range_is_looked_up(shop: RecordService, condition: Condition, expected: list[Any]) -> None:
    found = shop.query("product", Query(condition))
    scanned = shop.query("product", Query(Or((condition,))))

    assert (weights(found), found.total_count) == (expected, len(expected))
    assert (found.work.way, scanned.work.way) == ("INDEX", "SCAN")
    assert scanned.records == found.records


def test_a_range_is_paged_in_both_directions(shop: RecordService) -> None:
    above = where("weight", Operator.GTE, 0)
    first = shop.query("product", Query(above, limit=3))
    second = shop.query("product", Query(above, limit=3, after=first.end_cursor))
    back = shop.query("product", Query(above, limit=3, before=second.start_cursor))

    assert weights(first) == weights(back) == [0, 1e-9, 0.5]
    assert weights(second) == [1, 2, 10]
    assert first.total_count == second.total_count == 8


def test_a_changed_value_leaves_its_old_place(service: RecordService, by_api: WriteContext) -> None:
    record_id = str(service.create("product", {"sku": "a", "weight": 5}, by_api)["id"])
    service.update("product", record_id, {"weight": -5}, by_api)
    below = service.query("product", Query(where("weight", Operator.LT, 0)))
    above = service.query("product", Query(where("weight", Operator.GT, 0)))

    assert (weights(below), weights(above)) == ([-5], [])
