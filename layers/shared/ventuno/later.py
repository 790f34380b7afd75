"""Objects that are built when they are first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


def later(make: Callable[[], T]) -> T:
    """Return what stands for the object that `make` builds; the first use of an attribute builds it, once.

    For ports: nothing but their methods and going through them is used, so it passes for the object.
    """
    return cast("T", _Later(make))


class _Later:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401 - whatever is built
        return self._make()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - same
        return getattr(self._made, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._made)
