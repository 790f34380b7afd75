"""ITERATOR: which items a list has, what is refused, and what validation knows of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from ventuno import errors
from ventuno.actions import iterator
from ventuno.actions.iterator import MAX_CONCURRENCY, Iterator, IteratorSettings
from ventuno.actions.record_schemas import ModelSchemas
from ventuno.actions.scope import StepScope
from ventuno.definition.findings import Finding, Severity
from ventuno.records.standard.registry import standard_model
from ventuno.schemas import ANY, NUMBER, TEXT, Array, Object, Schema, Unknown, union_of
from ventuno.schemas.schema import types_of

if TYPE_CHECKING:
    from collections.abc import Sequence

OBJECTS = ModelSchemas(standard_model())
PERSON = StepScope(OBJECTS, lambda _: ANY).record("person")
ROOTS: dict[str, Schema] = {
    "find": Object({"first": PERSON, "all": Array(PERSON), "totalCount": NUMBER}),
    "trigger": Object({"text": TEXT, "n": NUMBER, "tags": Array(TEXT)}, Unknown.UNLIKELY),
    "either": union_of([Array(NUMBER), TEXT]),
    "fixed": Object({"n": NUMBER}),
    "free": ANY,
}
SCOPE = StepScope(OBJECTS, lambda root: ROOTS.get(root, ANY))


def listed(items: Any, **values: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON
    return Iterator().items(IteratorSettings(items=items), values)


def found(items: Any) -> list[Finding]:  # noqa: ANN401 - author JSON
    return list(Iterator().check(IteratorSettings(items=items), SCOPE))


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        ([], []),
        ([1, "{{trigger.n}}", None], [1, 5, None]),
        ("[1, [2]]", [1, [2]]),
        ("[]", []),
        ("{{trigger.list}}", ["x", {"y": 1}]),
        ("{{trigger.text}}", [1, 2]),
        ("[{{trigger.n}}, 6]", [5, 6]),
    ],
)
def test_items_are_a_list_or_text_that_holds_one(items: Any, wanted: list[Any]) -> None:  # noqa: ANN401
    payload = {"list": ["x", {"y": 1}], "text": "[1, 2]", "n": 5}

    assert listed(items, trigger=payload) == wanted


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ("{{trigger.n}}", "must be an array"),
        ("{{trigger.none}}", "must be an array"),
        ("{{trigger.object}}", "must be an array"),
        ("not-an-array", "are no JSON array"),
        ("", "are no JSON array"),
        ('{"a": 1}', "must be an array"),
        ("[" * 100_000, "nested deeper"),
        ('[{"a": 1, "a": 2}]', "stands twice"),
        ("[NaN]", "which JSON does not have"),
        (None, "must be an array"),
        (5, "must be an array"),
    ],
)
def test_items_that_are_no_list_are_an_input_error(items: Any, sentence: str) -> None:  # noqa: ANN401
    with pytest.raises(errors.StepInputError, match=sentence):
        listed(items, trigger={"n": 5, "object": {}})


def test_more_items_than_a_run_can_take_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert iterator.MAX_ITEMS == 1_000_000

    monkeypatch.setattr(iterator, "MAX_ITEMS", 2)
    assert listed("[1, 2]") == [1, 2]
    with pytest.raises(errors.StepInputError, match="3 items, 2 are allowed"):
        listed("[1, 2, 3]")


@pytest.mark.parametrize(
    "given",
    [
        {"maxConcurrency": 0},
        {"maxConcurrency": MAX_CONCURRENCY + 1},
        {"maxConcurrency": True},
        {"maxConcurrency": "2"},
        {"initialLoopStepIds": ["not an id"]},
        {"shouldContinueOnIterationFailure": {}},
        {"limit": 5},
    ],
)
def test_wrong_settings_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IteratorSettings.model_validate({"items": [], **given})


def test_items_must_be_given() -> None:
    with pytest.raises(ValidationError, match="items"):
        IteratorSettings.model_validate({"initialLoopStepIds": ["a"]})


@pytest.mark.parametrize(
    "items",
    [
        [1, 2], "[1]", "{{find.all}}", "{{trigger.tags}}", "{{free}}", "{{either}}",
        "[{{trigger.n}}]", "{{trigger.text | split(',')}}",
    ],
)  # fmt: skip
def test_items_that_may_be_a_list_have_no_finding(items: Any) -> None:  # noqa: ANN401
    assert found(items) == []


@pytest.mark.parametrize(
    ("items", "severity", "suggestion"),
    [
        ("{{find}}", Severity.ERROR, "{{find.all}}"),
        ("{{find.totalCount}}", Severity.ERROR, "{{find.all}}"),
        ("{{fixed.n}}", Severity.ERROR, None),
        ("{{trigger.text}}", Severity.WARNING, "{{trigger.tags}}"),
        ("{{trigger.n}}", Severity.WARNING, "{{trigger.tags}}"),
        ("not-an-array", Severity.ERROR, None),
        ('{"a": 1}', Severity.ERROR, None),
        (7, Severity.ERROR, None),
        (None, Severity.ERROR, None),
    ],
)
def test_items_that_are_no_list_are_found(items: Any, severity: Severity, suggestion: str | None) -> None:  # noqa: ANN401
    (finding,) = found(items)

    assert (finding.code, finding.path) == ("ITERATOR_ITEMS_NOT_ARRAY", ".items")
    assert (finding.severity, finding.suggestion) == (severity, suggestion)


@pytest.mark.parametrize(
    ("items", "types"),
    [
        ("{{find.all}}", types_of(PERSON)),
        ("{{trigger.tags}}", {"TEXT"}),
        ("{{either}}", {"NUMBER"}),
        ([1, 2], {"NUMBER"}),
        ('["a"]', {"TEXT"}),
        ("{{free}}", set()),
        ("{{fixed.n}}", set()),
    ],
)
def test_an_item_has_the_type_of_the_lists_elements(items: Any, types: set[str]) -> None:  # noqa: ANN401
    schema = Iterator().output_schema(IteratorSettings(items=items), SCOPE)

    assert isinstance(schema, Object)
    assert types_of(schema.members["currentItem"]) == types


def test_a_very_wide_schema_is_searched_for_lists_in_bounded_time() -> None:
    wide = Object({f"k{index}": Object({"x": TEXT}) for index in range(50_000)} | {"list": Array(TEXT)})
    scope = StepScope(OBJECTS, lambda _: wide)
    settings = IteratorSettings(items="{{wide.k1.x}}")

    assert [json.dumps(finding.to_dict()) for finding in Iterator().check(settings, scope)]
