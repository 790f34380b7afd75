"""Limits on runs: how many start in a minute or an hour, of a workflow and of the whole stage, and at once.

Too many an hour are refused, and the refused run is there to be seen and retried. Too many a minute or at
once wait, stored, as NOT_STARTED; whoever ends a run of the workflow, and the sweep every minute, starts them
in their order. Windows are those of the clock. Runs started by hand never wait for the minute to end.
Source: reference §8, §2.2
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ventuno.engine.statuses import RunStatus
from ventuno.runtime.closing import release_place
from ventuno.runtime.launching import launch
from ventuno.workflow.limits import NO_LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services
    from ventuno.workflow.limits import Limits
    from ventuno.workflow.model import Workflow

STAGE: Final = "STAGE"
"""The owner of the counts of all workflows together; no workflow's id is spelled so."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_PAGE: Final = 100
MOST_A_SWEEP: Final = 1000
_LONGEST_SWEEP: Final = timedelta(seconds=30)
_BEHIND: Final = "#~"


@dataclass(frozen=True, slots=True)
class _Window:
    """A count that may not pass `most`."""

    owner: str
    name: str
    most: int


def refused_for(workflow: Workflow, services: Services) -> str | None:
    """Count a run of this hour, or say why there may be no more of them."""
    taken: list[_Window] = []
    for window in _windows(workflow.id, workflow.limits, services, _HOUR):
        if not _take(window, services):
            _give_back(taken, services)
            whose = "all workflows together" if window.owner == STAGE else f'workflow "{workflow.slug}"'
            return (
                f"{whose} may start {window.most} runs an hour; raise the limit, or retry this run"
                " in the next hour"
            )
        taken.append(window)
    return None


def uncount(workflow: Workflow, services: Services) -> None:
    """Take the count of this hour back: the event had started its run before."""
    _give_back(list(_windows(workflow.id, workflow.limits, services, _HOUR)), services)


def may_wait(workflow: Workflow, created_by: JsonObject, services: Services) -> bool:
    """Whether a run has to be admitted before it starts."""
    return workflow.limits.at_once is not None or (
        not _by_hand(created_by) and any(_windows(workflow.id, workflow.limits, services, _MINUTE))
    )


class Admitted(Enum):
    """What became of a run that waited: it started, it goes on waiting, or it waited no more."""

    STARTED = auto()
    WAITS = auto()
    GONE = auto()


def admit(run: Run, limits: Limits, services: Services) -> Admitted:
    """Start a run that waits, if it may. Repeating it counts the run once.

    The place comes first, because it can be given back and a minute cannot.
    """
    owner = run.version.workflow_id
    most = limits.at_once if run.holds_place else None
    if most is not None and not services.limits.hold(owner, run.id, most):
        return Admitted.WAITS
    taken: list[_Window] = []
    for window in () if _by_hand(run.created_by) else _windows(owner, limits, services, _MINUTE):
        if not _take(window, services):
            _give_back(taken, services)
            release_place(run, services)
            return Admitted.WAITS
        taken.append(window)
    if services.runs.begin(run):
        launch(replace(run, status=RunStatus.RUNNING), services)
        return Admitted.STARTED
    _give_back(taken, services)  # somebody else was faster, to start it or to stop it
    if services.runs.load(run.id, []).run.status.ended:
        release_place(run, services)
    return Admitted.GONE


def admit_in_turn(run: Run, limits: Limits, services: Services) -> None:
    """Start a new run if it may and no other of its workflow waits, else those that waited longer.

    Two of them, so that the queue gets shorter wherever the limits allow it.
    """
    owner = run.version.workflow_id
    first, _ = services.runs.waiting(f"{owner}#", 1)
    if any(one.version.workflow_id == owner and one.id != run.id for one in first):
        start_waiting(services, owner, most=2)
    else:
        admit(run, limits, services)


def start_waiting(services: Services, workflow_id: str | None = None, most: int = MOST_A_SWEEP) -> int:
    """Start what waits and may start, of one workflow or of all, and return how many runs were.

    What there is no time for now is left to the next sweep. Of all workflows it begins at a random one, so
    that none whose queue is never empty keeps the others waiting for ever.

    Raises: StoreUnavailableError
    """
    starter = _Starter(services, most)
    if workflow_id is not None:
        starter.start(f"{workflow_id}#", workflow_id + _BEHIND)
    else:
        first = services.ids.new_id()  # workflows' ids are as random
        starter.start(first, None)
        starter.start("", first)
    return starter.started


class _Starter:
    """Starts what waits until it has no time left, or has started `most` runs."""

    def __init__(self, services: Services, most: int) -> None:
        self._services = services
        self._most = most
        self._until = services.clock.now() + _LONGEST_SWEEP
        self._limits: dict[str, Limits] = {}
        self.started = 0

    def start(self, after: str, before: str | None) -> None:
        """Start what waits between two places in the queues of all workflows."""
        position: str | None = after
        while position is not None and not self._done:
            page, position = self._services.runs.waiting(position, _PAGE)
            for run in page:
                owner = run.version.workflow_id
                if self._done or (before is not None and owner >= before):
                    return
                done = admit(run, self._limits_of(owner), self._services)
                if done is Admitted.WAITS:
                    position = owner + _BEHIND  # those behind it wait too
                    break
                self.started += done is Admitted.STARTED

    @property
    def _done(self) -> bool:
        return self.started >= self._most or self._services.clock.now() > self._until

    def _limits_of(self, workflow_id: str) -> Limits:
        if workflow_id not in self._limits:
            found = self._services.workflows.get(workflow_id)
            self._limits[workflow_id] = found.limits if found else NO_LIMITS
        return self._limits[workflow_id]


def _windows(owner: str, limits: Limits, services: Services, seconds: int) -> Iterator[_Window]:
    number = int(services.clock.now().timestamp()) // seconds
    for whose, each in ((owner, limits), (STAGE, services.stage_limits)):
        most = each.per_minute if seconds == _MINUTE else each.per_hour
        if most is not None:
            yield _Window(whose, f"{seconds}S#{number}", most)


def _take(window: _Window, services: Services) -> bool:
    expires_at = int(services.clock.now().timestamp()) + _DAY
    return services.limits.take(window.owner, window.name, window.most, expires_at)


def _give_back(windows: list[_Window], services: Services) -> None:
    for window in windows:
        services.limits.give_back(window.owner, window.name)


def _by_hand(created_by: JsonObject) -> bool:
    return created_by.get("source") == "MANUAL"
