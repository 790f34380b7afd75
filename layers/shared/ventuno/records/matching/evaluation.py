"""Whether a record meets a condition, by the three-valued logic of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.filters.condition import And, Comparison, Not, Or
from ventuno.records.matching.operators import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.filters.condition import Condition
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.matching.operators import Truth


@dataclass(frozen=True, slots=True)
class TextComparison(Comparison):
    """A comparison of text, which sees the empty text in place of null.

    So what does not contain a word includes what is empty: the reference's text columns are never null.
    """


def meets(record: JsonObject, condition: Condition | None) -> bool:
    """Tell whether the condition is true for the record; no condition always is, an unknown one is not."""
    return condition is None or truth(record, condition) is True


def truth(record: JsonObject, condition: Condition) -> Truth:
    """Return what the condition is for the record: true, false or unknown."""
    match condition:
        case Comparison(path, operator, value):
            found = value_at(record, path)
            if found is None and operator != "is" and isinstance(condition, TextComparison):
                found = ""
            return OPERATORS[operator](found, value)
        case And(conditions):
            return _all(truth(record, member) for member in conditions)
        case Or(conditions):
            return _negated(_all(_negated(truth(record, member)) for member in conditions))
        case Not(negated):
            return _negated(truth(record, negated))


def value_at(record: JsonObject, path: tuple[str, ...]) -> JsonValue:
    """Return the value at a path, null where it leads nowhere."""
    value: JsonValue = record
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _all(truths: Iterable[Truth]) -> Truth:
    unknown = False
    for member in truths:
        if member is False:
            return False
        unknown = unknown or member is None
    return None if unknown else True


def _negated(value: Truth) -> Truth:
    return None if value is None else not value
