"""Operations: changes of a JSON document by path. Replaying all of them gives the state that was saved.

Every operation can be repeated without harm except `add`, which the log writes exactly once.
"""

from typing import Any

from ventuno_dev.emulator.values import Json

Path = tuple[str, ...]
Operation = list[Any]
Document = dict[str, Any]


def put(path: Path, value: Json) -> Operation:
    """Set the value at a path, making the objects on the way."""
    return ["put", list(path), value]


def drop(path: Path) -> Operation:
    """Remove what is at a path, if it is there."""
    return ["drop", list(path)]


def add(path: Path, values: list[Any], keep: int) -> Operation:
    """Append to the list at a path and keep its last `keep` values."""
    return ["add", list(path), values, keep]


def apply(document: Document, operation: Operation) -> None:
    """Change the document as the operation says. Raises: ValueError for a kind this version does not know."""
    kind, (*parents, last), *rest = operation
    if kind == "drop":
        holder = _find(document, parents)
        if holder is not None:
            holder.pop(last, None)
    elif kind == "put":
        _make(document, parents)[last] = rest[0]
    elif kind == "add":
        values, keep = rest
        found: list[Any] = _make(document, parents).setdefault(last, [])
        found.extend(values)
        del found[: max(len(found) - keep, 0)]
    else:
        raise ValueError(f"unknown operation {kind!r}")


def _find(document: Document, path: list[str]) -> Document | None:
    holder: Document | None = document
    for name in path:
        holder = holder.get(name) if holder is not None else None
    return holder


def _make(document: Document, path: list[str]) -> Document:
    holder = document
    for name in path:
        holder = holder.setdefault(name, {})
    return holder
