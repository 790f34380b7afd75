"""Where a path leads in a schema, as resolving it would."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventuno.expressions import UNDEFINED, resolve
from ventuno.expressions.kinds import kind_of
from ventuno.schemas import (
    ANY,
    BOOLEAN,
    NUMBER,
    TEXT,
    Array,
    Found,
    Missing,
    Object,
    Schema,
    Unknown,
    follow,
    schema_of_sample,
    union_of,
)
from ventuno.schemas.schema import Union, kinds_of, types_of

PERSON = Object({"name": TEXT, "age": NUMBER, "tags": Array(TEXT), "extra": ANY}, record="person")
SAMPLE = Object({"email": TEXT, "o": Object({"k": NUMBER})}, Unknown.UNLIKELY)


@pytest.mark.parametrize(
    ("schema", "path", "expected"),
    [
        (PERSON, "", Found(PERSON)),
        (PERSON, "name", Found(TEXT)),
        (PERSON, "name length", Found(NUMBER)),
        (PERSON, "name 0", Found(TEXT)),
        (PERSON, "tags", Found(Array(TEXT))),
        (PERSON, "tags 12", Found(TEXT)),
        (PERSON, "tags length", Found(NUMBER)),
        (PERSON, "extra a b c", Found(ANY, certain=False)),
        (ANY, "a", Found(ANY, certain=False)),
        (PERSON, "nmae", Missing(0, ("name", "age", "tags", "extra"))),
        (PERSON, "name first", Missing(1, ("length",))),
        (PERSON, "age length", Missing(1, ())),
        (PERSON, "tags first", Missing(1, ("length",))),
        (PERSON, "length", Missing(0, ("name", "age", "tags", "extra"))),
        (Array(PERSON), "0 nmae", Missing(1, ("name", "age", "tags", "extra"))),
        (SAMPLE, "email", Found(TEXT, certain=False)),
        (SAMPLE, "mail", Missing(0, ("email", "o"), certain=False)),
        (SAMPLE, "o k", Found(NUMBER, certain=False)),
        (SAMPLE, "o k x", Missing(2, (), certain=False)),
        (Object({"a": TEXT}, Unknown.ALLOWED), "b c", Found(ANY, certain=False)),
        (Union((TEXT, PERSON)), "age", Found(NUMBER, certain=False)),
        (Union((TEXT, Array(TEXT))), "length", Found(NUMBER)),
        (Union((NUMBER, PERSON)), "name x", Missing(1, ("length",))),
        (Union((NUMBER, SAMPLE)), "x", Missing(0, (), certain=False)),
    ],
)
def test_a_path_leads_to_a_schema_or_to_a_missing_key(schema: Schema, path: str, expected: object) -> None:
    assert follow(schema, path.split()) == expected


def test_a_union_holds_each_option_once_and_never_a_union() -> None:
    assert union_of([]) == ANY
    assert union_of([TEXT, TEXT]) == TEXT
    assert union_of([TEXT, Union((NUMBER, TEXT))]) == Union((TEXT, NUMBER))
    assert union_of([TEXT, ANY]) == ANY
    assert union_of(Object({str(n): TEXT}) for n in range(1000)) == ANY


def test_types_and_kinds_of_what_nobody_knows_are_none() -> None:
    assert types_of(ANY) == kinds_of(ANY) == frozenset()
    assert types_of(Union((TEXT, Array(ANY), PERSON, Object({}, type="LINKS")))) == {
        "TEXT",
        "ARRAY",
        "OBJECT",
        "LINKS",
    }
    assert kinds_of(BOOLEAN) == {kind_of(value=True)}


values = st.recursive(
    st.booleans() | st.integers(0, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=12,
)
keys = st.sampled_from(["a", "b", "c", "0", "1", "length"])


@settings(max_examples=300)
@given(values, st.lists(keys, max_size=4))
def test_a_sample_resolves_as_its_schema_says(value: object, path: list[str]) -> None:
    outcome = follow(schema_of_sample(value, Unknown.REFUSED), path)  # type: ignore[arg-type]
    template = "{{v" + "".join(f".[{key}]" for key in path) + "}}"
    resolved = resolve(template, {"v": value})  # type: ignore[dict-item]

    if isinstance(outcome, Missing):
        assert resolved is UNDEFINED
    elif resolved is not UNDEFINED and resolved is not None and kinds_of(outcome.schema):
        assert kind_of(resolved) in kinds_of(outcome.schema)
