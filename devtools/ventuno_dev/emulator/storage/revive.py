# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Revive: turn saved JSON back into what MiniStack keeps in memory, with its own decoding."""

from typing import Any

from ministack.core import persistence

from ventuno_dev.emulator.values import Json


def revived(value: Json) -> Json:
    """Decode scoped stores and bytes, innermost first."""
    if isinstance(value, dict):
        return persistence._json_object_hook({key: revived(item) for key, item in value.items()})
    if isinstance(value, list):
        return [revived(item) for item in value]
    return value


def scoped_key(key: tuple[Any, ...]) -> str:
    """Write a key of a scoped store as one string, as MiniStack does."""
    account, region, name = key
    return f"{account}\x00{region}\x00{name!r}"


def parsed_key(text: str) -> tuple[str, str, str]:
    """Read a key that `scoped_key` wrote; the name was a string."""
    account, region, name = text.split("\x00", 2)
    return account, region, name[1:-1]
