"""Filters over run data and over records; operands and types are tables, one file per family."""

from ventuno.filters.condition import And, Comparison, Condition, Not, Operator, Or, to_neutral
from ventuno.filters.evaluation import ArrangedFilters, matches
from ventuno.filters.families import comparable_types, supported_operands
from ventuno.filters.families.readable import wanted_value
from ventuno.filters.find import FilterField, FindScope, compile_find
from ventuno.filters.models import RecordFilter, RecordFilterGroup, StepFilter, StepFilterGroup
from ventuno.filters.operands import VALUELESS, Operand
from ventuno.filters.query import query_operands
from ventuno.filters.refusals import FilterGroupError, FilterValueError, UnsupportedOperandError

__all__ = [
    "VALUELESS",
    "And",
    "ArrangedFilters",
    "Comparison",
    "Condition",
    "FilterField",
    "FilterGroupError",
    "FilterValueError",
    "FindScope",
    "Not",
    "Operand",
    "Operator",
    "Or",
    "RecordFilter",
    "RecordFilterGroup",
    "StepFilter",
    "StepFilterGroup",
    "UnsupportedOperandError",
    "comparable_types",
    "compile_find",
    "matches",
    "query_operands",
    "supported_operands",
    "to_neutral",
    "wanted_value",
]
