"""Reconcile open runs with their executions: close what ended, resume what was cut off, end what is to stop.

Then rollouts are judged, and runs that wait start if they may.

A run gets here when its status event was lost, when its execution never started, or when the service was
interrupted under it. Resuming is starting the machine again: finished steps answer from the store.
Source: architecture, Recovery
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.engine.statuses import RunStatus
from ventuno.engine.timeline import told_instant
from ventuno.runtime.admission import start_waiting
from ventuno.runtime.answer_form import tell
from ventuno.runtime.close_run import close_ended, interrupted, outcome_of
from ventuno.runtime.ending import end_run
from ventuno.runtime.forms import find_form
from ventuno.runtime.judging import judge_rollouts
from ventuno.runtime.launching import execution_input
from ventuno.runtime.stop_run import finish_stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.execution_ports import Execution
    from ventuno.runs.model import Run
    from ventuno.runtime.services import Services

GRACE_SECONDS = 60
"""A younger run is left alone: its execution may be starting right now."""
MAX_ATTEMPTS = 10
"""A run that was cut off this often fails: something cuts it off each time."""
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep did.

    `left` counts runs that go on or are too young to judge, `begun` runs that had to wait until now,
    `returned` rollouts that were taken back, `resent` answers to forms that a crash had kept from machines.
    """

    closed: int
    resumed: int
    left: int
    begun: int = 0
    returned: int = 0
    resent: int = 0


def sweep(services: Services, grace_seconds: int = GRACE_SECONDS) -> Sweep:
    """Look at every open run once; one that a wrong setup holds back does not hold back the others.

    Raises: StoreUnavailableError (the next sweep goes on), ConfigurationError (once all were looked at)
    """
    done: Counter[str] = Counter()
    refused: errors.ConfigurationError | None = None
    for run in _open(services):
        try:
            done[_reconcile(run, services, grace_seconds)] += 1
        except errors.ConfigurationError as error:
            refused = error
    resent = _resend(services, grace_seconds)
    returned = judge_rollouts(services)
    begun = start_waiting(services)
    if refused is not None:
        raise refused
    return Sweep(done["closed"], done["resumed"], done["left"], begun, returned, resent)


def _resend(services: Services, grace_seconds: int) -> int:
    """Tell machines of answers that were stored by somebody who did not live to tell them."""
    before = services.clock.now() - timedelta(seconds=grace_seconds)
    answered = services.runs.untold(told_instant(before), _PAGE)
    for run_id, place in answered:
        try:
            form = find_form(run_id, place, services)
            tell(form, form.state, services)
        except (errors.NotFoundError, errors.PayloadLostError, errors.DefinitionError):
            services.runs.told(run_id, place)  # without its version the run cannot go on in any case
    return len(answered)


def _open(services: Services) -> Iterator[Run]:
    for status in (RunStatus.STOPPING, RunStatus.RUNNING):
        cursor: str | None = None
        while True:
            page = services.runs.by_status(status, _PAGE, cursor)
            yield from page.runs
            cursor = page.cursor
            if cursor is None:
                break


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
    unfinished = not outcome_of(run, execution, services)[0].ended
    if unfinished or interrupted(execution.status, execution.error):
        return _resume(run, services)
    return "closed" if close_ended(run, execution, services) else "left"


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
