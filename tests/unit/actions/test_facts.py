"""Facts of the reference about ITERATOR, DELAY, FORM and IF_ELSE, proven by validation or by both engines.

Where decisions differ from the reference, the proof says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, step, written
from tests.facts import FACTS
from tests.graphs.cases import Case
from tests.graphs.proving import both
from tests.graphs.simulating import delay, loop
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from tests.facts import Proofs

FIELD = {"name": "x", "label": "X", "type": "TEXT"}
RECORD = {"type": "NUMBER", "stepOutputKey": "{{trigger.n}}", "operand": "IS"}


def told(*steps: Json, payload: Any = None, **outcomes: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401 - any JSON
    """Run in both engines, which agree, and return the run's status and its steps."""
    interpreted, machine = both(Case(written(*steps), payload or {}, outcomes))

    assert (machine.faults, machine.run.status, machine.run.steps) == (
        (),
        interpreted.status,
        interpreted.steps,
    )
    return interpreted.status.value, interpreted.steps


def error_of(kind: str, given: Any) -> Any:  # noqa: ANN401 - any JSON
    """Run one step and return its error."""
    return told(step("a", kind, given=given))[1]["a"]["error"]


def messages(*steps: Json) -> str:
    return "\n".join(
        f"{found.message} {found.suggestion}" for found in findings_of(definition_from(written(*steps)))
    )


def form(*fields: Json) -> Json:
    return step("ask", "FORM") | {"settings": {"input": list(fields)}}


def three_ways() -> Json:
    """Write an IF_ELSE on 10, on 20, and else."""
    return {
        "stepFilterGroups": [{"id": "ten"}, {"id": "twenty"}],
        "stepFilters": [
            {**RECORD, "value": "10", "stepFilterGroupId": "ten"},
            {**RECORD, "value": "20", "stepFilterGroupId": "twenty"},
        ],
        "branches": [
            {"id": "first", "nextStepIds": ["b"], "filterGroupId": "ten"},
            {"id": "second", "nextStepIds": ["c"], "filterGroupId": "twenty"},
            {"id": "else", "nextStepIds": ["d"]},
        ],
    }


def a_long_loop() -> Json:
    """Run 10,001 items, which decisions allow: lists of up to a million run."""
    steps: Json = told(loop("each", "b", list(range(10_001))), step("b", then="each"))[1]
    return dict(steps["each"]["result"])


LABEL_AND_TYPE = "Form action fields must have a defined label and type"
ITEMS = ["item1", "item2"]

PROOFS: Proofs = {
    "FORM input []": lambda: "Form action must have at least one field" in messages(form()),
    "FORM field with empty label or empty type": lambda: (
        LABEL_AND_TYPE in messages(form(FIELD | {"label": ""}))
        and LABEL_AND_TYPE in messages(form(FIELD | {"type": ""}))
    ),
    "DURATION {days:1,hours:2,minutes:3,seconds:4}": lambda: (
        both(Case(written(delay("w", days=1, hours=2, minutes=3, seconds=4)), {}, {}))[1].run.virtual_seconds
        == 93_784
    ),
    "DURATION without duration object": lambda: (
        error_of("DELAY", {"delayType": "DURATION"}) == "Duration is required for duration delay"
    ),
    "SCHEDULED_DATE in the past": lambda: (
        error_of("DELAY", {"delayType": "SCHEDULED_DATE", "scheduledDateTime": "2025-12-31"})
        == "Scheduled date cannot be in the past"
    ),
    "SCHEDULED_DATE without value": lambda: (
        error_of("DELAY", {"delayType": "SCHEDULED_DATE"})
        == "Scheduled date time is required for scheduled date delay"
    ),
    "filters number IS 10 / else-if number IS 20, payload number 10": lambda: (
        told(
            step("i", "IF_ELSE", given=three_ways()), create("b"), create("c"), create("d"), payload={"n": 10}
        )
        == (
            "COMPLETED",
            {
                "i": {"status": "SUCCESS", "result": {"matchingBranchId": "first"}},
                "b": {"status": "SUCCESS", "result": {}},
                "c": {"status": "SKIPPED"},
                "d": {"status": "SKIPPED"},
            },
        )
    ),
    "run Quick Lead, before form submission": lambda: (
        (outcome := told(form(FIELD) | {"nextStepIds": ["a"]}, create("a")))[0] == "RUNNING"
        and outcome[1]["ask"]["status"] == "PENDING"
    ),
    "items=['item1','item2'], first execution": lambda: (
        told(loop("each", "ask", ITEMS), form(FIELD) | {"nextStepIds": ["each"]})[1]["each"]
        == {
            "status": "RUNNING",
            "result": {"currentItemIndex": 0, "currentItem": "item1", "hasProcessedAllItems": False},
        }
    ),
    "items='not-an-array'": lambda: (
        told(loop("each", "b", "not-an-array"), step("b", then="each"))[1]["each"]["status"] == "FAILED"
    ),
    "10 001 items, previous index 10000": lambda: (
        a_long_loop() == {"currentItemIndex": 10_001, "hasProcessedAllItems": True}
    ),
    "iterator items pointing at a non-array variable": lambda: (
        "{{find.all}}"
        in messages(
            step("find", "FIND_RECORDS", "each", {"objectName": "person"}),
            loop("each", "b", "{{find.totalCount}}"),
            step("b", then="each"),
        )
    ),
}


@pytest.mark.parametrize("given", PROOFS)
def test_a_fact_of_the_reference_holds(given: str) -> None:
    assert PROOFS[given](), FACTS[given]
