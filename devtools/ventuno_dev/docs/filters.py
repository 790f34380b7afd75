"""docs/filters.md: which operands each type has, in step filters and in record filters, from their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.filters import VALUELESS, Operand, query_operands, supported_operands
from ventuno.filters.families import filter_types
from ventuno.filters.query import query_types
from ventuno_dev.docs.tables import code, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HEAD: Final = """\
# Filters

Operands that need no value: {valueless}.

## Step filters

FILTER, IF_ELSE and triggers compare values of the run in memory. Text is compared with its case, and CONTAINS
looks for a part. The `type` of a filter chooses the rules; a type that is not listed compares as JavaScript's
`==` does and has the operands {untyped}.
"""
_RECORDS: Final = """\
## Record filters

FIND_RECORDS asks the records; case does not matter. The field's own type chooses the rules.
A filter whose value resolves to nothing is an error.
A variable that is null turns IS into IS_EMPTY and IS_NOT into IS_NOT_EMPTY.
"""


def filters_page() -> str:
    """Write the page."""
    valueless = ", ".join(code(operand) for operand in Operand if operand in VALUELESS)
    head = _HEAD.format(valueless=valueless, untyped=_listed(supported_operands("unknown")))
    steps = table(("type", "operands"), _rows(filter_types(), supported_operands))
    records = table(("type", "operands"), _rows(query_types(), query_operands))
    return "\n".join([head, *steps, "", _RECORDS, *records, ""])


def _rows(
    types: Iterable[tuple[str, str | None]], operands: Callable[[str, str | None], Iterable[Operand]]
) -> list[tuple[str, str]]:
    return [(code(f"{name}.{part}" if part else name), _listed(operands(name, part))) for name, part in types]


def _listed(operands: Iterable[Operand]) -> str:
    known = set(operands)
    return ", ".join(code(operand) for operand in Operand if operand in known)
