"""Deep resolution, and what must hold for any text and any data."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventuno.expressions import PIPES, UNDEFINED, PipeError, parse, resolve

if TYPE_CHECKING:
    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue

CONTEXT: dict[str, Any] = {"trigger": {"n": 5, "nil": None, "list": [1, "a"], "text": "{{trigger.n}}"}}

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
data = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
fragments = st.sampled_from(
    [
        "{{",
        "}}",
        "{",
        "}",
        "trigger",
        ".",
        "[",
        "]",
        "a",
        "0",
        " ",
        "|",
        "'",
        '"',
        "\\",
        "@",
        "this",
        "#",
        "(",
        ")",
        ",",
        "=",
        "upper",
        "default(1)",
        "add(days=1)",
        "now",
    ]
)
templates = st.recursive(
    st.lists(fragments, max_size=12).map("".join) | scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


contexts = st.dictionaries(st.sampled_from(["trigger", "a", "0", "now"]), data)


def outcome(template: JsonValue, context: dict[str, Any]) -> Resolved:
    """Resolve, or give the text of the one error that is allowed."""
    try:
        return resolve(template, context)
    except PipeError as exc:
        return f"PipeError: {exc}"


@settings(max_examples=300)
@given(templates, contexts)
def test_no_text_and_no_data_raise_anything_but_a_pipe_error(
    template: JsonValue, context: dict[str, Any]
) -> None:
    outcome(template, context)


@given(templates.filter(lambda value: "|" not in repr(value)), contexts)
def test_without_a_pipe_nothing_is_raised(template: JsonValue, context: dict[str, Any]) -> None:
    resolve(template, context)


@given(templates, contexts)
def test_resolving_twice_gives_what_resolving_once_gives(
    template: JsonValue, context: dict[str, Any]
) -> None:
    before = copy.deepcopy((template, context))
    once = outcome(template, context)

    assert outcome(template, context) == once
    assert (template, context) == before


@given(st.sampled_from(list(PIPES)), data, data)
def test_a_pipe_on_any_value_gives_a_value_or_a_pipe_error(
    name: str, value: JsonValue, argument: JsonValue
) -> None:
    written = json.dumps(argument) if not isinstance(argument, list | dict) else "5"
    for call in (name, f"{name}({written})", f"add(days={written}) | {name}"):
        result = outcome(f"{{{{trigger.v | {call}}}}}", {"trigger": {"v": value}})

        assert result is UNDEFINED or json.dumps(result, allow_nan=False)


@given(data.filter(lambda value: "{{" not in repr(value)))
def test_a_value_without_tokens_resolves_to_itself(value: JsonValue) -> None:
    assert resolve(value, CONTEXT) == value


@given(st.text())
def test_text_from_data_is_never_scanned_again(text: str) -> None:
    context: dict[str, Any] = {"trigger": {"text": text, "secret": "leaked"}}

    assert resolve("{{trigger.text}}", context) == text
    assert resolve("<{{trigger.text}}{{trigger.text}}>", context) == f"<{text}{text}>"


@pytest.mark.parametrize(
    "hostile",
    [
        "{{trigger.n}}",
        "{% $states.input %}",
        "${n}",
        "__import__('os').getcwd()",
        "{trigger}",
        "%s",
        "{0.__class__}",
    ],
)
def test_expressions_are_data(hostile: str) -> None:
    context: dict[str, Any] = {"trigger": {"n": 5, "text": hostile}}

    assert resolve("{{trigger.text}}", context) == hostile
    assert resolve("a {{trigger.text}} b", context) == f"a {hostile} b"
    assert resolve([{"k": "{{trigger.text}}"}], context) == [{"k": hostile}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"gone": "{{trigger.x}}", "kept": "{{trigger.nil}}"}, {"kept": None}),
        (["{{trigger.x}}", "{{trigger.n}}"], [None, 5]),
        ({"{{trigger.n}}": 1, "k{{trigger.x}}": 2}, {"5": 1, "kundefined": 2}),
        ({"a": {"b": [{"c": "{{trigger.list}}"}]}}, {"a": {"b": [{"c": [1, "a"]}]}}),
        (("{{trigger.n}}",), [5]),
        ([1.5, True, None], [1.5, True, None]),
    ],
)
def test_containers_resolve_element_by_element(value: JsonValue, expected: JsonValue) -> None:
    assert resolve(value, CONTEXT) == expected


def test_text_around_a_token_makes_the_result_text() -> None:
    assert resolve(" {{trigger.n}}", CONTEXT) == " 5"
    assert resolve("{{trigger.n}}{{trigger.x}}", CONTEXT) == "5undefined"
    assert resolve("x{{trigger.list}}", CONTEXT) == 'x[1,"a"]'


def test_the_authored_value_and_the_context_stay_untouched() -> None:
    authored: dict[str, Any] = {"a": ["{{trigger.list}}"]}
    context: dict[str, Any] = {"trigger": {"list": [1]}}

    resolve(authored, context)

    assert authored == {"a": ["{{trigger.list}}"]}
    assert context == {"trigger": {"list": [1]}}


def test_depth_does_not_exhaust_the_interpreter() -> None:
    deep: Any = "{{trigger.n}}"
    for _ in range(50_000):
        deep = [deep]

    resolved: Any = resolve(deep, CONTEXT)

    for _ in range(50_000):
        (resolved,) = resolved
    assert resolved == 5


def test_a_text_is_parsed_once() -> None:
    assert parse("{{trigger.n}} once") is parse("{{trigger.n}} once")
