"""Start the runs that wait, in their order: when one comes, when one ends, and in the sweep.

Source: reference §8
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ventuno.engine.statuses import RunStatus
from ventuno.runtime.admission import admit
from ventuno.runtime.launching import launch
from ventuno.workflow.limits import NO_LIMITS

if TYPE_CHECKING:
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services
    from ventuno.workflow.limits import Limits

_PAGE: Final = 100
MOST_A_SWEEP: Final = 1000
_LONGEST_SWEEP: Final = timedelta(seconds=30)
_BEHIND: Final = "#~"


def start_in_turn(run: Run, limits: Limits, services: Services) -> None:
    """Start a run that is stored, unless it ended as it started, or has to wait."""
    if run.status is RunStatus.RUNNING:
        launch(run, services)
    elif run.status is RunStatus.NOT_STARTED:
        _admit_in_turn(run, limits, services)


def _admit_in_turn(run: Run, limits: Limits, services: Services) -> None:
    """Start a run if it may and no other of its workflow waits, else those that came before.

    Two of them, so that the queue gets shorter wherever the limits allow it.
    """
    owner = run.version.workflow_id
    first, _ = services.runs.waiting(f"{owner}#", 1)
    if any(one.version.workflow_id == owner and one.id != run.id for one in first):
        start_waiting(services, owner, most=2)
    else:
        admit(run, limits, services)


def start_waiting(services: Services, workflow_id: str, most: int) -> None:
    """Start up to `most` runs of a workflow that wait and may start. Raises: StoreUnavailableError"""
    WaitingRuns(services, most).start(f"{workflow_id}#", workflow_id + _BEHIND)


class WaitingRuns:
    """Starts what waits and may start, until there is no time left or `most` were started.

    What there is no time for now is left to the next sweep. Every method raises StoreUnavailableError.
    """

    def __init__(self, services: Services, most: int = MOST_A_SWEEP) -> None:
        self._services = services
        self._most = most
        self._until = services.clock.now() + _LONGEST_SWEEP
        self._limits: dict[str, Limits] = {}
        self._room_at: datetime | None = None
        self.started = 0

    def start_all(self) -> None:
        """Start what waits of all workflows.

        It begins at a random one, so that none whose queue is never empty keeps the others waiting for ever.
        """
        self._room_at = None
        first = self._services.ids.new_id()  # workflows' ids are as random
        self.start(first, None)
        self.start("", first)

    def start_as_room_comes(self) -> None:
        """Wait for minutes that were full and have room again while this lasts.

        Else a sweep would find what the last one has started still counting, as they are a minute apart.
        """
        while self._room_at is not None and self._room_at <= self._until and not self._done:
            self._services.pause(max((self._room_at - self._services.clock.now()).total_seconds(), 0))
            self.start_all()

    def start(self, after: str, before: str | None) -> None:
        """Start what waits between two places in the queues of all workflows."""
        position: str | None = after
        while position is not None and not self._done:
            page, position = self._services.runs.waiting(position, _PAGE)
            for run in page:
                owner = run.version.workflow_id
                if self._done or (before is not None and owner >= before):
                    return
                admission = admit(run, self._limits_of(owner), self._services)
                if admission.waits:
                    self._note(admission.seconds)
                    position = owner + _BEHIND  # those behind it wait too
                    break
                self.started += admission.started

    def _note(self, seconds: float | None) -> None:
        if seconds is not None:
            at = self._services.clock.now() + timedelta(seconds=seconds)
            self._room_at = min(at, self._room_at or at)

    @property
    def _done(self) -> bool:
        return self.started >= self._most or self._services.clock.now() > self._until

    def _limits_of(self, workflow_id: str) -> Limits:
        if workflow_id not in self._limits:
            found = self._services.workflows.get(workflow_id)
            self._limits[workflow_id] = found.limits if found else NO_LIMITS
        return self._limits[workflow_id]
