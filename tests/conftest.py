"""Fixtures that every folder shares."""

from __future__ import annotations

import pytest

from tests.fakes.world import World


@pytest.fixture
def world() -> World:
    """A deployment in memory, empty."""
    return World()
