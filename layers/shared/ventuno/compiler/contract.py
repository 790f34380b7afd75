"""What a machine and the runtime that answers it must agree on; the runtime loads it on every cold start."""

from __future__ import annotations

from enum import StrEnum

STEP_RUNNER_PLACEHOLDER = "${StepRunnerArn}"
"""Stands in a compiled machine for the function that runs its steps; activation puts in the real one."""

FAILED = "failed"
"""The answer of a step that rode along and failed."""


class EndKind(StrEnum):
    """How a scope ends.

    DONE:   nothing is left to do; of the whole machine or of an iteration.
    LIVE:   a branch arrived at the join, and the join may run.
    DEAD:   a branch ended before the join, or arrived by skipped steps only.
    FAILED: a step failed; everything else in the scope has run to its end.
    BROKEN: a step failed, and nothing beside it is waited for.
    HANDED: rounds are over, and hand on what they came to.
    """

    DONE = "DONE"
    LIVE = "LIVE"
    DEAD = "DEAD"
    FAILED = "FAILED"
    BROKEN = "BROKEN"
    HANDED = "HANDED"


class Next(StrEnum):
    """What is to be done after a call of rounds, where it is not to run the loop of that id.

    AGAIN:   more is ready than one call has time for.
    ANSWERS: some form is open, so wait for an answer or for the nearest instant.
    INSTANT: wait for the nearest instant.
    LIVE:    the part is over and its join may run.
    DEAD:    the part is over and its join, if there is one, is passed over.
    FAILED:  the part is over and some step of it failed.
    """

    AGAIN = ":again"
    ANSWERS = ":answers"
    INSTANT = ":instant"
    LIVE = ":live"
    DEAD = ":dead"
    FAILED = ":failed"


class Capability(StrEnum):
    """The closed set of what machines may do; each has a role of its own in template.yaml."""

    STEPS = "STEPS"
    """Have the function `step_runner` run steps."""
    BATCHES = "BATCHES"
    """Besides, start executions of its own, in which a loop over a long list runs in batches."""
