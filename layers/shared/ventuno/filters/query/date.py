"""DATE and DATE_TIME: days and instants in UTC; only a relative value may name another time zone.

IS_AFTER includes its bound, as in the reference.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ventuno.expressions.instants import instant_text, parse_instant
from ventuno.filters.condition import And, Comparison, Condition, Operator
from ventuno.filters.operands import Operand
from ventuno.filters.query.question import is_null, with_opposites
from ventuno.filters.query.reading import text_of, unreadable
from ventuno.filters.relative_dates import Window, parse_compact, parse_relative, window_of, zone_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.filters.query.question import Question, Rule, Rules

    Write = Callable[[datetime], str]

_ONE_DAY: Final = timedelta(days=1)


def _day_text(moment: datetime) -> str:
    return moment.date().isoformat()


def _instant(question: Question) -> datetime:
    moment = parse_instant(question.value)
    if moment is None:
        raise unreadable(question, "an ISO 8601 date")
    return moment


def _window(question: Question) -> Window:
    text = text_of(question)
    relative = parse_compact(text) or parse_relative(text)
    zone = zone_of(relative) if relative else None
    window = window_of(relative, question.now, zone) if relative and zone else None
    if window is None:
        raise unreadable(question, "a relative date like PAST_7_DAY;;UTC;;MONDAY;;")
    return window


def _within(question: Question, start: str, end: str) -> Condition:
    path = question.field()
    return And((Comparison(path, Operator.GTE, start), Comparison(path, Operator.LT, end)))


def _against_value(operator: Operator, write: Write) -> Rule:
    return lambda question: Comparison(question.field(), operator, write(_instant(question)))


def _against_now(operator: Operator, write: Write) -> Rule:
    return lambda question: Comparison(question.field(), operator, write(question.now))


def _relative(write: Write) -> Rule:
    def rule(question: Question) -> Condition:
        window = _window(question)
        return _within(question, write(window.start), write(window.end))

    return rule


def _on_day(question: Question, moment: datetime) -> Condition:
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        end = start + _ONE_DAY
    except OverflowError:
        raise unreadable(question, "a day before the end of the calendar") from None
    return _within(question, instant_text(start), instant_text(end))


def _is_null(question: Question) -> Condition:
    return is_null(question.field())


def _shared(write: Write) -> Rules:
    """Return the rules that dates and instants differ in by their text only."""
    return {
        Operand.IS_BEFORE: _against_value(Operator.LT, write),
        Operand.IS_AFTER: _against_value(Operator.GTE, write),
        Operand.IS_IN_PAST: _against_now(Operator.LT, write),
        Operand.IS_RELATIVE: _relative(write),
        Operand.IS_EMPTY: _is_null,
    }


# IS_NOT is not among the operands of dates, so only emptiness gets its opposite.
DATE: Final = {
    **with_opposites(_shared(_day_text)),
    Operand.IS: _against_value(Operator.EQ, _day_text),
    Operand.IS_IN_FUTURE: _against_now(Operator.GTE, _day_text),
    Operand.IS_TODAY: _against_now(Operator.EQ, _day_text),
}
DATE_TIME: Final[Rules] = {
    **with_opposites(_shared(instant_text)),
    Operand.IS: lambda question: _on_day(question, _instant(question)),
    Operand.IS_IN_FUTURE: _against_now(Operator.GT, instant_text),
    Operand.IS_TODAY: lambda question: _on_day(question, question.now),
}
