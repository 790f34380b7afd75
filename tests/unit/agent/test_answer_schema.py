"""JSON schemas of authors: what is refused when they are written, and what of a value does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from ventuno.agent.answer_schema import MOST_PROBLEMS, problems_of, schema_problem
from ventuno.schemas import ANY, BOOLEAN, NUMBER, TEXT, Array, Object, Unknown, schema_of_json_schema

LINE = {"type": "object", "properties": {"price": {"type": "number"}}}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        LINE,
        {"$defs": {"line": LINE}, "type": "array", "items": {"$ref": "#/$defs/line"}},
        {"type": "object", "properties": {"pattern": {"type": "string"}, "$id": {"type": "string"}}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"},
    ],
)
def test_a_schema_that_stands_for_itself_is_taken(schema: Any) -> None:  # noqa: ANN401 - JSON schema
    assert schema_problem(schema) is None


def nested(depth: int) -> Any:  # noqa: ANN401 - JSON schema
    schema: Any = {}
    for _ in range(depth):
        schema = {"not": schema}
    return schema


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("text", "object"),
        ({"type": "texxt"}, "texxt"),
        ({"properties": {"a": {"minimum": "x"}}}, "properties.a.minimum"),
        ({"type": "string", "pattern": "(a+)+$"}, "regular expressions"),
        ({"patternProperties": {"(a+)+$": {}}}, "regular expressions"),
        ({"$ref": "http://127.0.0.1/schema"}, "same schema"),
        ({"$ref": "#"}, "same schema"),
        ({"$id": "http://127.0.0.1/", "$ref": "#/a"}, "one piece"),
        (nested(2_000), "deep"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused_with_the_reason(schema: Any, reason: str) -> None:  # noqa: ANN401 - same
    assert reason in (schema_problem(schema) or "")


def test_every_problem_of_a_value_is_told_by_its_place() -> None:
    schema: Any = {"type": "object", "properties": {"lines": {"type": "array", "items": LINE}}}
    told = problems_of({"lines": [{"price": 1}, {"price": "x"}, 7]}, schema)

    assert [one.partition(":")[0] for one in told] == ["lines.1.price", "lines.2"]
    assert len(problems_of({"lines": ["x"] * 100}, schema)) == MOST_PROBLEMS


@pytest.mark.parametrize(
    "schema", [{"$ref": "#/$defs/gone"}, {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}]
)
def test_a_schema_that_leads_nowhere_is_a_problem_and_no_crash(schema: Any) -> None:  # noqa: ANN401 - same
    assert problems_of({}, schema) == ["the value cannot be held against the schema"]


@pytest.mark.parametrize(
    ("given", "schema"),
    [
        ({"type": "string"}, TEXT),
        ({"type": ["integer", "null"]}, NUMBER),
        ({"type": "boolean"}, BOOLEAN),
        ({"type": ["string", "number"]}, ANY),
        ({"type": "array", "items": {"type": "string"}}, Array(TEXT)),
        (LINE, Object({"price": NUMBER}, Unknown.UNLIKELY)),
        (LINE | {"additionalProperties": False}, Object({"price": NUMBER})),
        ({"type": "object"}, ANY),
        ({"anyOf": []}, ANY),
        ({"type": 5}, ANY),
        ("text", ANY),
    ],
)
def test_paths_into_answers_are_known_from_the_schema(given: Any, schema: Any) -> None:  # noqa: ANN401 - same
    assert schema_of_json_schema(given) == schema
