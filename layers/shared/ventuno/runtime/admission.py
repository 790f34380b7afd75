"""Limits on runs: how many start in a minute or an hour, of a workflow and of the whole stage, and at once.

Too many an hour are refused, and the refused run is there to be seen and retried. Too many a minute or at
once wait, stored, as NOT_STARTED, until `waiting_runs` starts them. Minutes and hours are any 60 and 3,600
seconds, not those of the clock. Runs started by hand never wait for a minute to end.
Source: reference §8, §2.2
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ventuno.engine.statuses import RunStatus
from ventuno.runtime.closing import release_place
from ventuno.runtime.launching import launch
from ventuno.runtime.services import instant_of
from ventuno.workflow.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services
    from ventuno.workflow.limits import Limits
    from ventuno.workflow.model import Workflow

STAGE: Final = "STAGE"
"""The owner of the counts of all workflows together; no workflow's id is spelled so."""
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Counted:
    """What one run was counted in: all windows that it had to be, or none and then the one that is `full`.

    `turns` pairs each window with the slot in it. A window that is full may have room in `seconds`.
    """

    turns: tuple[tuple[Window, int], ...] = ()
    full: Window | None = None
    seconds: float = 0.0

    def give_back(self, services: Services) -> None:
        """Take the counts back: no run was started for them."""
        for window, slot in self.turns:
            services.limits.give_back(window, slot)


def count_hour(workflow: Workflow, services: Services) -> Counted:
    """Count a run of this hour, if there may be one more."""
    return _count(_windows(workflow.id, workflow.limits, services, _HOUR), services)


def refusal(hour: Counted, workflow: Workflow, services: Services) -> str | None:
    """Say why there may be no more runs in this hour."""
    if hour.full is None:
        return None
    whose = "all workflows together" if hour.full.owner == STAGE else f'workflow "{workflow.slug}"'
    room = instant_of(services.clock.now() + timedelta(seconds=hour.seconds))
    return (
        f"{whose} may start {hour.full.most} runs an hour; raise the limit, or retry this run:"
        f" there may be room from {room}"
    )


def as_limits_let(run: Run, limits: Limits, services: Services) -> Run:
    """Return a run that is to go on as it is, or as one that has to be admitted first."""
    minute = not _by_hand(run.created_by) and any(
        _windows(run.version.workflow_id, limits, services, _MINUTE)
    )
    place = limits.at_once is not None
    if run.status.ended or run.test or not (place or minute):
        return replace(run, holds_place=False)
    return replace(run, status=RunStatus.NOT_STARTED, holds_place=place)


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a run that waited: it `started`, it `waits` on, or neither, as it waited no more.

    `seconds` tells when a minute that is full may have room; who waits for a place waits for another run.
    """

    started: bool = False
    waits: bool = False
    seconds: float | None = None


def admit(run: Run, limits: Limits, services: Services) -> Admission:
    """Start a run that waits, if it may. Repeating it counts the run once.

    The minute comes first: what a slot counted can be given back, but a place that somebody else took for the
    same run meanwhile, and started it in, must not be.
    """
    owner = run.version.workflow_id
    minute = Counted()
    if not _by_hand(run.created_by):
        minute = _count(_windows(owner, limits, services, _MINUTE), services)
    if minute.full is not None:
        return Admission(waits=True, seconds=minute.seconds)
    most = limits.at_once if run.holds_place else None
    if most is not None and not services.limits.hold(owner, run.id, most):
        minute.give_back(services)
        return Admission(waits=True)
    if services.runs.begin(run):
        launch(replace(run, status=RunStatus.RUNNING), services)
        return Admission(started=True)
    minute.give_back(services)  # somebody else was faster, to start it or to stop it
    if services.runs.load(run.id, []).run.status.ended:
        release_place(run, services)
    return Admission()


def _count(windows: Iterable[Window], services: Services) -> Counted:
    counted = Counted()
    for window in windows:
        turn = services.limits.take(window, services.clock.now())
        if turn.slot is None:
            counted.give_back(services)
            return Counted(full=window, seconds=turn.seconds)
        counted = Counted((*counted.turns, (window, turn.slot)))
    return counted


def _windows(owner: str, limits: Limits, services: Services, seconds: int) -> Iterator[Window]:
    for whose, each in ((owner, limits), (STAGE, services.stage_limits)):
        most = each.per_minute if seconds == _MINUTE else each.per_hour
        if most is not None:
            yield Window(whose, seconds, most)


def _by_hand(created_by: JsonObject) -> bool:
    return created_by.get("source") == "MANUAL"
