"""The role of a machine follows from its states: the least that covers them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import create, defined, step
from ventuno.actions.registry import KINDS
from ventuno.compiler.capability import capability_of
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.contract import Capability

STEPS, BATCHES = Capability.STEPS, Capability.BATCHES
LISTED = ["a", "b"]


def loop(items: Any) -> list[Any]:  # noqa: ANN401 - a list, or a template for one
    given = {"items": items, "initialLoopStepIds": ["a"]}
    return [step("loop", "ITERATOR", given=given), create("a", "loop")]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([create()], STEPS),
        ([step("m", "SEND_EMAIL", "h"), step("h", "HTTP_REQUEST")], STEPS),
        ([step("d", "DELAY", "f"), step("f", "FORM")], STEPS),
        (loop(LISTED), STEPS),
        (loop("{{trigger.items}}"), BATCHES),
    ],
    ids=["a record", "effects", "waits", "a list that fits one execution", "a list of any length"],
)
def test_a_machine_is_given_the_least_capability_that_covers_it(steps: list[Any], expected: str) -> None:
    assert compile_definition(defined(*steps), KINDS).capability == expected


def test_a_loop_in_a_loop_is_covered_too() -> None:
    inner = {
        "StartAt": "m",
        "States": {
            "m": {
                "Type": "Map",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED"},
                    "StartAt": "p",
                    "States": {"p": {"Type": "Pass"}},
                },
            }
        },
    }
    outer = {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **inner}}

    assert capability_of({"StartAt": "o", "States": {"o": outer}}) is BATCHES
