"""Fixtures that every folder shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from xdist.scheduler.loadscope import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

    from tests.fakes.world import World

# How long an example takes is no property of it: on a busy machine any takes long.
settings.register_profile("ventuno", deadline=None)
settings.load_profile("ventuno")

_ON_THE_STACK = ("tests/e2e/", "tests/browser/")


@pytest.fixture
def world() -> World:
    """A deployment in memory, empty."""
    from tests.fakes.world import World  # noqa: PLC0415 - suites that need no deployment do not import one

    return World()


class StackApart(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """File by file to whichever worker is free, but all tests of the shared stack to one.

    A workflow that one of them switches on sees the records of all.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "stack" if nodeid.startswith(_ON_THE_STACK) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> StackApart:
    """Hand out tests so when there are several workers."""
    return StackApart(config, log)
