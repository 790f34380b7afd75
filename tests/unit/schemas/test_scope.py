"""The schema of what authored values resolve to, pipes included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventuno.actions.record_schemas import ModelSchemas
from ventuno.expressions import PIPES, UNDEFINED, PipeError, parse, resolve
from ventuno.expressions.kinds import kind_of
from ventuno.records.standard.registry import standard_model
from ventuno.schemas import (
    ANY,
    BOOLEAN,
    DATE_TIME,
    NUMBER,
    TEXT,
    Array,
    Found,
    Missing,
    Object,
    Scalar,
    Schema,
    Scope,
    Unknown,
)
from ventuno.schemas.schema import Union, kinds_of

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

ROOTS: dict[str, Schema] = {
    "find": Object({"all": Array(Object({"id": TEXT})), "totalCount": NUMBER}),
    "filter": Object({"matchesFilter": BOOLEAN}),
}
SCOPE = Scope(ModelSchemas(standard_model()), lambda root: ROOTS.get(root, ANY))


@pytest.mark.parametrize(
    ("authored", "schema"),
    [
        ("plain", TEXT),
        ("{{find.totalCount}}", NUMBER),
        ("{{find.totalCount}} found", TEXT),
        ("{{find.all}}", Array(Object({"id": TEXT}))),
        ("{{find.all.[0].id}}", TEXT),
        ("{{find.all | first}}", Object({"id": TEXT})),
        ("{{find.all | length}}", NUMBER),
        ("{{find.totalCount | string}}", TEXT),
        ("{{find.nope}}", ANY),
        ("{{nobody.knows}}", ANY),
        ("{{this}}", ANY),
        ("{{now}}", DATE_TIME),
        ("{{now | date}}", TEXT),
        ("{{now | split | last}}", TEXT),
        ("{{now | first}}", TEXT),
        ("{{nobody | first}}", ANY),
        ("{{nobody | shout}}", ANY),
        ("{{nobody | upper}}", TEXT),
        ("{{find.totalCount | default(0)}}", Union((NUMBER, Scalar("NUMBER", 0)))),
        ("{{find.totalCount | default(null)}}", NUMBER),
        ("{{5}}", Scalar("NUMBER", 5)),
        ("{{undefined}}", ANY),
        (5, Scalar("NUMBER", 5)),
        (None, ANY),
        (["{{find.totalCount}}", "{{find.totalCount}}"], Array(NUMBER)),
        ({"n": "{{find.totalCount}}"}, Object({"n": NUMBER})),
        ({"{{k}}": 1}, ANY),
    ],
)
def test_an_authored_value_has_the_schema_of_what_it_resolves_to(authored: JsonValue, schema: Schema) -> None:
    assert SCOPE.of(authored) == schema


def test_an_unknown_object_has_records_of_any_shape() -> None:
    assert SCOPE.record("compny") == SCOPE.record("{{trigger.object}}") == ANY
    assert isinstance(SCOPE.record("company"), Object)


@pytest.mark.parametrize("name", PIPES)
@settings(max_examples=40)
@given(
    st.text("ab1-2026T:Z", max_size=12)
    | st.integers(-9, 9)
    | st.booleans()
    | st.lists(st.text("ab", max_size=2), max_size=2)
)
def test_a_pipe_gives_what_its_row_says(name: str, value: JsonValue) -> None:
    call = {"default": "default('x')", "replace": "replace('a', 'b')", "add": "add(days=1)"}.get(name, name)
    template = f"{{{{v | {call}}}}}"
    given = Object({"v": _schema_of(value)}, Unknown.REFUSED)
    scope = Scope(SCOPE.objects, lambda root: given.members.get(root, ANY))
    try:
        resolved = resolve(template, {"v": value})
    except PipeError:
        return

    kinds = kinds_of(scope.of(template))
    assert resolved is UNDEFINED or not kinds or kind_of(resolved) in kinds, json.dumps(value)


def _schema_of(value: JsonValue) -> Schema:
    if isinstance(value, list):
        return Array(TEXT)
    return TEXT if isinstance(value, str) else BOOLEAN if isinstance(value, bool) else NUMBER


def test_a_path_outcome_counts_the_root_as_a_key() -> None:
    token = parse("{{find.nope}}").tokens[0]

    assert SCOPE.path(token) == Missing(1, ("all", "totalCount"))
    assert SCOPE.path(parse("{{find.totalCount}}").tokens[0]) == Found(NUMBER)
