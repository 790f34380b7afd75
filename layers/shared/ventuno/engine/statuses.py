"""Statuses of runs and steps, spelled as in the reference (§1.1)."""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run stands."""

    NOT_STARTED = "NOT_STARTED"
    ENQUEUED = "ENQUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"

    @property
    def ended(self) -> bool:
        """Whether the run will not change again by itself."""
        return self in (RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.STOPPED)


class StepStatus(StrEnum):
    """Where a step stands."""

    NOT_STARTED = "NOT_STARTED"
    RUNNING = "RUNNING"
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    STOPPED = "STOPPED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"
    FAILED_SAFELY = "FAILED_SAFELY"


ENDED_BEFORE = "Workflow has been ended before this step was completed"
"""The error of a step that was running or waiting when its run ended. Source: reference §4.6"""
