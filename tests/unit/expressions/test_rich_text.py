"""Variables in stored rich text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ventuno import errors
from ventuno.expressions import UNDEFINED, resolve_rich_text

HOSTILE = '"},{"type":"image"}\\'
CONTEXT: dict[str, Any] = {
    "trigger": {
        "name": "Acme",
        "n": 42,
        "nil": None,
        "o": {"a": 1},
        "lines": "one\r\n\ntwo",
        "hostile": HOSTILE,
        "mustache": "{{trigger.n}}",
    }
}
BREAK = {"type": "hardBreak"}


def tag(path: str) -> dict[str, Any]:
    return {"type": "variableTag", "attrs": {"variable": f"{{{{{path}}}}}"}}


def text(value: str) -> dict[str, Any]:
    return {"type": "text", "text": value}


def resolved(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = resolve_rich_text(json.dumps({"type": "doc", "content": nodes}), CONTEXT)

    assert isinstance(result, str)
    document: dict[str, Any] = json.loads(result)
    return list(document["content"])


@pytest.mark.parametrize(
    ("path", "nodes"),
    [
        ("trigger.name", [text("Acme")]),
        ("trigger.n", [text("42")]),
        ("trigger.nil", [text("")]),
        ("trigger.missing", [text("")]),
        ("trigger.o", [text('{"a":1}')]),
        ("trigger.lines", [text("one"), BREAK, BREAK, text("two")]),
        ("trigger.hostile", [text(HOSTILE)]),
        ("trigger.mustache", [text("{{trigger.n}}")]),
    ],
)
def test_a_variable_becomes_text(path: str, nodes: list[Any]) -> None:
    assert resolved([tag(path), text("!")]) == [*nodes, text("!")]


def test_a_variable_deep_in_a_document_becomes_text() -> None:
    nodes = [{"type": "list", "content": [{"type": "item", "content": [tag("trigger.name")]}]}]

    assert resolved(nodes)[0]["content"][0]["content"] == [text("Acme")]


def test_the_order_of_keys_does_not_matter() -> None:
    nodes = [{"attrs": {"variable": "{{trigger.name}}", "label": "Name"}, "type": "variableTag"}]

    assert resolved(nodes) == [text("Acme")]


def test_a_bold_variable_stays_bold() -> None:
    assert resolved([{**tag("trigger.name"), "marks": [{"type": "bold"}]}]) == [
        {**text("Acme"), "marks": [{"type": "bold"}]}
    ]


def test_other_strings_resolve_in_the_same_pass() -> None:
    nodes = [{"type": "link", "href": "https://x/{{trigger.n}}", "title": "{{trigger.mustache}}"}]

    assert resolved(nodes) == [{"type": "link", "href": "https://x/42", "title": "{{trigger.n}}"}]


@pytest.mark.parametrize(
    ("path", "shown"),
    [("n", "42"), ("o", '{"a":1}'), ("nil", "null"), ("missing", "undefined"), ("hostile", HOSTILE)],
)
def test_a_token_in_a_text_node_is_text_whatever_it_stands_for(path: str, shown: str) -> None:
    assert resolved([text(f"{{{{trigger.{path}}}}}")]) == [text(shown)]


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("no variable", "no variable"),
        ('{"type" : "doc"}', '{"type" : "doc"}'),
        ("Dear {{trigger.name}}", "Dear Acme"),
        ("{{trigger.n}}", 42),
        ("{{trigger.missing}}", UNDEFINED),
        ('"{{trigger.name}}"', '"Acme"'),
    ],
)
def test_text_that_is_no_document_resolves_like_any_string(stored: str, expected: object) -> None:
    assert resolve_rich_text(stored, CONTEXT) == expected


@pytest.mark.parametrize("depth", [150, 100_000])
def test_a_bottomless_document_is_refused(depth: int) -> None:
    document = "[" * depth + json.dumps(tag("trigger.n")) + "]" * depth

    with pytest.raises(errors.StepInputError, match="nested deeper"):
        resolve_rich_text(document, CONTEXT)
