"""FieldType: the contract of all field types; no type sees null, which always means "no value".

A type works on one value at a time and never knows the field's name:
the caller collects the errors of a record and puts the names before them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonValue


class FieldValueError(errors.VentunoError):
    """A value is not one of its type; the message reads on after the field's name."""


class FieldType(ABC):
    """One kind of field; instances are immutable and carry the field's options, if the type has any."""

    wire_name: ClassVar[str]
    """The type's name in definitions and metadata."""

    indexable: ClassVar[bool] = True
    """Whether a field of this type may be unique or indexed."""

    textual: ClassVar[bool] = False
    """Whether filters see the empty text where there is no value: null and "" are one for text."""

    sortable: ClassVar[bool] = True
    """Whether records can be ordered by a value of this type as it is."""

    ordered: ClassVar[bool] = False
    """Whether an index of the field is kept in the order of values, so that ranges can be looked up."""

    sort_parts: ClassVar[tuple[str, ...]] = ()
    """The sub-fields that stand for the whole value in an order."""

    unique_part: ClassVar[str | None] = None
    """The sub-field that stands for the whole value in unique indexes."""

    appendable: ClassVar[bool] = False
    """Whether a value can be written behind the one that is there."""

    join_suffix: ClassVar[str] = ""
    """What the column's name has and the field's name has not."""

    @property
    def empty(self) -> JsonValue:
        """Return what a record shows where there is no value."""
        return None

    @abstractmethod
    def normalise(self, value: JsonValue) -> JsonValue:
        """Return the value in its one stored spelling, or None when it is equivalent to null.

        Raises: FieldValueError
        """

    def merge(self, _before: JsonValue, after: JsonValue) -> JsonValue:
        """Return what a field holds after `after` was written over `before`."""
        return after

    def appended(self, before: JsonValue, added: JsonValue) -> JsonValue:
        """Return the value of a field to which another one is appended; for appendable types only."""
        return self.joined([before, added])

    def joined(self, values: Sequence[JsonValue]) -> JsonValue:
        """Return the value of several records merged into one; the first of `values` matters most."""
        return values[0]

    def part(self, _name: str) -> FieldType | None:
        """Return the type of a sub-field, or None when there is none of that name."""
        return None

    @property
    def part_names(self) -> tuple[str, ...]:
        """Return the names of the sub-fields."""
        return ()

    def stored(self, value: JsonValue) -> JsonValue:
        """Return the form in which a store keeps a normalised value."""
        return value

    def loaded(self, stored: JsonValue) -> JsonValue:
        """Return the value a store keeps as `stored`."""
        return stored

    def comparable(self, value: JsonValue) -> JsonValue:
        """Return a filter's operand in the spelling that stored values have.

        Raises: FieldValueError when no stored value could ever be compared with it
        """
        return value

    def key_text(self, value: JsonValue) -> str | None:
        """Return the text that index rows know the value by; equal values have equal texts."""
        return None if value is None else str(value)

    def order_text(self, value: JsonValue) -> str:
        """Return the text by which index rows of an ordered type are sorted; `#` is not in it."""
        return str(value)


def expected(what: str, value: JsonValue) -> FieldValueError:
    """Make the error for a value of the wrong kind; the value itself stays out, it may be personal."""
    return FieldValueError(f"must be {what}, not {_kind(value)}")


def _kind(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | float):
        return "a number"
    return "an object" if isinstance(value, dict) else "a list"
