"""Pipes on any value: what stands in for a missing one, and what it is as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.expressions.javascript import json_text, text_of
from ventuno.expressions.pipes.pipe import Example, Gives, Parameter, pipe
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from ventuno.expressions.pipes.pipe import Step
    from ventuno.json_value import JsonValue


@pipe(
    "default",
    Parameter("x", None),
    gives=Gives.SAME,
    examples=[
        Example('{{trigger.nickname | default("none")}}', "none"),
        Example("{{trigger.empty | default(null)}}", None),
        Example("{{0 | default(5)}}", 0),
    ],
    replaces_nothing=True,
)
def default(fallback: JsonValue) -> Step:
    """Replace a missing value, null and empty text by `x`; 0, false and empty lists stay."""
    return lambda value: fallback if value is UNDEFINED or value is None or value == "" else value


@pipe(
    "string",
    gives=Gives.TEXT,
    examples=[Example("{{12.50 | string}}", "12.5"), Example("{{trigger.tags | string}}", '["new","vip"]')],
)
def string() -> Step:
    """Write the value as text, as a token between other text does."""
    return text_of


@pipe(
    "json",
    gives=Gives.TEXT,
    examples=[
        Example("{{trigger.name | json}}", '"ada O\'Neil"'),
        Example("{{trigger.tags | json}}", '["new","vip"]'),
    ],
)
def json() -> Step:
    """Write the value as JSON, text in quotes."""
    return json_text
