"""A target: the one AWS, real or not, that a command talks to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TargetKind(StrEnum):
    """Who runs the services."""

    EMBEDDED = "embedded"
    ENDPOINT = "endpoint"
    AWS = "aws"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the services answer; `endpoint_url` is None for AWS, which has one per service."""

    kind: TargetKind
    endpoint_url: str | None
    region: str
    data: Path
    project: Path

    @property
    def name(self) -> str:
        """Say in a few words where this is."""
        return self.endpoint_url or f"AWS {self.region}"
