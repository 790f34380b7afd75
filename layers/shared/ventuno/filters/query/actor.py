"""ACTOR: who or what made a record, by its name or source alike; emptiness is always that of the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or
from ventuno.filters.operands import Operand
from ventuno.filters.query.question import has_text, is_in, is_null, with_opposites
from ventuno.filters.query.reading import list_in, record_ids_in, text_of

if TYPE_CHECKING:
    from ventuno.filters.query.question import Question

_NAME: Final = "name"
_SOURCE: Final = "source"
_MEMBER: Final = "workspaceMemberId"
SOURCES: Final = (
    "EMAIL",
    "CALENDAR",
    "WORKFLOW",
    "AGENT",
    "API",
    "IMPORT",
    "MANUAL",
    "SYSTEM",
    "WEBHOOK",
    "APPLICATION",
)
_LABELS: Final = {source: source.title() for source in SOURCES}


def _mentions(question: Question) -> tuple[Condition, ...]:
    """Ask for the text in the name, and for a source whose label has it; people see either as the name."""
    text = text_of(question).casefold()
    sources = [source for source, label in _LABELS.items() if text in label.casefold()]
    by_source = (is_in(question.field(_SOURCE), sources),) if sources else ()
    return (has_text(question.field(_NAME), text_of(question)), *by_source)


def _contains(question: Question) -> Condition:
    return Or(_mentions(question))


def _excludes(question: Question) -> Condition:
    return And(tuple(Not(condition) for condition in _mentions(question)))


def _is_from(question: Question) -> Condition:
    return is_in(question.field(_SOURCE), list_in(question))


def _is_member(question: Question) -> Condition | None:
    ids = record_ids_in(question)
    return is_in(question.field(_MEMBER), ids) if ids else None


def _is_no_such_member(question: Question) -> Condition | None:
    ids = record_ids_in(question)
    path = question.field(_MEMBER)
    return Or((Not(is_in(path, ids)), is_null(path))) if ids else None


def _is_empty(question: Question) -> Condition:
    path = question.field(_NAME)
    return Or((Comparison(path, Operator.ILIKE, ""), is_null(path)))


ACTOR: Final = with_opposites(
    {Operand.CONTAINS: _contains, Operand.DOES_NOT_CONTAIN: _excludes, Operand.IS_EMPTY: _is_empty}
)
ACTOR_SOURCE: Final = with_opposites({Operand.IS: _is_from, Operand.IS_EMPTY: _is_empty})
ACTOR_MEMBER: Final = with_opposites(
    {Operand.IS: _is_member, Operand.IS_NOT: _is_no_such_member, Operand.IS_EMPTY: _is_empty}
)
