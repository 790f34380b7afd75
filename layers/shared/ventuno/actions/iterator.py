"""ITERATOR: run a body once per item. A call lists the items, a Map runs the body over their indexes.

Safe to retry: it only reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from ventuno import errors, strict_json
from ventuno.actions.about import About, Example
from ventuno.actions.base import LoopAction
from ventuno.actions.iterator_checks import items_findings, items_schema
from ventuno.definition.model import Links
from ventuno.expressions import resolve
from ventuno.schemas import ANY, BOOLEAN, NUMBER, Array, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator as Iterating
    from collections.abc import Mapping, Sequence

    from ventuno.actions.scope import StepScope
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema

MAX_ITEMS: Final = 1_000_000
MAX_CONCURRENCY: Final = 40
"""More iterations of one Map do not run at once.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
"""


class IteratorSettings(Wire):
    """`{items, initialLoopStepIds, shouldContinueOnIterationFailure?, maxConcurrency?}`.

    `items` is a list, text that holds a JSON list, or a variable of either.
    """

    items: Any
    initial_loop_step_ids: Links = ()
    should_continue_on_iteration_failure: bool = False
    max_concurrency: Annotated[int, Field(strict=True, ge=1, le=MAX_CONCURRENCY)] = 1


class Iterator(LoopAction[IteratorSettings]):
    """Result: `{currentItemIndex, currentItem?, hasProcessedAllItems}`.

    Source: reference §4.5; decisions, Engine.
    """

    wire_type = "ITERATOR"
    settings_type = IteratorSettings
    about = About(
        settings={
            "items": "A list, a text that holds a JSON list, or a variable of either; up to 1,000,000 items.",
            "initialLoopStepIds": "The first steps of the body; its last steps lead back to the iterator.",
            "shouldContinueOnIterationFailure": "Whether the other items are done when one fails.",
            "maxConcurrency": "How many iterations run at once, up to 40.",
        },
        result="inside the body also `currentItem`.",
        errors={errors.StepInputError: "`items` is no list, or too long"},
        examples=(
            Example(
                "Each line of an order",
                {"items": "{{trigger.lines}}", "initialLoopStepIds": ["book_line"], "maxConcurrency": 5},
                {"currentItemIndex": 3, "hasProcessedAllItems": True},
            ),
        ),
    )

    def output_schema(self, settings: IteratorSettings, scope: StepScope) -> Schema:
        """Return the schema of the result; an item has the schema of the elements of `items`."""
        listed = items_schema(settings.items, scope).schema
        item = listed.items if isinstance(listed, Array) else ANY
        return Object({"currentItem": item, "currentItemIndex": NUMBER, "hasProcessedAllItems": BOOLEAN})

    def check(self, settings: IteratorSettings, scope: StepScope) -> Iterating[Finding]:
        """Find items that are no list."""
        yield from items_findings(settings.items, scope)

    def items(self, settings: IteratorSettings, values: Mapping[str, Any]) -> Sequence[JsonValue]:
        """Resolve the items. Raises: StepInputError"""
        found = resolve(settings.items, values)
        if isinstance(found, str):
            found = _parsed(found)
        if not isinstance(found, list):
            raise errors.StepInputError("Iterator input items must be an array")
        if len(found) > MAX_ITEMS:
            raise errors.StepInputError(
                f"the iterator has {len(found)} items, {MAX_ITEMS} are allowed; split the list"
            )
        return found


def _parsed(text: str) -> JsonValue:
    try:
        return strict_json.parse(text)
    except ValueError as error:
        raise errors.StepInputError(f"Iterator input items are no JSON array: {error}") from error
