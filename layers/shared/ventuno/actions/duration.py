"""Duration: an amount of days, hours, minutes and seconds, each a number or a variable."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator

from ventuno import errors
from ventuno.definition.durations import ONE_YEAR_SECONDS, UNITS, total_seconds
from ventuno.expressions import OPENING, UNDEFINED, resolve
from ventuno.expressions.showing import shown
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping


def _amount(value: Any) -> Any:  # noqa: ANN401 - author JSON
    """Check an amount that is written down; a variable's is checked when it is known."""
    if not (isinstance(value, str) and OPENING in value):
        number_of(value)
    return value


def number_of(value: Any) -> float:  # noqa: ANN401 - any JSON
    """Read an amount. Raises: ValueError"""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if number >= 0 and math.isfinite(number):
            return number
    what = "missing" if value is None or value is UNDEFINED else f'not "{shown(str(value))}"'
    raise ValueError(f"it must be a number of 0 or more, {what}")


Amount = Annotated[int | float | str, BeforeValidator(_amount)]


class Duration(Wire):
    """`{days?, hours?, minutes?, seconds?}`, summed."""

    days: Amount = 0
    hours: Amount = 0
    minutes: Amount = 0
    seconds: Amount = 0

    def written(self) -> dict[str, float]:
        """Return the amounts that hold no variable, by unit."""
        amounts = {unit: getattr(self, unit) for unit in UNITS}
        return {
            unit: number_of(amount)
            for unit, amount in amounts.items()
            if not (isinstance(amount, str) and OPENING in amount)
        }

    def seconds_with(self, values: Mapping[str, Any]) -> float:
        """Sum the amounts, variables resolved. Raises: StepInputError"""
        amounts: dict[str, float] = {}
        for unit in UNITS:
            try:
                amounts[unit] = number_of(resolve(getattr(self, unit), values))
            except ValueError as error:
                raise errors.StepInputError(f"the delay's {unit} cannot be used: {error}") from error
        seconds = total_seconds(amounts)
        if seconds > ONE_YEAR_SECONDS:
            raise errors.StepInputError(TOO_LONG)
        return seconds


TOO_LONG = "a wait can last 365 days at most; make it shorter"
