"""Reading cron expressions, and telling them to Scheduler."""

from __future__ import annotations

from datetime import date

import pytest

from ventuno.schedules.cron import Cron, CronError, parse_cron
from ventuno.schedules.scheduler_form import scheduler_expressions


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("* * * * *", ["cron(* * * * ? *)"]),
        ("0 8 * * *", ["cron(0 8 * * ? *)"]),
        ("0 8 * * 1-5", ["cron(0 8 ? * MON-FRI *)"]),
        ("0 8 * * mon-fri", ["cron(0 8 ? * MON-FRI *)"]),
        ("0 8 ? * SUN,3,Sat", ["cron(0 8 ? * SUN,WED,SAT *)"]),
        ("30 10 * * 0", ["cron(30 10 ? * SUN *)"]),
        ("30 10 * * 7", ["cron(30 10 ? * SUN *)"]),
        ("30 10 * * 5-7", ["cron(30 10 ? * SUN,FRI,SAT *)"]),
        ("30 10 * * FRI-SUN", ["cron(30 10 ? * SUN,FRI,SAT *)"]),
        ("*/15 * * * *", ["cron(0,15,30,45 * * * ? *)"]),
        ("5/20 * * * *", ["cron(5,25,45 * * * ? *)"]),
        ("10-20/5 * * * *", ["cron(10,15,20 * * * ? *)"]),
        ("30 */10 * * *", ["cron(30 0,10,20 * * ? *)"]),
        ("*/60 * * * *", ["cron(0 * * * ? *)"]),
        ("0 0 */45 * *", ["cron(0 0 1 * ? *)"]),
        ("0 0 */1 * 1", ["cron(0 0 * * ? *)"]),
        ("0 0 1 JAN,jul-sep *", ["cron(0 0 1 1,7-9 ? *)"]),
        ("0 0 1,15 * 1", ["cron(0 0 1,15 * ? *)", "cron(0 0 ? * MON *)"]),
        ("0 0 */2 * FRI", [f"cron(0 0 {','.join(map(str, range(1, 32, 2)))} * ? *)", "cron(0 0 ? * FRI *)"]),
        ("0 0 15 * 0-6", ["cron(0 0 * * ? *)"]),
        ("0 0 1-31 * *", ["cron(0 0 * * ? *)"]),
        ("@daily", ["cron(0 0 * * ? *)"]),
        (" @Weekly ", ["cron(0 0 ? * SUN *)"]),
        ("0\t8  *  * *\n", ["cron(0 8 * * ? *)"]),
    ],
)
def test_an_expression_becomes_what_scheduler_needs(text: str, expressions: list[str]) -> None:
    assert list(scheduler_expressions(parse_cron(text))) == expressions


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "0 fields"),
        ("* * * *", "4 fields: write minute, hour, day, month and weekday, e.g. 0 9 * * 1-5"),
        ("0 0 8 * * *", "six fields: schedules have no seconds, so remove the first field"),
        ("60 * * * *", '"60" is no minute; write 0 to 59'),
        ("* 24 * * *", '"24" is no hour; write 0 to 23'),
        ("* * 0 * *", '"0" is no day of the month; write 1 to 31'),
        ("* * * 13 *", '"13" is no month; write 1 to 12, or JAN, FEB'),
        ("* * * * 8", '"8" is no day of the week; write 0 to 7, or SUN, MON'),
        ("* * * * FOO", '"FOO" is no day of the week'),
        ("JAN * * * *", '"JAN" is no minute'),
        ("* 22-2 * * *", '"22-2" runs backwards in the hour; write two ranges'),
        ("* * * NOV-FEB *", '"NOV-FEB" runs backwards'),
        ("*/0 * * * *", '"0" is no step of the minute; write a number from 1'),
        ("*/ * * * *", '"" is no step'),
        ("*/x * * * *", '"x" is no step'),
        ("*/5/2 * * * *", '"5/2" is no step'),
        ("1,,2 * * * *", '"" is no minute'),
        ("-1 * * * *", '"" is no minute'),
        ("1-2-3 * * * *", '"2-3" is no minute'),
        ("1.5 * * * *", '"1.5" is no minute'),
        ("² * * * *", '"²" is no minute'),
        ("99999999999999999999 * * * *", "is no minute"),
        ("* * L * *", '"L" is no day of the month'),
        ("* * * * 5#2", '"5#2" is no day of the week'),
        ("@reboot", "1 fields"),
        ("1," * 600 + "1 * * * *", "longer than 1000 characters"),
    ],
)
def test_what_is_no_expression_is_refused_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(CronError) as caught:
        parse_cron(text)

    assert told in str(caught.value)


def test_a_day_that_meets_either_day_field_counts() -> None:
    cron = parse_cron("0 0 13 * FRI")
    days = [day for day in range(1, 32) if cron.has(date(2026, 3, day))]

    assert days == [6, 13, 20, 27]
    assert cron.has(date(2026, 4, 13))
    assert not cron.has(date(2026, 4, 14))


def test_no_expression_is_too_long_for_scheduler() -> None:
    """Pairs with single gaps make the longest lists; every other value, nearly so."""
    for width in (2, 3):
        sets = [
            frozenset(value for value in range(low, high + 1) if (value - low) % 3 < width - 1)
            for low, high in ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
        ]
        for expression in scheduler_expressions(Cron(*sets)):
            assert len(expression) <= 256
