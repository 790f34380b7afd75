"""Deep resolution, and what must hold for any text and any data."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ventuno.expressions import UNDEFINED, parse, resolve

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue

CONTEXT: dict[str, Any] = {"trigger": {"n": 5, "nil": None, "list": [1, "a"], "text": "{{trigger.n}}"}}

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
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
    ]
)
templates = st.recursive(
    st.lists(fragments, max_size=12).map("".join) | scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@settings(deadline=None)
@given(templates, st.dictionaries(st.sampled_from(["trigger", "a", "0"]), data))
def test_no_text_and_no_data_raise(template: JsonValue, context: dict[str, Any]) -> None:
    resolve(template, context)


@settings(deadline=None)
@given(data.filter(lambda value: "{{" not in repr(value)))
def test_a_value_without_tokens_resolves_to_itself(value: JsonValue) -> None:
    assert resolve(value, CONTEXT) == value


@settings(deadline=None)
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


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 1_000_000,
        "{{" * 250_000 + "}}" * 250_000,
        "{{a" * 300_000,
        "{{" + "a" * 1_000_000 + "!}}",
        '{{"' + '\\"' * 400_000 + "}}",
        "{{[" + "\\]" * 400_000 + "}}",
        "{{a" + ".b" * 400_000 + "}}",
        "{{" + "a " * 400_000 + "}}",
    ],
    ids=lambda text: text[:6],
)
def test_a_megabyte_of_braces_takes_linear_time(hostile: str) -> None:
    started = time.perf_counter()

    resolved = resolve(hostile, {})

    assert resolved is UNDEFINED or isinstance(resolved, str)
    assert time.perf_counter() - started < 30, "a quadratic parser needs hours"


def test_a_text_is_parsed_once() -> None:
    assert parse("{{trigger.n}} once") is parse("{{trigger.n}} once")
