"""The pipes: every example of the table, what they refuse, and what passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ventuno.expressions import NOW, PIPES, UNDEFINED, Path, PipeError, parse, resolve
from ventuno.expressions.kinds import Kind
from ventuno.expressions.pipeline import MOST_PIPES
from ventuno.expressions.pipes.date_format import DIRECTIVES
from ventuno.expressions.pipes.pipe import LONGEST_RESULT

if TYPE_CHECKING:
    from ventuno.expressions import Pipe, Resolved

CONTEXT: dict[str, Any] = {
    NOW: "2026-03-18T10:30:00.000Z",
    "trigger": {
        "name": "ada O'Neil",
        "city": "  São Paulo\n",
        "phone": "+39 06 12345",
        "csv": "red, green,",
        "price": "12.50",
        "tags": ["new", "vip"],
        "none": [],
        "empty": "",
        "nil": None,
        "o": {"k": 1},
    },
}
OF_KIND: dict[Kind, str] = {
    Kind.TEXT: '"x"',
    Kind.NUMBER: "5",
    Kind.BOOLEAN: "true",
    Kind.LIST: "trigger.tags",
    Kind.OBJECT: "trigger.o",
}
CALLS = {"default": "default(1)", "replace": 'replace("a", "b")', "add": "add(days=1)"}


def call_of(pipe: Pipe) -> str:
    return CALLS.get(pipe.name, pipe.name)


@pytest.mark.parametrize(
    ("template", "result"),
    [(example.template, example.result) for pipe in PIPES.values() for example in pipe.examples],
)
def test_every_example_of_the_table_is_true(template: str, result: Resolved) -> None:
    resolved = resolve(template, CONTEXT)

    assert resolved == result
    assert type(resolved) is type(result)


@pytest.mark.parametrize("pipe", PIPES.values(), ids=PIPES)
def test_every_pipe_has_a_sentence_and_an_example_of_itself(pipe: Pipe) -> None:
    assert pipe.summary.endswith(".")
    assert all(f"| {pipe.name}" in example.template for example in pipe.examples)
    assert pipe.examples


def test_the_set_of_pipes_is_closed() -> None:
    assert set(PIPES) == {
        *("lower", "upper", "trim", "title", "default", "join", "split", "first", "last", "length"),
        *("round", "number", "string", "json", "date", "add", "slug", "replace"),
    }


@pytest.mark.parametrize("pipe", [pipe for pipe in PIPES.values() if pipe.name != "default"])
@pytest.mark.parametrize(("path", "value"), [("trigger.missing", UNDEFINED), ("trigger.nil", None)])
def test_what_is_missing_or_null_passes_through(pipe: Pipe, path: str, value: Resolved) -> None:
    assert resolve(f"{{{{{path} | {call_of(pipe)}}}}}", CONTEXT) is value


@pytest.mark.parametrize(
    ("pipe", "kind"), [(pipe, kind) for pipe in PIPES.values() for kind in Kind if kind not in pipe.takes]
)
def test_a_pipe_refuses_the_kinds_it_does_not_list(pipe: Pipe, kind: Kind) -> None:
    with pytest.raises(PipeError, match=f"{pipe.name} takes .*, not {kind}"):
        resolve(f"{{{{{OF_KIND[kind]} | {call_of(pipe)}}}}}", CONTEXT)


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{{trigger.name|upper}}", "ADA O'NEIL"),
        ("{{ trigger.name\n|\tupper\n| lower ( ) }}", "ada o'neil"),
        ("Hi {{trigger.missing | default('you')}}!", "Hi you!"),
        ("{{trigger.tags | length}} tags", "2 tags"),
        ("{{trigger.missing | upper}}!", "undefined!"),
        ("{{42|string}}", "42"),
        ("{{true|string}}", "true"),
        ('{{"a|b" | split("|")}}', ["a", "b"]),
        ("{{trigger.[o].k | string}}", "1"),
        (r"""{{"x" | replace("x", '\u007b\u007bq\u007d\u007d')}}""", "{{q}}"),
        (r'{{"x" | replace("x", "\\\"\'\t")}}', "\\\"'\t"),
        ("{{trigger.missing | default(-1.5)}}", -1.5),
        ("{{trigger.missing | default(x = false)}}", False),
        ("{{trigger.empty | default(null)}}", None),
        ("{{5 | default(1) | number | round(n=0)}}", 5),
        ("{{trigger.0 | default(1)}}", 1),
        ("{{-2.5 | round}}", -3),
        ("{{0.125 | round(2)}}", 0.13),
        ("{{1e21 | default(1)}}", 1),
        ('{{"1e21" | number | round}}', 1e21),
        ('{{"-.5" | number}}', -0.5),
        ('{{"9007199254740993" | number}}', 9007199254740992),
        ("{{trigger.o | json}}", '{"k":1}'),
        ("{{trigger.none | join}}", ""),
        ("{{trigger.none | last}}", UNDEFINED),
        ("{{| upper}}", UNDEFINED),
        ('{{"" | first}}', UNDEFINED),
        ('{{"a\U0001f600" | length}}', 3),
    ],
)
def test_a_piped_token_is_typed_alone_and_text_when_mixed(template: str, result: Resolved) -> None:
    resolved = resolve(template, CONTEXT)

    assert resolved == result
    assert type(resolved) is type(result)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{trigger.name | shout}}", "shout is no pipe"),
        ("{{trigger.nil | shout}}", "shout is no pipe"),
        ("{{trigger.name | Upper}}", "Upper is no pipe"),
        ("{{trigger.name | constructor}}", "constructor is no pipe"),
        ("{{trigger.name | __class__}}", "__class__ is no pipe"),
        ("{{trigger.name | }}", "needs the name of a pipe, where the end is"),
        ("{{trigger.name || upper}}", "needs the name of a pipe, where | stands"),
        ("{{trigger.name | upper lower}}", "needs a | before the next pipe, where lower stands"),
        ("{{trigger.name | upper(1)}}", "upper has too many arguments"),
        ("{{trigger.name | default}}", r"default needs an argument: default\(x\)"),
        ("{{trigger.name | default()}}", r"default needs an argument: default\(x\)"),
        ("{{trigger.name | default(trigger.x)}}", "default takes values, not paths"),
        ("{{trigger.name | default(1}}", "needs a comma or"),
        ("{{trigger.name | default(1 2)}}", "needs a comma or"),
        ("{{trigger.name | default(,)}}", "needs a value"),
        ("{{trigger.name | default(1,)}}", "needs a value"),
        ("{{trigger.name | default(y=1)}}", "default has no argument y"),
        ("{{trigger.name | default(1, x=2)}}", "default is given x twice"),
        ("{{trigger.name | date(tz='UTC', '%Y')}}", "an argument without a name after one with a name"),
        ('{{trigger.name | default("a)}}', "needs a value"),
        (r'{{trigger.name | default("\q")}}', r"the escape \\q"),
        (r'{{trigger.name | default("\u12")}}', r"the escape \\u"),
        ("{{trigger.tags | join(5)}}", "join needs text as sep"),
        ("{{trigger.tags | join(null)}}", "join needs text as sep"),
        ("{{1 | round(0.5)}}", "round needs a whole number"),
        ("{{1 | round(99)}}", "round needs a whole number"),
        ("{{1 | round(" + "9" * 300 + ")}}", "round needs a whole number"),
        ("{{1 | round(" + "9" * 400 + ")}}", "round has a number that is too large"),
        ("{{1 | round('2')}}", "round needs a number as n"),
        ("{{trigger.csv | split('')}}", "not empty as sep"),
        ("{{trigger.csv | replace('', 'x')}}", "not empty as a"),
        ("{{trigger.name | number}}", "like 12.50, and this text is none"),
        ("{{'' | number}}", "this text is none"),
        ("{{'1,5' | number}}", "this text is none"),
        ("{{'1e999' | number}}", "too large"),
        ("{{now | date('%Q')}}", "does not know %Q"),
        ("{{now | date('100%')}}", "does not know %"),
        ("{{now | date('%99999999d')}}", "does not know %9"),
        ("{{now | date('%Y', 'Mars')}}", "the name of a time zone"),
        ("{{now | date('%Y', '../../etc/passwd')}}", "the name of a time zone"),
        ("{{now | date('%Y', '')}}", "the name of a time zone"),
        ("{{'yesterday' | date}}", "in ISO 8601"),
        ("{{now | add}}", "needs days, hours or minutes"),
        ("{{now | add(1)}}", "too many arguments"),
        ("{{now | add(days=0.5)}}", "whole number"),
        ("{{now | add(days=true)}}", "needs a number as days"),
        ("{{now | add(days=99999999)}}", "whole number"),
        ("{{'9999-12-31' | add(days=1)}}", "leaves the calendar"),
        ("{{'9999-12-31T23:00:00Z' | add(hours=1)}}", "leaves the calendar"),
        ("{{'9999-12-31T23:00:00Z' | date('%H', 'Asia/Tokyo')}}", "leaves the calendar"),
    ],
)
def test_what_is_wrong_with_a_pipe_is_said(template: str, words: str) -> None:
    with pytest.raises(PipeError, match=words):
        resolve(template, CONTEXT)


@pytest.mark.parametrize(
    ("template", "result"),
    [
        # In Rome clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 to 02:00 on 2026-10-25.
        ('{{"2026-03-28T11:00:00Z" | add(days=1)}}', "2026-03-29T11:00:00Z"),
        ('{{"2026-03-28T11:00:00Z" | add(days=1, tz="Europe/Rome")}}', "2026-03-29T10:00:00Z"),
        ('{{"2026-03-28T12:00:00+01:00" | add(days=1, tz="Europe/Rome")}}', "2026-03-29T10:00:00Z"),
        ('{{"2026-03-28T01:30:00Z" | add(days=1, tz="Europe/Rome")}}', "2026-03-29T01:30:00Z"),
        ('{{"2026-10-24T10:00:00Z" | add(days=1, tz="Europe/Rome")}}', "2026-10-25T11:00:00Z"),
        ('{{"2026-10-25T00:30:00Z" | add(hours=1) | date("%H:%M", "Europe/Rome")}}', "02:30"),
        ('{{"2026-03-29T00:59:00Z" | add(minutes=1) | date("%H:%M", "Europe/Rome")}}', "03:00"),
        ('{{"2026-03-28" | add(days=1, tz="Europe/Rome")}}', "2026-03-29"),
        ('{{"2026-03-28" | add(hours=1)}}', "2026-03-28T01:00:00Z"),
        ('{{"2026-03-28T10:00" | add(days=-1)}}', "2026-03-27T10:00:00Z"),
        ('{{"2026-03-28T10:00" | date("%H:%M", "Europe/Rome")}}', "11:00"),
        ('{{"2026-03-28" | date("%H:%M", "Europe/Rome")}}', "00:00"),
        ('{{"2026-07-01T12:00:00Z" | date("%z %Z", "America/New_York")}}', "-0400 EDT"),
        ('{{"2026-07-01T12:00:00Z" | date("%z", "Asia/Kolkata")}}', "+0530"),
        ('{{"2026-07-01T12:00:00Z" | date("%z", "Pacific/Marquesas")}}', "-0930"),
        ('{{"1883-11-18T12:00:00Z" | date("%z", "America/New_York")}}', "-0456"),
        ('{{"1969-12-31T23:59:59.5Z" | date("%s")}}', "-1"),
        ('{{"2028-02-29" | add(days=366)}}', "2029-03-01"),
        ('{{"2026-11-01T05:30:00Z" | add(days=1, tz="America/New_York")}}', "2026-11-02T06:30:00Z"),
        ("{{now | date}}", "2026-03-18"),
    ],
)
def test_daylight_saving_moves_no_clock_that_a_zone_is_named_for(template: str, result: str) -> None:
    assert resolve(template, CONTEXT) == result


@pytest.mark.parametrize(
    ("directive", "written"),
    [
        ("%Y", "2026"), ("%y", "26"), ("%m", "03"), ("%-m", "3"), ("%B", "March"), ("%b", "Mar"),
        ("%d", "08"), ("%-d", "8"), ("%j", "067"), ("%A", "Sunday"), ("%a", "Sun"), ("%u", "7"),
        ("%V", "10"), ("%G", "2026"), ("%H", "15"), ("%-H", "15"), ("%I", "03"), ("%-I", "3"),
        ("%p", "PM"), ("%M", "04"), ("%S", "05"), ("%f", "678000"), ("%z", "+0000"), ("%Z", "UTC"),
        ("%s", "1772982245"), ("%%", "%"),
    ],
)  # fmt: skip
def test_a_directive_is_written_in_english_on_every_machine(directive: str, written: str) -> None:
    assert resolve(f'{{{{"2026-03-08T15:04:05.678Z" | date("{directive}")}}}}', {}) == written


def test_every_directive_has_its_case() -> None:
    marks = test_a_directive_is_written_in_english_on_every_machine.pytestmark  # type: ignore[attr-defined]

    assert {directive for directive, _ in marks[0].args[1]} == set(DIRECTIVES)


@pytest.mark.parametrize(
    "template",
    [
        "{{trigger.big" + ' | replace("a", "aaaaaaaaaaaaaaaa")' * 10 + "}}",
        '{{trigger.long | join("' + "-" * 1000 + '")}}',
        "{{trigger.quotes" + " | json" * MOST_PIPES + "}}",
    ],
    ids=["replace", "join", "json"],
)
def test_a_chain_of_pipes_cannot_fill_the_memory(template: str) -> None:
    context: dict[str, Any] = {"trigger": {"big": "a" * 1000, "long": ["x"] * 10_000, "quotes": '"' * 100}}

    with pytest.raises(PipeError, match=f"more than {LONGEST_RESULT} characters"):
        resolve(template, context)


def test_a_token_has_a_bounded_number_of_pipes() -> None:
    allowed = "{{trigger.name" + " | lower" * MOST_PIPES + "}}"
    above = "{{trigger.name" + " | lower" * (MOST_PIPES + 1) + "}}"

    assert resolve(allowed, CONTEXT) == "ada o'neil"
    assert len(parse(above).tokens[0].pipes) == MOST_PIPES + 1
    with pytest.raises(PipeError, match="which is the most"):
        resolve(above, CONTEXT)


def test_the_path_before_a_pipe_is_read_as_without_one() -> None:
    token = parse("{{ this.trigger.[a|b].c | upper }}").lone_token

    assert token is not None
    assert token.operand == Path(("trigger", "a|b", "c"))
    assert [pipe.name for pipe in token.pipes] == ["upper"]


def test_a_message_holds_no_value_and_no_control_character() -> None:
    with pytest.raises(PipeError) as caught:
        resolve("{{trigger.name | number | \x1b[31m}}", {"trigger": {"name": "secret"}})

    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_what_a_pipe_writes_is_never_scanned_again() -> None:
    context: dict[str, Any] = {"trigger": {"text": "<<trigger.secret>>", "secret": "leaked"}}
    braces = r"replace('<<', '\u007b\u007b') | replace('>>', '\u007d\u007d')"

    assert resolve(f"{{{{trigger.text | {braces}}}}}", context) == "{{trigger.secret}}"
    assert resolve(f"a {{{{trigger.text | {braces}}}}}", context) == "a {{trigger.secret}}"
