"""What happens to a step once its parents are known, and what that makes of the run.

The rules are asked with the statuses its parents have *for this step*:
see `engine.reached` for how an edge turns a parent's status into that.
Source: reference §4.3 and §4.7; decisions, Engine.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ventuno.engine.statuses import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_HARMLESS = {StepStatus.SUCCESS, StepStatus.STOPPED, StepStatus.SKIPPED}
_DEAD = {StepStatus.SKIPPED, StepStatus.STOPPED, StepStatus.FAILED_SAFELY}
_OPEN = {StepStatus.PENDING, StepStatus.RUNNING}


class Decision(StrEnum):
    """The four outcomes for a step that has not started."""

    EXECUTE = "EXECUTE"
    FAIL_SAFELY = "FAIL_SAFELY"
    SKIP = "SKIP"
    WAIT = "WAIT"


def decide(parents: Collection[StepStatus]) -> Decision:
    """Decide what happens to a NOT_STARTED step of a RUNNING run."""
    present = set(parents)
    if not present or (StepStatus.SUCCESS in present and present <= _HARMLESS):
        return Decision.EXECUTE
    if StepStatus.FAILED_SAFELY in present and present <= _HARMLESS | _DEAD:
        return Decision.FAIL_SAFELY
    if present <= _DEAD:
        return Decision.SKIP
    return Decision.WAIT


def run_status(current: RunStatus, steps: Iterable[StepStatus], *, runnable: bool) -> RunStatus:
    """Compute a run's status from its steps; `runnable` says that some step may start now."""
    present = set(steps)
    if current is RunStatus.STOPPING:
        return RunStatus.STOPPING if StepStatus.RUNNING in present else RunStatus.STOPPED
    if StepStatus.FAILED in present:
        return RunStatus.FAILED
    if runnable or present & _OPEN:
        return RunStatus.RUNNING
    return RunStatus.COMPLETED
