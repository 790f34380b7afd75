"""What the compiler and the run rules must know of an action: how it takes part in a machine."""

from __future__ import annotations

from enum import StrEnum


class StepKind(StrEnum):
    """How a step of some action runs.

    TASK:     a Lambda call of its own.
    PURE:     computed from stored data alone, so the call before it computes it too.
    FILTER:   pure, and stops what hangs only on it when it does not match.
    CHOICE:   pure, and picks one of its branches.
    LOOP:     pure until its items are known, then runs its body once per item.
    WAIT:     pure until its instant is known, then waits for that instant.
    CALLBACK: waits for an answer from outside.
    """

    TASK = "TASK"
    PURE = "PURE"
    FILTER = "FILTER"
    CHOICE = "CHOICE"
    LOOP = "LOOP"
    WAIT = "WAIT"
    CALLBACK = "CALLBACK"

    @property
    def rides_along(self) -> bool:
        """Whether the call that runs the step before it evaluates this one too: it does nothing outside."""
        return self not in (StepKind.TASK, StepKind.CALLBACK)
