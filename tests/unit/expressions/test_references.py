"""What a value needs from the context, read without resolving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno.expressions import WHOLE_CONTEXT, Reference, parse, references, tokens

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", set()),
        ("{{trigger.a.b}}", {Reference("trigger", ("a", "b"))}),
        ("{{find}} {{find.all.[0]}}", {Reference("find"), Reference("find", ("all", "0"))}),
        (
            {"{{k.v}}": ["{{e.f}}", {"x": "{{g}}"}]},
            {Reference("k", ("v",)), Reference("e", ("f",)), Reference("g")},
        ),
        ("{{@root.trigger.a}}", {Reference("trigger", ("a",))}),
        ("{{this.trigger}}", {Reference("trigger")}),
        ("{{this}}", {WHOLE_CONTEXT}),
        ("{{@root}}", {WHOLE_CONTEXT}),
        ('{{42}} {{"trigger"}} {{a.0}} {{}}', set()),
        ('[{"type":"variableTag","attrs":{"variable":"{{step.name}}"}}]', {Reference("step", ("name",))}),
        (5, set()),
    ],
)
def test_references_are_what_resolving_would_follow(value: JsonValue, expected: set[Reference]) -> None:
    assert references(value) == expected


def test_malformed_tokens_are_found_wherever_they_stand() -> None:
    value = {"{{a.0}}": ["{{ok}}", ("{{b[0]}}",)]}

    assert sorted(token.raw for token in tokens(value) if token.problem) == ["{{a.0}}", "{{b[0]}}"]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("plain }} text", None),
        ("{{a.b}} and {{{c}}}", None),
        ("Hi {{a.b} and more", "{{a.b} and more"),
        ("{{a}} {{}} {{b}}", "{{}} "),
        ("{{a | default('{}')}}", "{{a | default('{}')}}"),
        ("{{{{a}}}}", "{{"),
        ("{{{" * 3, "{{{" * 3),
    ],
)
def test_braces_that_open_no_token_are_found(text: str, unread: str | None) -> None:
    assert parse(text).unread == unread
