"""What a machine and the runtime that answers it must agree on; the runtime loads it on every cold start."""

from __future__ import annotations

from enum import StrEnum

STEP_RUNNER_PLACEHOLDER = "${StepRunnerArn}"
"""Stands in a compiled machine for the function that runs its steps; activation puts in the real one."""

FAILED = "failed"
"""What the mark of a failed step says, and the answer of one that rode along."""


class EndKind(StrEnum):
    """How a scope ends.

    DONE:   nothing is left to do; of the whole machine or of an iteration.
    LIVE:   a branch arrived at the join, and the join may run.
    DEAD:   a branch ended before the join, or arrived by skipped steps only.
    FAILED: a step failed; everything else in the scope has run to its end.
    BROKEN: a step failed, and nothing beside it is waited for.
    """

    DONE = "DONE"
    LIVE = "LIVE"
    DEAD = "DEAD"
    FAILED = "FAILED"
    BROKEN = "BROKEN"
