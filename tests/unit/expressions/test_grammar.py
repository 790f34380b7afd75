"""Paths and literals inside tokens, as the table of reference §5 has them."""

from __future__ import annotations

from typing import Any

import pytest

from ventuno.expressions import UNDEFINED, Path, Token, parse, resolve

CONTEXT: dict[str, Any] = {
    "trigger": {
        "123": "num",
        "name": "Acme",
        "smile": "a😀",
        "nil": None,
        "arr": ["x", "y"],
        "o": {
            "a|b": "bar",
            "a/b": 1,
            "dot.key": "D",
            "br[0]": "B",
            "it's": 2,
            "length": "own",
            "": "empty",
            "ünï": "U",
        },
        "rows": [{"id": "a"}, {"id": "b"}],
    },
    "9d0b6ef2-aad2-4853-92e1-95f2abf10d5b": {"ok": True},
    "42": {"ok": True},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{trigger.rows.1.id}}", "b"),
        ("{{trigger.rows.[1].id}}", "b"),
        ("{{trigger.rows.length}}", 2),
        ("{{trigger.name.length}}", 4),
        ("{{trigger.smile.length}}", 3),
        ("{{trigger.name.[0]}}", "A"),
        ("{{trigger.o.length}}", "own"),
        ("{{trigger.[123]}}", "num"),
        ("{{trigger.o.[a/b]}}", 1),
        ("{{trigger.o.[a|b]}}", "bar"),
        ("{{trigger.name 'a|b'}}", "Acme"),
        ('{{"a|b"}}', "a|b"),
        ("{{trigger.o.[it's]}}", 2),
        ("{{trigger.o.[]}}", "empty"),
        ("{{trigger.o.ünï}}", "U"),
        ("{{ trigger.name\n}}", "Acme"),
        ("{{this.trigger.name}}", "Acme"),
        ("{{./trigger/name}}", "Acme"),
        ("{{@root.trigger.name}}", "Acme"),
        ("{{9d0b6ef2-aad2-4853-92e1-95f2abf10d5b.ok}}", True),
        ("{{42.ok}}", True),
        ('{{"lit"}}', "lit"),
        (r'{{"say \"hi\""}}', 'say "hi"'),
        ("{{'lit'}}", "lit"),
        ("{{42}}", 42),
        ("{{-1.5}}", -1.5),
        ("{{false}}", False),
        ("{{undefined}}", UNDEFINED),
        ("{{trigger.nil.x.y}}", None),
        ("{{trigger.arr.}}", ["x", "y"]),
        ("{{trigger.arr . name}}", ["x", "y"]),
        ("{{trigger.name extra 'words' a=1}}", "Acme"),
        ("{{trigger.name ../extra}}", "Acme"),
    ],
)
def test_a_path_leads_to_its_value(text: str, expected: object) -> None:
    resolved = resolve(text, CONTEXT)

    assert resolved == expected
    assert type(resolved) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        "{{trigger.arr.0}}",
        "{{trigger.arr[0]}}",
        "{{trigger.123}}",
        "{{trigger.arr.[01]}}",
        "{{trigger.arr.[-1]}}",
        "{{trigger.arr.[2]}}",
        "{{trigger.o.[br[0]]}}",
        "{{trigger.o.it's}}",
        "{{trigger.o.a/b}}",
        "{{trigger.o.a@b}}",
        "{{.name}}",
        "{{../trigger}}",
        "{{trigger.this.name}}",
        "{{trigger.name trigger.this}}",
        "{{trigger.name a=1 extra}}",
        "{{trigger.true}}",
        "{{@index}}",
        "{{nobody.knows}}",
        "{{lookup trigger.arr 0}}",
        "{{(trigger.name)}}",
        "{{#if trigger}}",
        "{{!comment}}",
        "{{name=trigger}}",
        "{{~trigger.name~}}",
    ],
)
def test_what_is_no_path_is_undefined(text: str) -> None:
    assert resolve(text, CONTEXT) is UNDEFINED


@pytest.mark.parametrize("key", ["constructor", "__proto__", "__class__", "toString", "hasOwnProperty"])
@pytest.mark.parametrize("place", ["trigger", "trigger.o", "trigger.arr", "trigger.name"])
def test_proto_constructor_and_the_like_are_plain_keys(key: str, place: str) -> None:
    own = {"trigger": {key: "mine"}}

    assert resolve(f"{{{{{place}.{key}}}}}", CONTEXT) is UNDEFINED
    assert resolve(f"{{{{trigger.{key}}}}}", own) == "mine"


@pytest.mark.parametrize("text", ["", "plain", "{{}}", "{{ {x} }}", "{{a", "a}}", "{x}"])
def test_text_without_a_token_stays_as_it_is(text: str) -> None:
    assert resolve(text, CONTEXT) == text
    assert parse(text).tokens == ()


def test_a_token_remembers_its_text() -> None:
    token = parse("{{trigger.name}}").lone_token

    assert token == Token("{{trigger.name}}", Path(("trigger", "name")), ignored=False, pipes=())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{trigger.arr.0}}", "is not a path"),
        ("{{trigger.o.key with space}}", "more than one word"),
        ("{{" + "!" * 500 + "}}", "…"),
    ],
)
def test_a_token_that_authors_should_change_says_so(text: str, words: str) -> None:
    (token,) = parse(text).tokens

    assert token.problem is not None
    assert words in token.problem
    assert len(token.problem) < 250


def test_a_good_token_has_no_problem() -> None:
    assert [token.problem for token in parse("{{a.b}} {{42}} {{this}}").tokens] == [None] * 3
