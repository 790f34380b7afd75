"""JavaScript's three equalities over JSON values: strict, loose and deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.expressions.javascript import number_of, string_of
from ventuno.expressions.undefined import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from ventuno.expressions.undefined import Resolved


def identity(value: Resolved) -> Hashable:
    """Return a key that strictly equal values share, and only they; a container equals only itself."""
    if isinstance(value, dict | list | tuple):
        return "container", id(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number", number_of(value)
    return type(value), value


def strictly_equal(left: Resolved, right: Resolved) -> bool:
    """Compare like `===`."""
    return identity(left) == identity(right)


def loosely_equal(left: Resolved, right: Resolved) -> bool:
    """Compare like `==`: null equals undefined, numbers and booleans equal their text."""
    if _is_nothing(left) or _is_nothing(right):
        return _is_nothing(left) and _is_nothing(right)
    if _is_container(left) and _is_container(right):
        return left is right
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number_of(left) == number_of(right)


def deeply_equal(left: Resolved, right: Resolved) -> bool:
    """Compare contents without conversion; the order of arrays matters."""
    todo = [(left, right)]
    while todo:
        one, other = todo.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            todo += [(member, other[key]) for key, member in one.items()]
        elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
            if len(one) != len(other):
                return False
            todo += zip(one, other, strict=True)
        elif not strictly_equal(one, other):
            return False
    return True


def includes(container: str | Sequence[Resolved], value: Resolved) -> bool:
    """Compare like `includes`: text converts the value to text, arrays look for a strictly equal element."""
    if isinstance(container, str):
        return string_of(value) in container
    sought = identity(value)
    return any(identity(element) == sought for element in container)


def _is_nothing(value: Resolved) -> bool:
    return value is None or value is UNDEFINED


def _is_container(value: Resolved) -> bool:
    return isinstance(value, dict | list | tuple)


def _primitive(value: Resolved) -> Resolved:
    return string_of(value) if _is_container(value) else value
