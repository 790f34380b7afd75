"""Why a filter cannot be evaluated; a step that meets one fails and is not retried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.filters.operands import Operand


class UnsupportedOperandError(errors.StepInputError):
    """No rule compares values of this type with this operand."""

    def __init__(self, operand: Operand, family: str) -> None:
        self.operand = operand
        self.family = family
        super().__init__(f"Operand {operand} not supported for {family} filter")


class FilterGroupError(errors.StepInputError):
    """Filters and groups do not form trees: an id leads nowhere, or groups nest in a circle."""


class FilterValueError(errors.StepInputError):
    """The right value of a filter is missing or cannot be read for the field's type."""


class FilterSyntaxError(errors.StepInputError):
    """The text of a filter cannot be read; the message names the place."""
