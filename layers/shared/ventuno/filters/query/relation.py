"""RELATION and UUID: ids; a relation to a record is stored under `<name>Id`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters.condition import Condition, Not, Or
from ventuno.filters.operands import Operand
from ventuno.filters.query.question import is_in, is_null, with_opposites
from ventuno.filters.query.reading import list_or_single_in, record_ids_in

if TYPE_CHECKING:
    from ventuno.filters.query.question import Question


def join_column(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of the id that a relation at `path` is stored by."""
    return (*path[:-1], f"{path[-1]}Id")


def _is_record(question: Question) -> Condition | None:
    ids = record_ids_in(question)
    return is_in(join_column(question.path), ids) if ids else None


def _is_no_such_record(question: Question) -> Condition | None:
    ids = record_ids_in(question)
    path = join_column(question.path)
    return Or((Not(is_in(path, ids)), is_null(path))) if ids else None


def _is_no_record(question: Question) -> Condition:
    return is_null(join_column(question.path))


def _is_id(question: Question) -> Condition:
    return is_in(question.field(), list_or_single_in(question))


def _is_null(question: Question) -> Condition:
    return is_null(question.field())


RELATION: Final = with_opposites(
    {Operand.IS: _is_record, Operand.IS_NOT: _is_no_such_record, Operand.IS_EMPTY: _is_no_record}
)
UUID: Final = with_opposites({Operand.IS: _is_id, Operand.IS_EMPTY: _is_null})
