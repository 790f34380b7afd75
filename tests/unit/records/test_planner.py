from __future__ import annotations

from typing import Any

import pytest

from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.records import layout
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.planner import ById, ByIndex, ByRange, ByUnique, Listing, plan_find
from ventuno.records.standard.base import object_type
from ventuno.records.store import RowKey

ID = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"
PRODUCT = object_type(
    "product",
    "products",
    (
        Field("sku", TextType(), unique=True),
        Field("number", NumberType(), unique=True),
        Field("code", TextType()),
        Field("shelf", TextType(), indexed=True),
        Field("price", NumberType(), indexed=True),
        Field("company", RelationType("company")),
    ),
    unique_together=[("code", "company")],
)


def eq(path: str, value: Any) -> Comparison:  # noqa: ANN401  any JSON
    return Comparison((path,), Operator.EQ, value)


def within(path: str, *values: Any) -> Comparison:  # noqa: ANN401  any JSON
    return Comparison((path,), Operator.IN, list(values))


BY_ID = ById((RowKey(f"REC#product#{ID}", "A"),))
BY_SKU = ByUnique((RowKey("UNQ#product#sku#a", "A"),))
BY_SHELF = ByIndex(("IDX#product#shelf#3",))
BY_PRICE = ByRange("RNG#product#price", ((None, "25011"),))
EVERYTHING = Listing(layout.list_partitions(PRODUCT, deleted=False))
WITH_DELETED = Listing((*EVERYTHING.partitions, *layout.list_partitions(PRODUCT, deleted=True)))
DELETED = Comparison(("deletedAt",), Operator.IS, "NOT_NULL")


@pytest.mark.parametrize(
    ("condition", "way"),
    [
        (None, EVERYTHING),
        (eq("id", ID), BY_ID),
        (And((eq("shelf", "3"), eq("sku", "a"), eq("id", ID))), BY_ID),
        (And((eq("shelf", "3"), eq("sku", "a"))), BY_SKU),
        (And((eq("code", "x"), And((eq("shelf", "3"),)))), BY_SHELF),
        (within("sku", "a", "a"), BY_SKU),
        (eq("number", 5), ByUnique((RowKey("UNQ#product#number#5", "A"),))),
        (
            And((eq("code", "x"), eq("companyId", ID))),
            ByUnique((RowKey(f'UNQ#product#code+companyId#["x", "{ID}"]', "A"),)),
        ),
        (eq("companyId", ID), ByIndex((f"IDX#product#companyId#{ID}",))),
        (eq("companyId", "no id"), ByIndex(())),
        (eq("number", "5"), ByUnique(())),
        (eq("sku", None), ByUnique(())),
        (eq("code", "x"), EVERYTHING),
        (eq("shelf", ""), EVERYTHING),
        (within("shelf", *map(str, range(101))), EVERYTHING),
        (Or((eq("id", ID), eq("sku", "a"))), EVERYTHING),
        (Not(eq("id", ID)), EVERYTHING),
        (Comparison(("sku",), Operator.LIKE, "a"), EVERYTHING),
        (Comparison(("price",), Operator.LT, 1), BY_PRICE),
        (And((eq("code", "x"), Comparison(("price",), Operator.LT, 1))), BY_PRICE),
        (And((eq("shelf", "3"), Comparison(("price",), Operator.LT, 1))), BY_SHELF),
        (within("price", 0, 1), ByRange("RNG#product#price", (("1", "1$"), ("25011", "25011$")))),
        (
            And((Comparison(("price",), Operator.GT, 0), Comparison(("price",), Operator.LTE, 1))),
            ByRange("RNG#product#price", (("1$", "25011$"),)),
        ),
        (Comparison(("price",), Operator.LT, "1"), EVERYTHING),
        (And((DELETED, Comparison(("price",), Operator.LT, 1))), WITH_DELETED),
        (And((eq("shelf", "3"), DELETED)), WITH_DELETED),
        (And((eq("sku", "a"), DELETED)), BY_SKU),
    ],
)
def test_the_narrowest_way_is_taken(condition: Condition | None, way: object) -> None:
    assert plan_find(PRODUCT, condition).way == way


def test_an_index_proves_its_comparison_and_leaves_the_rest() -> None:
    rest = eq("code", "x")

    assert plan_find(PRODUCT, And((eq("shelf", "3"), rest))).residual == And((rest,))
    assert plan_find(PRODUCT, eq("shelf", "3")).residual is None


def test_only_a_listing_counts_as_a_scan() -> None:
    assert plan_find(PRODUCT, eq("code", "x")).scanned
    assert not plan_find(PRODUCT, eq("shelf", "3")).scanned
