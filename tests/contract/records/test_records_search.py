"""Searching by the beginnings of words, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.records.conftest import eq
from ventuno import errors
from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.records.ordering import Direction, Sort
from ventuno.records.query import Query

if TYPE_CHECKING:
    from ventuno.records.context import WriteContext
    from ventuno.records.query import Found
    from ventuno.records.service import RecordService

NAMES = (("Ada", "Lovelace"), ("Grace", "Hopper"), ("Adèle", "Hôpital"), ("Jean-Luc", "Adams"))


def search(text: Any) -> Comparison:  # noqa: ANN401  any JSON
    return Comparison(("searchVector",), Operator.SEARCH, text)


def firsts(found: Found) -> list[str]:
    records: Any = found.records
    return [record["name"]["firstName"] for record in records]


@pytest.fixture
def people(service: RecordService, by_api: WriteContext) -> RecordService:
    for number, (first, last) in enumerate(NAMES):
        person: dict[str, Any] = {"name": {"firstName": first, "lastName": last}, "jobTitle": f"Ad {number}"}
        person["emails"] = {"primaryEmail": f"{last.lower()[:2]}{number}@sea.com"}
        service.create("person", person, by_api)
    return service


@pytest.mark.parametrize(
    ("text", "expected", "way"),
    [
        ("ada", ["Ada", "Jean-Luc"], "SEARCH"),
        ("AD", ["Ada", "Adèle", "Jean-Luc"], "SEARCH"),
        ("hop", ["Grace", "Adèle"], "SEARCH"),
        ("hopital adele", ["Adèle"], "SEARCH"),
        ("jean luc a", ["Jean-Luc"], "SEARCH"),
        ("lo0@sea.com", ["Ada"], "SEARCH"),
        ("com", [], "SEARCH"),
        ("a", ["Ada", "Adèle", "Jean-Luc"], "SCAN"),
        ("ada zuse", [], "SEARCH"),
        ("velace", [], "SEARCH"),
    ],
)
def test_words_are_found_by_their_beginnings(
    people: RecordService, text: str, expected: list[str], way: str
) -> None:
    found = people.find("person", search(text))

    assert (firsts(found), found.work.way) == (expected, way)
    assert found.total_count == len(expected)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (And((search("ad"), eq("jobTitle", "Ad 2"))), ["Adèle"]),
        (Or((search("grace"), eq("jobTitle", "Ad 0"))), ["Ada", "Grace"]),
        (Not(search("ad")), ["Grace"]),
    ],
)
def test_a_search_is_a_condition_among_others(
    people: RecordService, condition: Condition, expected: list[str]
) -> None:
    assert firsts(people.find("person", condition)) == expected


@pytest.mark.parametrize(
    "order", [(), (Sort(("createdAt",), Direction.DESC_NULLS_LAST),), (Sort(("name",)),)]
)
def test_found_words_are_paged_in_any_order(people: RecordService, order: tuple[Sort, ...]) -> None:
    everything = people.query("person", Query(search("ad"), order))
    first = people.query("person", Query(search("ad"), order, limit=2))
    second = people.query("person", Query(search("ad"), order, limit=2, after=first.end_cursor))
    back = people.query("person", Query(search("ad"), order, limit=2, before=second.start_cursor))

    assert first.records + second.records == everything.records
    assert back.records == first.records
    assert "searchVector" not in everything.records[0]


def test_words_follow_the_changes_of_a_record(people: RecordService, by_api: WriteContext) -> None:
    grace = str(people.find("person", search("grace")).records[0]["id"])
    people.update("person", grace, {"name": {"firstName": "Amazing"}}, by_api)
    renamed = (
        people.find("person", search("amaz")).total_count,
        people.find("person", search("grace")).total_count,
    )
    people.delete("person", grace, by_api)
    deleted = people.find("person", search("amaz")).total_count
    people.restore("person", grace, by_api)

    assert (renamed, deleted) == ((1, 0), 0)
    assert people.find("person", search("amaz")).total_count == 1


@pytest.mark.parametrize(
    ("object_name", "condition", "message"),
    [
        ("person", search("..."), "has no word"),
        ("person", search(5), "can only be searched"),
        ("person", Comparison(("searchVector",), Operator.EQ, "x"), "can only be searched"),
        ("taskTarget", search("x"), "no search fields"),
        ("company", Comparison(("name",), Operator.SEARCH, "x"), "search, which records do not have"),
    ],
)
def test_a_wrong_search_is_refused(
    service: RecordService, object_name: str, condition: Condition, message: str
) -> None:
    with pytest.raises(errors.RecordInputError, match=message):
        service.find(object_name, condition)
