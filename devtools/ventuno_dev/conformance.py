"""Run files of input/expected cases against expressions and filters: cases from outside can be judged.

A file has the form `{"now": ISO, "cases": […]}`; `__undefined__` stands for a missing value,
and an expected `THROWS: …` for an error with that text.
Values compare as JSON would store them: undefined members are absent, undefined elements are null.

Source: quality, For checks from outside
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ventuno import errors
from ventuno.engine.timeline import told_instant
from ventuno.expressions import NOW, UNDEFINED, resolve
from ventuno.expressions.instants import instant_text, parse_instant
from ventuno.filters.condition import to_neutral
from ventuno.filters.equality import deeply_equal
from ventuno.filters.families import family_of
from ventuno.filters.operands import Operand, operand_named
from ventuno.filters.query import condition_of
from ventuno.filters.query.question import Question
from ventuno.filters.relative_dates import parse_relative, window_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from ventuno.expressions import Resolved
    from ventuno.json_value import JsonValue

    Case = Mapping[str, Any]
    Judge = Callable[[Case, "CasesFile"], "tuple[JsonValue, Resolved]"]

UNDEFINED_MARK: Final = "__undefined__"
DROPPED_MARK: Final = "__dropped__"


class CasesFile(NamedTuple):
    """What all cases of a file share."""

    now: datetime | None
    context: Mapping[str, Any]

    def roots(self) -> dict[str, str]:
        """Return what variables find beside the context: the frozen clock as `now`."""
        return {} if self.now is None else {NOW: told_instant(self.now)}

    def instant(self) -> datetime:
        """Return the frozen clock.

        Raises: ValueError if the file has none
        """
        if self.now is None:
            raise ValueError('the file needs a "now" in ISO 8601')
        return self.now


@dataclass(frozen=True, slots=True)
class Failure:
    """A case whose result differs."""

    case: Case
    expected: JsonValue
    got: Resolved

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"case": self.case, "expected": self.expected, "got": self.got}


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a file."""

    kind: str
    passed: int
    failures: tuple[Failure, ...]

    @property
    def failed(self) -> int:
        """Return how many cases differ."""
        return len(self.failures)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        failures = [failure.to_dict() for failure in self.failures]
        return {"kind": self.kind, "passed": self.passed, "failed": self.failed, "failures": failures}


def run(kind: str, cases_file: Path) -> Report:
    """Judge every case of a file.

    Raises: KeyError if there is no such kind, ValueError if the file is not one of cases
    """
    judge = KINDS[kind]
    document = _document(cases_file)
    cases = document.get("cases") if isinstance(document, dict) else None
    context = document.get("context", {}) if isinstance(document, dict) else None
    if not isinstance(cases, list) or not isinstance(context, dict):
        raise ValueError('the file needs the form {"now"?: …, "context"?: {…}, "cases": […]}')  # noqa: TRY004 - one error for every unreadable file
    shared = CasesFile(parse_instant(document.get("now")), context)
    judged = [(case, *_judged(judge, case, shared)) for case in cases]
    failures = tuple(Failure(*each) for each in judged if not deeply_equal(each[1], each[2]))
    return Report(kind, len(judged) - len(failures), failures)


def _document(cases_file: Path) -> Any:  # noqa: ANN401 - JSON that was not looked at
    try:
        return json.loads(cases_file.read_bytes())
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _judged(judge: Judge, case: Case, shared: CasesFile) -> tuple[JsonValue, Resolved]:
    """Judge one case; one that cannot be read fails alone, not the whole file."""
    try:
        return judge(case, shared)
    except (KeyError, ValueError, TypeError, AttributeError) as exc:
        expected = case.get("result", case.get("gql")) if isinstance(case, dict) else None
        return expected, f"UNREADABLE CASE: {_reason(exc)}"


def _reason(exc: Exception) -> str:
    return f"it has no {exc}" if isinstance(exc, KeyError) else str(exc)


def _step_filter(case: Case, shared: CasesFile) -> tuple[JsonValue, Resolved]:
    family = family_of(case["type"], case.get("sub"))
    left, right = _decoded(case.get("left", UNDEFINED_MARK)), _decoded(case.get("right", UNDEFINED_MARK))
    try:
        return case["result"], family.holds(operand_named(case["operand"]), left, right, shared.instant())
    except errors.StepInputError as exc:
        return case["result"], f"THROWS: {exc}"


def _relative_date(case: Case, shared: CasesFile) -> tuple[JsonValue, Resolved]:
    text = case["filter"] if isinstance(case["filter"], str) else json.dumps(case["filter"])
    holds, dates = family_of("DATE_TIME").holds, [sample["date"] for sample in case["samples"]]
    got: dict[str, JsonValue] = {
        "samples": [
            {"date": date, "result": holds(Operand.IS_RELATIVE, date, text, shared.instant())}
            for date in dates
        ]
    }
    if "window" in case:
        got["window"] = _window(text, shared.instant())
    return {key: case[key] for key in got}, got


def _window(text: str, now: datetime) -> JsonValue:
    relative = parse_relative(text)
    window = window_of(relative, now) if relative else None
    return {"start": instant_text(window.start), "end": instant_text(window.end)} if window else None


def _find_records_filter(case: Case, shared: CasesFile) -> tuple[JsonValue, Resolved]:
    question = Question(
        ("field",),
        operand_named(case["operand"]),
        _decoded(case.get("value", UNDEFINED_MARK)),
        shared.instant(),
        case.get("sub") or None,
    )
    try:
        condition = condition_of(case["type"], question)
    except errors.StepInputError as exc:
        return case["gql"], f"THROWS: {exc}"
    got = DROPPED_MARK if condition is None else to_neutral(condition)
    same = deeply_equal(_canonical(case["gql"]), _canonical(got))
    return case["gql"], case["gql"] if same else got


def _canonical(condition: JsonValue) -> JsonValue:
    """Order the members of `and` and `or`, and unwrap those of one member: neither changes the meaning."""
    if isinstance(condition, list):
        return [_canonical(member) for member in condition]
    if not isinstance(condition, dict):
        return condition
    inner = {key: _canonical(member) for key, member in condition.items()}
    for key in ("and", "or"):
        found = inner.get(key)
        if isinstance(found, list):
            members = sorted(found, key=lambda each: json.dumps(each, sort_keys=True))
            return members[0] if len(members) == 1 else {**inner, key: members}
    return inner


def _variable_resolution(case: Case, shared: CasesFile) -> tuple[JsonValue, Resolved]:
    try:
        got = resolve(case["input"], {**shared.roots(), **case.get("context", shared.context)})
    except errors.StepInputError as exc:
        return case["result"], f"THROWS: {exc}"
    return _as_stored(case["result"]), UNDEFINED_MARK if got is UNDEFINED else got


def _decoded(value: JsonValue) -> Resolved:
    return UNDEFINED if value == UNDEFINED_MARK else _as_stored(value)


def _as_stored(value: JsonValue) -> JsonValue:
    """Drop undefined members and turn undefined elements into null, as serialising would."""
    if isinstance(value, dict):
        return {key: _as_stored(member) for key, member in value.items() if member != UNDEFINED_MARK}
    if isinstance(value, list):
        return [None if member == UNDEFINED_MARK else _as_stored(member) for member in value]
    return value


KINDS: Final[dict[str, Judge]] = {
    "step_filter": _step_filter,
    "relative_date": _relative_date,
    "find_records_filter": _find_records_filter,
    "variable_resolution": _variable_resolution,
}
"""The kinds of files, by name."""
