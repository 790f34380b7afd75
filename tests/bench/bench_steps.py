"""Authored steps evaluated per second, as the riders of a loop are; prints `name value unit n` lines."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

from ventuno.definition.loading import definition_from
from ventuno.runtime.work import ActionWork, At

ITEMS: Final = 10_000
ROUNDS: Final = 5
NOW: Final = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
VALUES: Final[dict[str, Any]] = {"trigger": {"name": "Acme", "amount": 5}}
GROUPED: Final = {
    "stepFilterGroups": [{"id": "any", "logicalOperator": "OR"}],
    "stepFilters": [
        {
            "type": kind,
            "stepOutputKey": f"{{{{trigger.{field}}}}}",
            "operand": operand,
            "value": value,
            "stepFilterGroupId": "any",
        }
        for field, kind, operand, value in (
            ("name", "TEXT", "CONTAINS", "x"),
            ("amount", "NUMBER", "IS", "5"),
        )
    ],
}
BRANCHES: Final = {"branches": [{"id": "yes", "filterGroupId": "any"}, {"id": "else"}]}
DURATION: Final = {"delayType": "DURATION", "duration": {"hours": 1}}


def _step(kind: str, given: Any) -> dict[str, Any]:  # noqa: ANN401 - author JSON
    return {"id": kind, "name": kind, "type": kind, "settings": {"input": given}}


def main() -> None:
    """Measure each kind a few times, as a loop over many items, and print the best."""
    steps = [_step("FILTER", GROUPED), _step("IF_ELSE", GROUPED | BRANCHES), _step("DELAY", DURATION)]
    definition = definition_from({"name": "x", "trigger": {"type": "MANUAL"}, "steps": steps})
    work, at = ActionWork(), At((0,), 0)
    for kind, ask in (("FILTER", work.evaluate), ("IF_ELSE", work.evaluate), ("DELAY", work.wait)):
        best = 0.0
        for _ in range(ROUNDS):
            started = time.perf_counter()
            for _ in range(ITEMS):
                ask(definition.step(kind), at, VALUES, NOW)
            best = max(best, ITEMS / (time.perf_counter() - started))
        sys.stdout.write(f"steps.evaluate_{kind.lower()} {best:.0f} per_second {ITEMS}\n")


if __name__ == "__main__":
    main()
