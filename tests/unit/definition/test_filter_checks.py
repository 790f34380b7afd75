"""What is wrong with filters and their groups is found before anything runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Json, step, written
from ventuno.actions.find_records import filter_fields
from ventuno.definition.findings import Finding, Severity, errors_of
from ventuno.definition.loading import definition_from
from ventuno.expressions import tokens
from ventuno.filters import FindScope, RecordFilter, compile_find
from ventuno.filters.families import filter_types
from ventuno.filters.operands import Operand
from ventuno.records.matching.preparation import Preparation
from ventuno.records.standard.registry import standard_model
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

INPUT = "$.steps[0].settings.input"
OWNER = "550e8400-e29b-41d4-a716-446655440000"


def found(kind: str, authored: Json) -> list[Finding]:
    return findings_of(definition_from(written(step("a", kind, given=authored))))


def step_filter(
    kind: str, operand: str, value: JsonValue, left: str = "{{trigger.x}}", **more: str | None
) -> Json:
    return {"type": kind, "stepOutputKey": left, "operand": operand, "value": value, **more}


def group(name: str, parent: str | None = None) -> Json:
    return {"id": name, "logicalOperator": "OR", "parentStepFilterGroupId": parent}


@pytest.mark.parametrize(
    ("groups", "member", "path", "suggestion"),
    [
        ([group("one"), group("one")], None, "stepFilterGroups[1].id", None),
        (
            [group("one"), group("two", "oen")],
            None,
            "stepFilterGroups[1].parentStepFilterGroupId",
            "one",
        ),
        ([group("one")], "two", "stepFilters[0].stepFilterGroupId", None),
        ([group("one", "two"), group("two", "one")], "one", "stepFilterGroups", None),
        ([group("root"), group("one", "one")], None, "stepFilterGroups", None),
        ([group("0"), *(group(str(n), str(n - 1)) for n in range(1, 101))], None, "stepFilterGroups", None),
    ],
    ids=["one id twice", "unknown parent", "unknown group", "circle", "circle beside a root", "too deep"],
)
@pytest.mark.parametrize("kind", ["FILTER", "IF_ELSE"])
def test_groups_that_are_no_tree_are_found(
    kind: str, groups: list[Json], member: str | None, path: str, suggestion: str | None
) -> None:
    filters = [{**step_filter("TEXT", "CONTAINS", "x"), "stepFilterGroupId": member}]
    branches = {"branches": [{"id": "else"}]} if kind == "IF_ELSE" else {}

    items = errors_of(found(kind, {"stepFilterGroups": groups, "stepFilters": filters, **branches}))

    assert [(item.code, item.path, item.suggestion) for item in items] == [
        ("FILTER_GROUP_INVALID", f"{INPUT}.{path}", suggestion)
    ]


def test_filters_without_any_group_may_name_one() -> None:
    filters = [{**step_filter("TEXT", "CONTAINS", "x"), "stepFilterGroupId": "gone"}]

    assert found("FILTER", {"stepFilters": filters}) == []


def test_a_branch_of_an_unknown_group_is_a_warning_because_it_matches() -> None:
    branches = [{"id": "one", "filterGroupId": "al"}, {"id": "else"}]
    chosen = {"stepFilterGroups": [group("all")], "stepFilters": [], "branches": branches}

    (item,) = (item for item in found("IF_ELSE", chosen) if item.code == "FILTER_GROUP_INVALID")

    assert (item.path, item.suggestion) == (f"{INPUT}.branches[0].filterGroupId", "all")
    assert item.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("authored", "key", "suggestion"),
    [
        (step_filter("NUBMER", "IS", "5"), "type", "NUMBER"),
        (step_filter("Number", "IS", "5"), "type", "number"),
        (step_filter("NUMBER", "IS", "5", left="trigger.x"), "stepOutputKey", "{{trigger.x}}"),
        (step_filter("NUMBER", "IS", "many"), "value", None),
        (step_filter("CURRENCY", "LESS_THAN_OR_EQUAL", "5 EUR"), "value", None),
        (step_filter("RATING", "IS", "five"), "value", None),
        (step_filter("DATE", "IS_BEFORE", "yesterday"), "value", None),
        (step_filter("DATE_TIME", "IS", "2026-02-30"), "value", None),
        (step_filter("DATE", "IS_RELATIVE", "PAST_7_DAY"), "value", None),
        (step_filter("DATE", "IS_RELATIVE", '{"direction":"PAST","unit":"DAY"}'), "value", None),
        (step_filter("BOOLEAN", "IS", "True"), "value", None),
        (step_filter("UUID", "IS", f'["{OWNER}"]'), "value", None),
        (step_filter("ACTOR", "IS", [OWNER], compositeFieldSubFieldName="workspaceMemberId"), "value", None),
    ],
)
def test_a_step_filter_that_never_holds_is_a_warning(
    authored: Json, key: str, suggestion: str | None
) -> None:
    (item,) = found("FILTER", {"stepFilters": [authored]})

    assert (item.code, item.severity) == ("FILTER_TYPE_MISMATCH", Severity.WARNING)
    assert (item.path, item.suggestion) == (f"{INPUT}.stepFilters[0].{key}", suggestion)


@pytest.mark.parametrize(
    "authored",
    [
        step_filter("NUMBER", "IS", ""),
        step_filter("NUMBER", "IS", None),
        step_filter("NUMBER", "IS", " 1e3 "),
        step_filter("NUMBER", "IS", "{{trigger.y}}"),
        step_filter("RATING", "IS", "RATING_5"),
        step_filter("DATE", "IS_TODAY", "anything"),
        step_filter("DATE", "IS_RELATIVE", '{"direction":"THIS","unit":"WEEK"}'),
        step_filter("BOOLEAN", "IS", value=False),
        step_filter("MORPH_RELATION", "IS", OWNER),
        step_filter("string", "IS", "5"),
        step_filter("TEXT", "CONTAINS", "x", left="{{trigger.a}} {{trigger.b}}"),
    ],
)
def test_a_step_filter_that_may_hold_is_no_finding(authored: Json) -> None:
    assert found("FILTER", {"stepFilters": [authored]}) == []


def record_filter(field: str, operand: str, value: JsonValue, **more: str) -> Json:
    return {"fieldMetadataId": field, "operand": operand, "value": value, **more}


def through(field: str, target: str) -> Json:
    return record_filter(field, "CONTAINS", "x", relationTargetFieldMetadataId=target)


@pytest.mark.parametrize(
    ("authored", "key"),
    [
        (record_filter("person.jobTitle", "CONTAINS", "x"), "fieldMetadataId"),
        (through("name", "workspaceMember.userEmail"), "relationTargetFieldMetadataId"),
        (through("owner", "workspaceMember.nope"), "relationTargetFieldMetadataId"),
        (through("owner", "company.name"), "relationTargetFieldMetadataId"),
        (record_filter("amount", "IS", "much"), "value"),
        (record_filter("amount", "IS", ""), "value"),
        (record_filter("stage", "IS", "NEW"), "value"),
        (record_filter("createdAt", "IS_BEFORE", "soon"), "value"),
        (record_filter("createdAt", "IS_RELATIVE", "LAST_7_DAY"), "value"),
        (record_filter("createdAt", "IS_RELATIVE", "PAST_7_DAY;;Mars/Olympus"), "value"),
        (record_filter("company", "IS", "acme"), "value"),
    ],
)
def test_a_record_filter_that_a_run_would_refuse_is_an_error(authored: Json, key: str) -> None:
    (item,) = found("FIND_RECORDS", {"objectName": "opportunity", "filter": {"recordFilters": [authored]}})

    assert (item.code, item.severity) == ("INVALID_STEP_PARAMS", Severity.ERROR)
    assert item.path == f"{INPUT}.filter.recordFilters[0].{key}"


@pytest.mark.parametrize(
    "authored",
    [
        through("owner", "workspaceMember.userEmail"),
        through("owner", "userEmail"),
        record_filter("opportunity.name", "CONTAINS", "x"),
        record_filter("amount", "IS", "{{trigger.n}}"),
        record_filter("stage", "IS", '["NEW", ""]'),
        record_filter("createdAt", "IS_RELATIVE", '{"direction":"PAST","amount":7,"unit":"DAY"}'),
        record_filter("company", "IS", OWNER),
        record_filter("owner", "IS", '{"isCurrentWorkspaceMemberSelected":true,"selectedRecordIds":[]}'),
        record_filter("searchVector", "VECTOR_SEARCH", "acme"),
    ],
)
def test_a_record_filter_that_a_run_takes_is_no_finding(authored: Json) -> None:
    asked = {"recordFilters": [authored]}

    assert found("FIND_RECORDS", {"objectName": "opportunity", "filter": asked}) == []


@pytest.mark.parametrize(
    ("limit", "codes"), [("{{trigger.n}}", []), ("5", []), ("many", ["INVALID_STEP_PARAMS"])]
)
def test_a_limit_that_is_no_number_is_an_error(limit: str, codes: list[str]) -> None:
    assert [item.code for item in found("FIND_RECORDS", {"objectName": "company", "limit": limit})] == codes


def test_a_record_filter_in_a_group_that_does_not_exist_is_an_error() -> None:
    filters = [record_filter("name", "CONTAINS", "x", recordFilterGroupId="al")]
    asked = {"recordFilters": filters, "recordFilterGroups": [{"id": "all"}]}

    (item,) = found("FIND_RECORDS", {"objectName": "opportunity", "filter": asked})

    assert (item.code, item.suggestion) == ("FILTER_GROUP_INVALID", "all")
    assert item.path == f"{INPUT}.filter.recordFilters[0].recordFilterGroupId"


FIELDS = ["name", "amount", "stage", "closeDate", "createdAt", "company", "createdBy", "id", "searchVector"]
values = st.recursive(
    st.sampled_from(["", "[]", "[[1]]", '["NEW"]', "PAST_7_DAY", "9999-12-31", OWNER, "{{x}}", 10**400])
    | st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "x"]), inner),
)


@given(st.sampled_from(FIELDS), st.sampled_from(Operand), values)
def test_a_literal_filter_without_findings_is_one_that_a_run_takes(
    field: str, operand: Operand, value: JsonValue
) -> None:
    authored = record_filter(field, operand, value)
    given_input = {"objectName": "opportunity", "filter": {"recordFilters": [authored]}}
    model = standard_model()

    items = found("FIND_RECORDS", given_input)

    if not items and not any(tokens(value)):
        scope = FindScope(filter_fields(model, "opportunity"), {}, datetime(2026, 3, 18, tzinfo=UTC), OWNER)
        condition = compile_find((), [RecordFilter.model_validate(authored)], scope)
        assert condition is not None
        assert Preparation(model, model.get("opportunity")).prepared(condition)


@given(st.sampled_from(filter_types()), st.sampled_from(Operand), values, values)
def test_a_literal_step_filter_is_judged_whatever_it_is(
    kind: tuple[str, str | None], operand: Operand, value: JsonValue, left: JsonValue
) -> None:
    authored = step_filter(kind[0], operand, value, left=f"x{left}", compositeFieldSubFieldName=kind[1])

    assert all(
        item.severity is Severity.WARNING or item.code.startswith("VARIABLE")
        for item in found("FILTER", {"stepFilters": [authored]})
    )
