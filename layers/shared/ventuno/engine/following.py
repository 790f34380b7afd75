"""Who may start, and who is passed over, once some steps of a frame have ended. Source: reference §4.3"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ventuno.engine.reached import status_over
from ventuno.engine.rules import Decision, decide
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ventuno.engine.frames import Frame

_PASSED_OVER = {Decision.FAIL_SAFELY: StepStatus.FAILED_SAFELY, Decision.SKIP: StepStatus.SKIPPED}


def follow(frame: Frame, candidates: Iterable[str], start: Callable[[Frame, str], None]) -> None:
    """Ask the rules about candidates, and about the children of those that are passed over.

    `start` is called for each step that may start; it gives the step another status, or leaves it as it is.
    """
    pending = deque(candidates)
    while pending:
        step_id = pending.popleft()
        if frame.states[step_id].status is not StepStatus.NOT_STARTED:
            continue
        parents = frame.scope.parents[step_id]
        decision = decide([status_over(edge, frame.states[edge.source].reached()) for edge in parents])
        if decision is Decision.EXECUTE:
            start(frame, step_id)
        elif decision in _PASSED_OVER:
            _pass_over(frame, step_id, _PASSED_OVER[decision])
            pending.extend(edge.target for edge in frame.scope.children[step_id])


def starting_points(frame: Frame) -> list[str]:
    """List the steps of a frame that the rules may be asked about."""
    scope = frame.scope
    return [step_id for step_id in scope.members if step_id in scope.entries or scope.parents[step_id]]


def _pass_over(frame: Frame, step_id: str, status: StepStatus) -> None:
    frame.states[step_id].status = status
    if step_id in frame.scope.loops:
        pass_over_body(frame, step_id, status)


def pass_over_body(frame: Frame, iterator: str, status: StepStatus) -> None:
    """Give the body of a loop that never ran the iterator's status, by way of its entries."""
    body = frame.open_loop(iterator, ()).add_frame()
    for entry in body.scope.entries:
        _pass_over(body, entry, status)
    for entry in body.scope.entries:
        follow(body, [edge.target for edge in body.scope.children[entry]], _nobody)


def _nobody(frame: Frame, step_id: str) -> None:
    """Start nothing: where nothing ran before, nothing may."""
