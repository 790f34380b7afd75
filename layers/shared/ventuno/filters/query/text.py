"""TEXT, JSON-like and array fields: substrings; empty text counts as empty, like null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.condition import Comparison, Condition, Operator, Or, pattern_containing
from ventuno.filters.operands import Operand
from ventuno.filters.query.question import has_json_text, has_text, is_null, with_opposites
from ventuno.filters.query.reading import text_of

if TYPE_CHECKING:
    from ventuno.filters.query.question import Question


def _text_contains(question: Question) -> Condition:
    return has_text(question.field(), text_of(question))


def _text_is_empty(question: Question) -> Condition:
    path = question.field()
    return Or((Comparison(path, Operator.ILIKE, ""), is_null(path)))


def _json_contains(question: Question) -> Condition:
    return has_json_text(question.field(), text_of(question))


def _json_is_empty(question: Question) -> Condition:
    return Or((is_null(question.field()),))


def _array_contains(question: Question) -> Condition:
    return Comparison(question.field(), Operator.CONTAINS_ILIKE, pattern_containing(text_of(question)))


def array_is_empty(question: Question) -> Condition:
    """Ask for no array, or one without elements."""
    path = question.field()
    return Or((is_null(path), Comparison(path, Operator.IS_EMPTY_ARRAY, value=True)))


def _search(question: Question) -> Condition:
    return Comparison(question.field(), Operator.SEARCH, text_of(question))


TEXT: Final = with_opposites({Operand.CONTAINS: _text_contains, Operand.IS_EMPTY: _text_is_empty})
JSON: Final = with_opposites({Operand.CONTAINS: _json_contains, Operand.IS_EMPTY: _json_is_empty})
ARRAY: Final = with_opposites({Operand.CONTAINS: _array_contains, Operand.IS_EMPTY: array_is_empty})
TS_VECTOR: Final = {Operand.VECTOR_SEARCH: _search}
