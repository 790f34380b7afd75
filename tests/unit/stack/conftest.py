from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno_dev.stack.target import Target, TargetKind

if TYPE_CHECKING:
    from pathlib import Path


class Recorded:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.details: list[str] = []

    def step(self, text: str) -> None:
        self.steps.append(text)

    def detail(self, text: str) -> None:
        self.details.append(text)


@pytest.fixture
def progress() -> Recorded:
    return Recorded()


@pytest.fixture
def embedded(tmp_path: Path) -> Target:
    return Target(TargetKind.EMBEDDED, "http://127.0.0.1:9", "us-east-1", tmp_path, tmp_path)
