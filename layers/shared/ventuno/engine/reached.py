"""What the rules must know of a parent, and what it counts as for one of its children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from ventuno.definition.graph import Edge


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known of a step that did something.

    `branch` is the index an IF_ELSE took; `rescued` says that continueOnFailure turned its error harmless.
    """

    status: StepStatus
    branch: int | None = None
    rescued: bool = False


def status_over(edge: Edge, parent: Reached) -> StepStatus:
    """Tell what a parent counts as for the child at the end of this edge."""
    if parent.rescued:
        return StepStatus.SUCCESS
    not_taken = (
        edge.branch is not None and parent.status is StepStatus.SUCCESS and edge.branch != parent.branch
    )
    return StepStatus.SKIPPED if not_taken else parent.status
