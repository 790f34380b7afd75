"""Template resolutions and filter evaluations per second on one core; prints `name value unit n` lines."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from ventuno.expressions import parse, resolve
from ventuno.filters import ArrangedFilters, StepFilter, StepFilterGroup

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES: Final = 50_000
ROUNDS: Final = 3
NOW: Final = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
CONTEXT: Final[dict[str, Any]] = {
    "now": "2026-03-18T10:30:00.000Z",
    "trigger": {
        "properties": {
            "after": {"name": "Acme", "stage": "NEW", "amount": 5, "emails": {"primaryEmail": "a@b.com"}}
        }
    },
}
AFTER: Final = "trigger.properties.after"
CHAIN: Final = f'{{{{{AFTER}.name | trim | lower | replace("a", "b") | default("none") | title}}}}'
DATE: Final = '{{now | add(days=3) | date("%-d %B %Y, %H:%M", "Europe/Rome")}}'
_fresh: Final = count()


def _filter(field: str, field_type: str, operand: str, value: str, group: str | None = None) -> StepFilter:
    return StepFilter.model_validate(
        {
            "type": field_type,
            "stepOutputKey": f"{{{{{AFTER}.{field}}}}}",
            "operand": operand,
            "value": value,
            "stepFilterGroupId": group,
        }
    )


def _cases() -> dict[str, Callable[[], object]]:
    mail = {"to": f"{{{{{AFTER}.emails.primaryEmail}}}}", "subject": f"Hi {{{{{AFTER}.name}}}}", "files": []}
    select = (_filter("stage", "SELECT", "IS", '["NEW","WON"]'),)
    number = (_filter("amount", "NUMBER", "GREATER_THAN_OR_EQUAL", "3"),)
    groups = (StepFilterGroup.model_validate({"id": "any", "logicalOperator": "OR"}),)
    grouped = (_filter("name", "TEXT", "CONTAINS", "x", "any"), _filter("amount", "NUMBER", "IS", "5", "any"))
    return {
        "expressions.resolve_lone_token": partial(resolve, f"{{{{{AFTER}.name}}}}", CONTEXT),
        "expressions.resolve_text": partial(resolve, f"Hi {{{{{AFTER}.name}}}}!", CONTEXT),
        "expressions.resolve_settings": partial(resolve, mail, CONTEXT),
        "expressions.resolve_piped_token": partial(resolve, f"{{{{{AFTER}.name | upper}}}}", CONTEXT),
        "expressions.resolve_piped_text": partial(
            resolve, f"Hi {{{{{AFTER}.x | default('you')}}}}!", CONTEXT
        ),
        "expressions.resolve_chain_of_five": partial(resolve, CHAIN, CONTEXT),
        "expressions.resolve_date_in_zone": partial(resolve, DATE, CONTEXT),
        "expressions.parse_piped_text": _uncached,
        "filters.evaluate_select": partial(ArrangedFilters((), select).hold, CONTEXT, NOW),
        "filters.evaluate_number": partial(ArrangedFilters((), number).hold, CONTEXT, NOW),
        "filters.evaluate_group_of_two": partial(ArrangedFilters(groups, grouped).hold, CONTEXT, NOW),
    }


def _uncached() -> object:
    """Parse a text that no cache can know, with a token that it can."""
    return parse(f"{next(_fresh)} {{{{{AFTER}.name | trim | default('none')}}}}")


def _per_second(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(SAMPLES):
        call()
    return SAMPLES / (time.perf_counter() - started)


def main() -> None:
    """Measure each case a few times and print the best."""
    for name, call in _cases().items():
        best = max(_per_second(call) for _ in range(ROUNDS))
        sys.stdout.write(f"{name} {best:.0f} per_second {SAMPLES}\n")


if __name__ == "__main__":
    main()
