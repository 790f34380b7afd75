"""The filter of FIND_RECORDS: fields, values, groups, and failing closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno import errors
from ventuno.expressions import UNDEFINED
from ventuno.filters import FilterField, FindScope, RecordFilter, RecordFilterGroup, compile_find, to_neutral
from ventuno.filters.operands import Operand
from ventuno.filters.query import condition_of, query_operands
from ventuno.filters.query.question import Question
from ventuno.filters.refusals import FilterGroupError, FilterValueError, UnsupportedOperandError

if TYPE_CHECKING:
    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue

ID = "550e8400-e29b-41d4-a716-446655440000"
OTHER_ID = "650e8400-e29b-41d4-a716-446655440000"
TYPES = {
    "name": "TEXT",
    "stage": "SELECT",
    "tags": "MULTI_SELECT",
    "amount": "CURRENCY",
    "size": "NUMBER",
    "score": "RATING",
    "won": "BOOLEAN",
    "due": "DATE",
    "at": "DATE_TIME",
    "company": "RELATION",
    "accountOwner": "RELATION",
    "key": "UUID",
    "createdBy": "ACTOR",
    "emails": "EMAILS",
    "address": "ADDRESS",
    "search": "TS_VECTOR",
    "spot": "POSITION",
}
FIELDS: dict[str, FilterField] = {
    name: FilterField(name, kind, (lambda: FIELDS) if kind == "RELATION" else None)
    for name, kind in TYPES.items()
}
SCOPE = FindScope(
    fields=FIELDS,
    context={
        "trigger": {
            "nil": None,
            "empty": "",
            "none": [],
            "record": {"id": ID},
            "records": [{"id": ID}, {"id": OTHER_ID}],
            "hostile": '"],"NEW","',
            "percent": "50%_\\",
            "yes": True,
        }
    },
    now=datetime(2026, 3, 18, 10, 30, tzinfo=UTC),
    member_id=OTHER_ID,
)


def record_filter(field: str, operand: str, value: JsonValue = "", **more: str) -> RecordFilter:
    return RecordFilter.model_validate({"fieldMetadataId": field, "operand": operand, "value": value, **more})


def compiled(field: str, operand: str, value: JsonValue = "", **more: str) -> JsonValue:
    condition = compile_find((), [record_filter(field, operand, value, **more)], SCOPE)

    assert condition is not None
    return to_neutral(condition)


def in_column(column: str, *ids: str) -> dict[str, Any]:
    return {column: {"in": list(ids)}}


@pytest.mark.parametrize(
    ("field", "operand", "value", "expected"),
    [
        ("name", "contains", "Acme", {"name": {"ilike": "%Acme%"}}),
        ("size", "IS", "42.0", {"size": {"eq": 42}}),
        ("size", "IS_NOT_EMPTY", "", {"not": {"size": {"is": "NULL"}}}),
        ("amount", "IS", "1.005", {"amount": {"amountMicros": {"eq": 1_005_000}}}),
        ("score", "LESS_THAN_OR_EQUAL", "RATING_2", {"score": {"in": ["RATING_1", "RATING_2"]}}),
        ("won", "IS", "{{trigger.yes}}", {"won": {"eq": True}}),
        ("won", "IS", "false", {"won": {"eq": False}}),
        ("stage", "IS", '["NEW",""]', {"or": [{"stage": {"in": ["NEW"]}}, {"stage": {"is": "NULL"}}]}),
        ("stage", "IS", '[""]', {"stage": {"is": "NULL"}}),
        (
            "stage",
            "IS_NOT",
            '["NEW",""]',
            {"and": [{"not": {"stage": {"in": ["NEW"]}}}, {"not": {"stage": {"is": "NULL"}}}]},
        ),
        ("tags", "CONTAINS", ["A"], {"tags": {"containsAny": ["A"]}}),
        ("due", "IS", "2026-03-15T10:00:00Z", {"due": {"eq": "2026-03-15"}}),
        ("due", "IS_IN_FUTURE", "", {"due": {"gte": "2026-03-18"}}),
        ("at", "IS_IN_FUTURE", "", {"at": {"gt": "2026-03-18T10:30:00Z"}}),
        (
            "at",
            "IS",
            "2026-03-15T10:00:00Z",
            {"and": [{"at": {"gte": "2026-03-15T00:00:00Z"}}, {"at": {"lt": "2026-03-16T00:00:00Z"}}]},
        ),
        (
            "due",
            "IS_RELATIVE",
            "THIS_MONTH",
            {"and": [{"due": {"gte": "2026-03-01"}}, {"due": {"lt": "2026-04-01"}}]},
        ),
        ("company", "IS", ID, in_column("companyId", ID)),
        ("company", "IS", f'["{ID}", "nonsense"]', in_column("companyId", ID)),
        ("company", "IS", "{{trigger.record}}", in_column("companyId", ID)),
        ("company", "IS", "{{trigger.records}}", in_column("companyId", ID, OTHER_ID)),
        ("company", "IS", '["{{trigger.record.id}}"]', in_column("companyId", ID)),
        (
            "company",
            "IS",
            f'{{"isCurrentWorkspaceMemberSelected":true,"selectedRecordIds":["{ID}"]}}',
            in_column("companyId", ID, OTHER_ID),
        ),
        (
            "company",
            "IS_NOT",
            ID,
            {"or": [{"not": in_column("companyId", ID)}, {"companyId": {"is": "NULL"}}]},
        ),
        ("company", "IS_EMPTY", "", {"companyId": {"is": "NULL"}}),
        (
            "createdBy",
            "CONTAINS",
            "api",
            {
                "or": [
                    {"createdBy": {"name": {"ilike": "%api%"}}},
                    {"createdBy": {"source": {"in": ["API"]}}},
                ]
            },
        ),
        (
            "emails",
            "DOES_NOT_CONTAIN",
            "bob",
            {
                "and": [
                    {"not": {"emails": {"primaryEmail": {"ilike": "%bob%"}}}},
                    {
                        "or": [
                            {"not": {"emails": {"additionalEmails": {"like": "%bob%"}}}},
                            {"emails": {"additionalEmails": {"is": "NULL"}}},
                        ]
                    },
                ]
            },
        ),
        ("search", "VECTOR_SEARCH", "acme", {"search": {"search": "acme"}}),
    ],
)
def test_a_filter_compiles_to_a_condition(
    field: str, operand: str, value: JsonValue, expected: dict[str, Any]
) -> None:
    assert compiled(field, operand, value) == expected


def test_a_sub_field_narrows_a_composite() -> None:
    assert compiled("createdBy", "IS", ID, subFieldName="workspaceMemberId") == {
        "createdBy": {"workspaceMemberId": {"in": [ID]}}
    }
    assert compiled("address", "CONTAINS", '["France"]', subFieldName="addressCountry") == {
        "address": {"addressCountry": {"in": ["France"]}}
    }


def test_a_filter_through_a_relation_asks_the_related_record() -> None:
    assert compiled("company", "CONTAINS", "Acme", relationTargetFieldMetadataId="name") == {
        "company": {"name": {"ilike": "%Acme%"}}
    }
    assert compiled("company", "IS", ID, relationTargetFieldMetadataId="accountOwner") == {
        "company": {"accountOwnerId": {"in": [ID]}}
    }


@pytest.mark.parametrize(("field", "target"), [("name", "name"), ("company", "nmae"), ("nmae", "name")])
def test_a_filter_through_what_is_no_relation_or_to_no_field_is_an_error(field: str, target: str) -> None:
    with pytest.raises(FilterValueError, match=r"relation|does not have"):
        compiled(field, "CONTAINS", "x", relationTargetFieldMetadataId=target)


@pytest.mark.parametrize(
    ("field", "operand", "value"),
    [
        ("name", "CONTAINS", ""),
        ("name", "CONTAINS", "{{trigger.missing}}"),
        ("name", "CONTAINS", "{{trigger.nil}}"),
        ("name", "CONTAINS", "{{trigger.empty}}"),
        ("stage", "IS", "[]"),
        ("stage", "IS_NOT", "[ ]"),
        ("stage", "IS", "{{trigger.none}}"),
        ("stage", "IS", "{{trigger.missing}}"),
        ("company", "IS", "nonsense"),
        ("company", "IS_NOT", '["nonsense"]'),
        ("company", "IS", '{"isCurrentWorkspaceMemberSelected":false,"selectedRecordIds":[]}'),
        ("stage", "IS", "NEW"),
        ("size", "IS", "many"),
        ("size", "IS", "Infinity"),
        ("score", "IS", "3.5"),
        ("won", "IS", "maybe"),
        ("due", "IS", "tomorrow"),
        ("at", "IS", "9999-12-31"),
        ("at", "IS_RELATIVE", "PAST_0_DAY"),
        ("at", "IS_RELATIVE", "PAST_7_DAY;;Mars/Olympus"),
        ("at", "IS_RELATIVE", "PAST_999999999_YEAR"),
        ("nickname", "CONTAINS", "x"),
    ],
)
def test_a_filter_that_resolves_to_nothing_is_an_error_never_everything(
    field: str, operand: str, value: JsonValue
) -> None:
    with pytest.raises(FilterValueError, match=field) as caught:
        compiled(field, operand, value)

    assert isinstance(caught.value, errors.StepInputError)


@pytest.mark.parametrize("value", ["0", "false", "  "])
def test_zero_false_and_spaces_are_values(value: str) -> None:
    assert compiled("name", "CONTAINS", value) == {"name": {"ilike": f"%{value}%"}}


@pytest.mark.parametrize(
    ("field", "operand", "expected"),
    [
        ("size", "IS", {"size": {"is": "NULL"}}),
        ("size", "IS_NOT", {"not": {"size": {"is": "NULL"}}}),
        ("stage", "IS", {"stage": {"is": "NULL"}}),
        ("company", "IS", {"companyId": {"is": "NULL"}}),
        ("won", "IS", {"won": {"is": "NULL"}}),
    ],
)
def test_a_variable_that_is_null_asks_for_emptiness(
    field: str, operand: str, expected: dict[str, Any]
) -> None:
    assert compiled(field, operand, "{{trigger.nil}}") == expected


def test_a_value_with_a_quote_cannot_add_options() -> None:
    assert compiled("stage", "IS", '["{{trigger.hostile}}"]') == {"stage": {"in": ['"],"NEW","']}}


def test_a_percent_sign_in_a_value_is_a_plain_character() -> None:
    condition = compile_find((), [record_filter("name", "CONTAINS", "{{trigger.percent}}")], SCOPE)

    assert condition is not None
    assert repr(condition).count("'%50\\\\%\\\\_\\\\\\\\%'") == 1
    assert to_neutral(condition) == {"name": {"ilike": "%50%_\\%"}}


def test_groups_nest_and_empty_groups_never_widen_the_result() -> None:
    groups = [
        RecordFilterGroup.model_validate(
            {"id": name, "logicalOperator": operator, "parentRecordFilterGroupId": parent}
        )
        for name, operator, parent in [("a", "AND", None), ("b", "OR", "a"), ("void", "OR", "b")]
    ]
    filters = [
        record_filter("name", "IS_EMPTY"),
        record_filter("size", "IS", "1", recordFilterGroupId="b"),
        record_filter("size", "IS", "2", recordFilterGroupId="b"),
    ]

    condition = compile_find(groups, filters, SCOPE)

    assert condition is not None
    assert to_neutral(condition) == {
        "and": [
            {"or": [{"name": {"ilike": ""}}, {"name": {"is": "NULL"}}]},
            {"or": [{"size": {"eq": 1}}, {"size": {"eq": 2}}]},
        ]
    }


def test_a_filter_of_an_unknown_group_is_an_error() -> None:
    with pytest.raises(FilterGroupError):
        compile_find(
            [RecordFilterGroup.model_validate({"id": "a"})],
            [record_filter("size", "IS", "1", recordFilterGroupId="lost")],
            SCOPE,
        )


def test_no_filter_is_no_condition() -> None:
    assert compile_find((), (), SCOPE) is None


@pytest.mark.parametrize(
    ("field", "operand", "sub_field"),
    [
        ("size", "CONTAINS", None),
        ("spot", "IS", None),
        ("name", "CONTAINS", "part"),
        ("emails", "IS", None),
        ("due", "IS_NOT", None),
    ],
)
def test_an_operand_a_field_cannot_answer_is_refused(field: str, operand: str, sub_field: str | None) -> None:
    more = {"subFieldName": sub_field} if sub_field else {}

    with pytest.raises(UnsupportedOperandError):
        compiled(field, operand, "5", **more)


values = st.recursive(
    st.sampled_from(
        ["", "[]", "[[1]]", "RATING_9", "9999-12-31T23:59:59Z", "PAST_7_DAY", ID, 10**400, UNDEFINED]
    )
    | st.none()
    | st.booleans()
    | st.floats()
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "selectedRecordIds"]), inner)
    ),
)


@given(st.sampled_from(sorted(set(TYPES.values()))), st.sampled_from(Operand), values)
def test_any_value_compiles_or_is_refused(field_type: str, operand: Operand, value: Resolved) -> None:
    try:
        condition = condition_of(field_type, Question(("field",), operand, value, SCOPE.now))
    except errors.StepInputError:
        return

    assert condition is None or to_neutral(condition)


def test_operands_of_a_type_are_listed_for_validation() -> None:
    assert query_operands("BOOLEAN") >= {Operand.IS}
    assert Operand.CONTAINS not in query_operands("NUMBER")
    assert query_operands("POSITION") == frozenset()
