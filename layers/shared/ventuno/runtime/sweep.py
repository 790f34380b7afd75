"""Reconcile open runs with their executions: close what ended, resume what was cut off, end what is to stop.

Before that, answers that were never told are told, rollouts are judged, and runs that wait start if they may:
these are few, and must not stand behind thousands of runs that only wait for people. Of very many open runs
a sweep looks at a share, because executions may be described some 15 times a second; each has its turn.

A run gets here when its status event was lost, when its execution never started, or when the service was
interrupted under it. Resuming is starting the machine again: finished steps answer from the store.
Source: architecture, Recovery; https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING
from zlib import crc32

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.engine.timeline import told_instant
from ventuno.runtime.answer_form import tell
from ventuno.runtime.close_run import close_ended, interrupted, load_ended, outcome_of
from ventuno.runtime.ending import end_run
from ventuno.runtime.forms import find_form
from ventuno.runtime.judging import judge_rollouts
from ventuno.runtime.launching import execution_input
from ventuno.runtime.stop_run import finish_stop
from ventuno.runtime.waiting_runs import WaitingRuns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.execution_ports import Execution
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services

GRACE_SECONDS = 60
"""A younger run is left alone: its execution may be starting right now."""
MAX_ATTEMPTS = 10
"""A run that was cut off this often fails: something cuts it off each time."""
MOST_DESCRIBED = 500
"""About as many runs are looked at in one sweep, which has a minute."""
_MINUTE = 60
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep did.

    `left` counts runs that were looked at and go on, or are too young to judge, `begun` runs that had to
    wait until now, `returned` rollouts that were taken back, `resent` answers to forms that a crash had kept
    from machines.
    """

    closed: int
    resumed: int
    left: int
    begun: int = 0
    returned: int = 0
    resent: int = 0


def sweep(services: Services, grace_seconds: int = GRACE_SECONDS) -> Sweep:
    """Look at open runs; one that a wrong setup holds back does not hold back the others.

    Raises: StoreUnavailableError (the next sweep goes on), ConfigurationError (once all were looked at)
    """
    resent = _resend(services, grace_seconds)
    returned = judge_rollouts(services)
    waiting = WaitingRuns(services)
    waiting.start_all()
    done: Counter[str] = Counter()
    refused: errors.ConfigurationError | None = None
    for run in _in_turn(services):
        try:
            done[_reconcile(run, services, grace_seconds)] += 1
        except errors.ConfigurationError as error:
            refused = error
    waiting.start_as_room_comes()
    if refused is not None:
        raise refused
    return Sweep(done["closed"], done["resumed"], done["left"], waiting.started, returned, resent)


def _resend(services: Services, grace_seconds: int) -> int:
    """Tell machines of answers that were stored by somebody who did not live to tell them."""
    before = services.clock.now() - timedelta(seconds=grace_seconds)
    answered = services.forms.untold(told_instant(before), _PAGE)
    for run_id, place in answered:
        try:
            form = find_form(run_id, place, services)
            tell(form, form.state, services)
        except (errors.NotFoundError, errors.PayloadLostError, errors.DefinitionError):
            services.forms.told(run_id, place)  # without its version the run cannot go on in any case
    return len(answered)


def _in_turn(services: Services) -> Iterator[Run]:
    """Yield the runs to be looked at in this minute: all that are to stop, and a share of the others."""
    yield from _all(RunStatus.STOPPING, services)
    turns = ceil(sum(1 for _ in _all(RunStatus.RUNNING, services)) / MOST_DESCRIBED)
    if turns > 0:
        turn = int(services.clock.now().timestamp()) // _MINUTE % turns
        yield from (
            run for run in _all(RunStatus.RUNNING, services) if crc32(run.id.encode()) % turns == turn
        )


def _all(status: RunStatus, services: Services) -> Iterator[Run]:
    cursor: str | None = None
    while True:
        page = services.runs.by_status(status, _PAGE, cursor)
        yield from page.runs
        cursor = page.cursor
        if cursor is None:
            return


def _reconcile(run: Run, services: Services, grace_seconds: int) -> str:
    if run.status is RunStatus.STOPPING:
        return "closed" if finish_stop(run, services) else "left"
    age = services.clock.now() - datetime.fromisoformat(run.started_at)
    if age.total_seconds() < grace_seconds:
        return "left"
    execution = services.machines.describe(run.machine_arn, run.execution_name)
    if execution is None:
        return _start_again(run, services)
    if execution.status == "RUNNING":
        return "left"
    try:
        return _reconcile_ended(run, execution, services)
    except (errors.NotFoundError, errors.PayloadLostError, errors.DefinitionError) as error:
        # Without its version the run can neither be judged nor go on, and it must not hold up the others.
        end_run(run, RunStatus.FAILED, str(error), services)
        return "closed"


def _reconcile_ended(run: Run, execution: Execution, services: Services) -> str:
    loaded = load_ended(run.id, execution, services)
    unfinished = not outcome_of(loaded, execution, services)[0].ended
    if unfinished or interrupted(execution.status, execution.error):
        return _resume(run, services)
    return "closed" if close_ended(loaded, execution, services) else "left"


def _resume(run: Run, services: Services) -> str:
    """Start a new execution for the run; only one sweep wins the right to."""
    if run.attempt + 1 >= MAX_ATTEMPTS:
        reason = f"the run was interrupted {MAX_ATTEMPTS} times"
        end_run(run, RunStatus.FAILED, reason, services)
        return "closed"
    if not services.runs.begin_attempt(run.id, run.attempt):
        return "left"
    return _start_again(replace(run, attempt=run.attempt + 1), services)


def _start_again(run: Run, services: Services) -> str:
    try:
        services.machines.start(run.machine_arn, run.execution_name, execution_input(run))
    except errors.MachineMissingError as error:
        end_run(run, RunStatus.FAILED, str(error), services)
        return "closed"
    return "resumed"
