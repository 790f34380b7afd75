"""A machine lives for a year: waits that add up to more on one path are found before activation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import branches, step, written
from ventuno.definition.loading import definition_from
from ventuno.runtime.longest_wait import longest_wait_seconds
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

DAY = 86_400


def delay(name: str, days: Any, *then: str) -> JsonObject:  # noqa: ANN401 - author JSON
    return step(name, "DELAY", then, {"delayType": "DURATION", "duration": {"days": days}})


def loop(name: str, items: Any, body: str, *then: str, **more: Any) -> JsonObject:  # noqa: ANN401 - same
    return step(name, "ITERATOR", then, {"items": items, "initialLoopStepIds": [body], **more})


CHOICE = step("choose", "IF_ELSE", given=branches("a", "b"))
CASES: dict[str, tuple[list[JsonObject], float]] = {
    "none": ([step("a")], 0),
    "in a row": ([delay("a", 200, "b"), delay("b", "165")], 365),
    "on two branches": ([CHOICE, delay("a", 200), delay("b", 300)], 300),
    "joined": ([CHOICE, delay("a", 200, "c"), delay("b", 300, "c"), delay("c", 30)], 330),
    "of which a variable says how long": ([delay("a", "{{trigger.days}}", "b"), delay("b", 3)], 3),
    "in a loop over a list": ([loop("l", [1, 2, 3], "a", "b"), delay("a", 100, "l"), delay("b", 50)], 350),
    "in a loop over the text of a list": ([loop("l", "[1, 2]", "a"), delay("a", 100, "l")], 200),
    "at once": ([loop("l", [1, 2, 3], "a", maxConcurrency=2), delay("a", 100, "l")], 200),
    "in a loop over what only the run knows": ([loop("l", "{{trigger.x}}", "a"), delay("a", 100, "l")], 100),
    "in a loop in a loop": (
        [loop("l", [1, 2], "m"), loop("m", [1, 2], "a", "l"), delay("a", 90, "m")],
        360,
    ),
}


@pytest.mark.parametrize(("steps", "days"), CASES.values(), ids=CASES)
def test_the_longest_path_counts(steps: list[JsonObject], days: float) -> None:
    assert longest_wait_seconds(definition_from(written(*steps))) == days * DAY


def test_a_date_to_wait_for_is_not_counted_and_its_left_over_duration_neither() -> None:
    given = {"delayType": "SCHEDULED_DATE", "scheduledDateTime": "{{now}}", "duration": {"days": 300}}

    assert longest_wait_seconds(definition_from(written(step("a", "DELAY", given=given)))) == 0


@pytest.mark.parametrize(("days", "codes"), [(165, []), (166, ["QUOTA_EXCEEDED"])])
def test_more_than_a_year_is_a_finding(days: int, codes: list[str]) -> None:
    found = findings_of(definition_from(written(delay("a", 200, "b"), delay("b", days))))

    assert [one.code for one in found] == codes
    assert all("31536000 are allowed" in one.message for one in found)
