"""About: what docs/actions.md says of an action beside the docstring of its module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.errors import StepError
    from ventuno.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Example:
    """`settings.input` as an author writes it, and what the step results in."""

    title: str
    given: JsonValue
    result: JsonValue


@dataclass(frozen=True, slots=True)
class About:
    """One text per key of the input by its name on the wire, and per error that only such a step has."""

    settings: Mapping[str, str]
    result: str
    errors: Mapping[type[StepError], str]
    examples: tuple[Example, ...]
