"""What is left of a definition without the keys and values that nothing else in it depends on.

So a mistyped key hides no other finding: the rest is checked all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from ventuno import errors
from ventuno.definition.model import Definition

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue
    from ventuno.refusals import Refusal

_ASIDE: Final = frozenset({"errorHandlingOptions", "failFast", "position", "valid"})
"""Keys of the envelope that say nothing of steps, links and variables."""


class ShapeError(errors.DefinitionError):
    """Keys or values have the wrong shape; `remainder` is the definition without them, if it is one."""

    def __init__(self, findings: Sequence[Finding], remainder: Definition | None) -> None:
        self.remainder = remainder
        super().__init__(findings)


def remainder_of(value: JsonValue, refusals: Iterable[Refusal]) -> Definition | None:
    """Return the definition without what was refused, None if what is left is none."""
    places = {each.place: each.is_extra or not _ASIDE.isdisjoint(each.place) for each in refusals}
    if not all(places.values()):
        return None
    try:
        return Definition.model_validate(_without(value, places.keys(), ()))
    except ValidationError:
        return None


def _without(value: Any, places: Container[tuple[str | int, ...]], here: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - any JSON
    """Copy a value without the members at these places; a definition is at most a hundred levels deep."""
    if isinstance(value, dict):
        kept = {key: member for key, member in value.items() if (*here, key) not in places}
        return {key: _without(member, places, (*here, key)) for key, member in kept.items()}
    if isinstance(value, list):
        return [_without(member, places, (*here, index)) for index, member in enumerate(value)]
    return value
