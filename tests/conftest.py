"""Fixtures that every folder shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.fakes.world import World


@pytest.fixture
def world() -> World:
    """A deployment in memory, empty."""
    from tests.fakes.world import World  # noqa: PLC0415 - suites that need no deployment do not import one

    return World()
