"""Templates: JSONata as Step Functions evaluates it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.asl.machines import evaluated
from ventuno_dev.asl.errors import DATA_LIMIT_EXCEEDED, QUERY_EVALUATION_ERROR

GIVEN = {"n": None, "one": [5], "empty": [], "list": [{"live": False}, {"live": True}], "a": {"b-c": 1}}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("plain", "plain"),
        ({"k": ["{% 1 + 1 %}", 2]}, {"k": [2, 2]}),
        ("text {% 1 %}", "text {% 1 %}"),
        ("{% $states.input.a.`b-c` %}", 1),
        ("{% $states.input.n %}", None),
        ("{% null %}", None),
        ("{% $states.input.one %}", [5]),
        ("{% $states.input.empty %}", []),
        ("{% true in $states.input.list.live %}", True),
        ("{% [1..3] %}", [1, 2, 3]),
        ("{% 4 / 2 %}", 2),
        ("{% 5 / 2 %}", 2.5),
        ('{% "a\\nb" & "é" %}', "a\nb\u00e9"),
        ('{% {"gone": $states.input.gone} %}', {}),
        ("{% $exists($states.input.n) %}", True),
        ('{% $parse("[1,{}]") %}', [1, {}]),
        ("{% $partition([1,2,3], 2) %}", [[1, 2], [3]]),
        ("{% $range(0, 10, 5) %}", [0, 5, 10]),
        ("{% $range(3, 1, -1) %}", [3, 2, 1]),
        ('{% $hash("a", "SHA-1") %}', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("{% $random(7) = $random(7) %}", True),
        ("{% $length($uuid()) %}", 36),
        ("{% $states.context.Execution.Name %}", "run"),
    ],
)
def test_an_expression_is_evaluated(template: object, value: object) -> None:
    run = evaluated(template, GIVEN)

    assert (run.status, run.error, run.cause) == ("SUCCEEDED", None, None)
    assert run.output == value
    assert type(run.output) is type(value)


@pytest.mark.parametrize(
    "template",
    [
        "{% $states.input.gone %}",
        {"k": ["{% $nothing %}"]},
        '{% $error("no") %}',
        "{% 1 / 0 %}",
        '{% 1 + "a" %}',
        "{% ( %}",
        "{% $sum %}",
        '{% $hash("a", "SHA-3") %}',
        '{% $parse("{") %}',
        "{% $range(1, 5000, 1) %}",
    ],
)
def test_what_gives_no_value_fails_the_state(template: object) -> None:
    run = evaluated(template, GIVEN)

    assert (run.status, run.error) == ("FAILED", QUERY_EVALUATION_ERROR)


def test_error_keeps_its_message() -> None:
    assert "because" in (evaluated('{% $error("because") %}').cause or "")


@pytest.mark.parametrize(("length", "status"), [(262_142, "SUCCEEDED"), (262_143, "FAILED")])
def test_a_value_has_at_most_256_kib(length: int, status: str) -> None:
    run = evaluated('{% $pad("", $states.input, "x") %}', length)

    assert run.status == status
    assert run.error == (None if status == "SUCCEEDED" else DATA_LIMIT_EXCEEDED)


def test_author_text_in_values_is_never_evaluated() -> None:
    given: Any = {"text": "{% $states.context.Execution.Name %}"}

    assert evaluated("{% $states.input.text %}", given).output == given["text"]
