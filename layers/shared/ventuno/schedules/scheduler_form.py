"""A cron expression in EventBridge Scheduler's form, `cron(minute hour day month weekday year)`.

There one of the two day fields must be `?`, so an expression that restricts both becomes two;
a day that meets both then fires twice, which whoever takes the events must count once.
Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from ventuno.schedules.cron import DAY, HOUR, MINUTE, MONTH, WEEKDAY

if TYPE_CHECKING:
    from ventuno.schedules.cron import Cron, FieldKind

_SHORTEST_RANGE: Final = 3
_WEEKDAYS: Final = {value: name for name, value in WEEKDAY.names.items()}


@dataclass(frozen=True, slots=True)
class Timing:
    """An expression in Scheduler's form and the time zone it is meant in, by its IANA name."""

    expression: str
    time_zone: str


def scheduler_expressions(cron: Cron) -> tuple[str, ...]:
    """Write an expression as the one or two that Scheduler needs."""
    minutes, hours, months = (
        _field(MINUTE, cron.minutes),
        _field(HOUR, cron.hours),
        _field(MONTH, cron.months),
    )
    days, weekdays = _field(DAY, cron.days), _field(WEEKDAY, cron.weekdays)
    pairs = [(days, "?")] if cron.any_weekday else [("?", weekdays)]
    if not cron.any_day and not cron.any_weekday:
        pairs.insert(0, (days, "?"))
    return tuple(f"cron({minutes} {hours} {day} {months} {weekday} *)" for day, weekday in pairs)


def _field(kind: FieldKind, values: frozenset[int]) -> str:
    """Write values as `*`, else as a list of values and ranges, which is never too long."""
    if values == kind.every:
        return "*"
    ordered = sorted(values)
    runs = [
        [value for _, value in run]
        for _, run in groupby(enumerate(ordered), lambda indexed: indexed[1] - indexed[0])
    ]
    return ",".join(_run(kind, run) for run in runs)


def _run(kind: FieldKind, run: list[int]) -> str:
    names = [_WEEKDAYS[value] if kind is WEEKDAY else str(value) for value in run]
    return f"{names[0]}-{names[-1]}" if len(names) >= _SHORTEST_RANGE else ",".join(names)
