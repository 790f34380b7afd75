from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.world import World
from ventuno.actions.base import StepCall
from ventuno.actions.find_records import FindRecords, FindRecordsSettings
from ventuno.actions.record_schemas import ModelSchemas
from ventuno.actions.scope import StepScope
from ventuno.actions.step_log import StepLog
from ventuno.records.context import Actor, WriteContext
from ventuno.schemas import ANY

ACTOR = Actor("WORKFLOW", "Workflow")


@pytest.fixture(scope="module")
def call() -> StepCall:
    services = World().services
    for name, revenue in (("b", 1), ("a", 2), ("c", None)):
        record: dict[str, Any] = {"name": name, "annualRevenue": {"amountMicros": revenue}}
        services.records.create("company", record, WriteContext(ACTOR))
    now = datetime(2026, 3, 18, tzinfo=UTC)
    return StepCall(
        services.objects, services.records, ACTOR, "key", (), {}, now, services.outside, StepLog()
    )


def found(call: StepCall, order: Any, **more: Any) -> list[str]:  # noqa: ANN401  any JSON
    settings = FindRecordsSettings.model_validate({"objectName": "company", "orderBy": order, **more})
    result: Any = FindRecords().run(settings, call)
    assert result["totalCount"] == 3
    return [record["name"] for record in result["all"]]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({}, "bac"),
        ({"gqlOperationOrderBy": [{"name": "AscNullsFirst"}]}, "abc"),
        ({"gqlOperationOrderBy": [{"createdAt": "DescNullsLast"}]}, "cab"),
        ({"gqlOperationOrderBy": [{"annualRevenue": {"amountMicros": "DescNullsFirst"}}]}, "cab"),
        ({"recordSorts": [{"id": "1", "fieldMetadataId": "name", "direction": "DESC"}]}, "cba"),
        ({"recordSorts": [{"fieldMetadataId": "annualRevenue.amountMicros"}]}, "cba"),
        (
            {
                "recordSorts": [{"fieldMetadataId": "name"}],
                "gqlOperationOrderBy": [{"name": "DescNullsLast"}],
            },
            "cba",
        ),
    ],
)
def test_records_are_found_in_the_order_of_the_definition(call: StepCall, order: Any, expected: str) -> None:  # noqa: ANN401  any JSON
    assert "".join(found(call, order)) == expected


def test_offset_and_limit_cut_the_ordered_records(call: StepCall) -> None:
    order = {"gqlOperationOrderBy": [{"name": "AscNullsFirst"}]}

    assert found(call, order, offset=1, limit=1) == ["b"]
    assert found(call, order, offset=5) == []


@pytest.mark.parametrize(
    "order",
    [
        {"gqlOperationOrderBy": [{"name": "up"}]},
        {"gqlOperationOrderBy": {"name": "AscNullsFirst"}},
        {"gqlOperationOrderBy": ["AscNullsFirst"]},
        {"gqlOperationOrderBy": [{"a": {"b": {"c": {"d": "AscNullsFirst"}}}}]},
        {"recordSorts": [{"fieldMetadataId": "name", "direction": "up"}]},
        {"sorts": []},
    ],
)
def test_an_order_of_another_form_is_refused(order: Any) -> None:  # noqa: ANN401  any JSON
    with pytest.raises(ValidationError):
        FindRecordsSettings.model_validate({"objectName": "company", "orderBy": order})


def test_a_vector_search_finds_words_by_their_beginnings(call: StepCall) -> None:
    searching = {"fieldMetadataId": "searchVector", "operand": "VECTOR_SEARCH", "value": "acm"}
    call.records.create("person", {"name": {"lastName": "Acmeson"}}, WriteContext(ACTOR))
    settings = FindRecordsSettings.model_validate(
        {"objectName": "person", "filter": {"recordFilters": [searching]}}
    )
    result: Any = FindRecords().run(settings, call)

    assert [person["name"]["lastName"] for person in result["all"]] == ["Acmeson"]
    assert list(FindRecords().check(settings, scope_of(call))) == []


def scope_of(call: StepCall) -> StepScope:
    return StepScope(ModelSchemas(call.objects), lambda _root: ANY)


def test_an_order_by_a_field_that_does_not_exist_is_found_before_the_run(call: StepCall) -> None:
    order = {"gqlOperationOrderBy": [{"nmae": "AscNullsFirst"}]}
    settings = FindRecordsSettings.model_validate({"objectName": "company", "orderBy": order})
    (finding,) = FindRecords().check(settings, scope_of(call))

    assert (finding.path, "did you mean name?" in finding.message) == (".orderBy", True)
