from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from ventuno_dev.yaml_source import Place, YamlError, read_yaml

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP_BY_ALIASES = "a0: &a0 " + "[" * 90 + "]" * 90 + "\na1: &a1 " + "[" * 20 + "*a0" + "]" * 20
LONG_BY_ALIASES = f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 20)}]"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("True", "True"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("007", "007"),
        ("+39061234", "+39061234"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        (".5", ".5"),
        ('"true"', "true"),
        ("'12'", "12"),
        ("!!str 12", "12"),
    ],
)
def test_an_unquoted_word_is_only_what_json_reads(written: str, value: object) -> None:
    read = read_yaml(f"key: {written}").value["key"]

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("key", ["yes", "null", "12", "2026-01-01"])
def test_a_key_is_the_text_that_was_written(key: str) -> None:
    assert read_yaml(f"{key}: x").value == {key: "x"}


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("a: 1\nb: 2\na: 3", 'the key "a" of line 1 stands again', (3, 1)),
        ("a: 1\nb:\n  - {c: 1, c: 2}", 'the key "c" of line 3', (3, 12)),
        ("a: b: c", "mapping values are not allowed", (1, 5)),
        ("a:\n  - b\n c: d", "did not find expected key", (3, 2)),
        ("a: [1, 2", "expected ',' or ']'", (2, 1)),
        ('a: "open', "unexpected end of stream", (1, 9)),
        ("x: 1\na: \x01", "control characters", (2, 4)),
        ("a: !!python/object:os.system x", "tag", (1, 4)),
        ("a: !!timestamp 2026-01-01", "tag", (1, 4)),
        ("a: !!binary aGk=", "tag", (1, 4)),
        ("a: !!set {b}", "tag", (1, 4)),
        ("? [a]\n: b", "a key must be text", (1, 3)),
        ("<<: {a: 1}", "merge keys", (1, 1)),
        ("--- a\n--- b", "second document", (2, 1)),
        ("a: {{trigger.email}}", "a key must be text", (1, 5)),
        ("a: *b", "repeats nothing", (1, 4)),
        ("a: &a [*a]", "repeats nothing", (1, 8)),
        ("a: 1e999", "larger than any number", (1, 4)),
        ("1" * 5000, "too many digits", (1, 1)),
        ("[" * 200 + "]" * 200, "nested deeper", (1, 101)),
        (BILLION_LAUGHS, "the aliases repeat more", (6, 20)),
        (LONG_BY_ALIASES, "the aliases repeat more", (2, 45)),
        (DEEP_BY_ALIASES, "nested deeper", (2, 29)),
    ],
)
def test_what_json_cannot_hold_is_refused_where_it_stands(
    text: str, problem: str, place: tuple[int, int]
) -> None:
    with pytest.raises(YamlError, match=f"^line {place[0]}, column {place[1]}: ") as refused:
        read_yaml(text)

    assert problem in str(refused.value)
    assert refused.value.place == Place(*place)


def test_an_alias_repeats_what_its_anchor_holds() -> None:
    assert read_yaml("a: &x {n: [1, yes]}\nb: *x\nc: [*x]").value == {
        "a": {"n": [1, "yes"]},
        "b": {"n": [1, "yes"]},
        "c": [{"n": [1, "yes"]}],
    }


def test_members_stand_where_their_keys_do() -> None:
    places = read_yaml("name: x\nsteps:\n  - id: a\n    next:\n      - b\n  - {id: c}").places

    assert places["$.name"] == Place(1, 1)
    assert places["$.steps"] == Place(2, 1)
    assert places["$.steps[0].id"] == Place(3, 5)
    assert places["$.steps[0].next[0]"] == Place(5, 9)
    assert places["$.steps[1].id"] == Place(6, 6)


# Beyond this JSON escapes a character as a surrogate pair, which YAML does not know.
TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# A key on one line has at most 1,024 characters in YAML, and JSON writes six for many a one.
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=150)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_json_reads_the_same_as_yaml(value: JsonValue) -> None:
    assert read_yaml(json.dumps(value)).value == value


@given(st.text())
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        value = read_yaml(text).value
    except YamlError as refused:
        value = [*refused.place]

    assert json.loads(json.dumps(value)) == value


@given(st.dictionaries(st.text(st.characters(codec="ascii")), JSON_VALUES, max_size=4))
def test_what_a_yaml_writer_writes_reads_back(value: dict[str, Any]) -> None:
    # PyYAML follows YAML 1.1 and leaves texts like 0E0 bare, which YAML 1.2 reads as numbers.
    written = yaml.safe_dump(value, allow_unicode=False)
    assume(not re.search(r"\d[eE][-+]?\d", written))

    assert read_yaml(written).value == value
