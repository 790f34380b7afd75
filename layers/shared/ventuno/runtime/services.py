"""Everything a use case may need, gathered once by `bootstrap` or by a test."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno.runtime.work import ActionWork
from ventuno.workflow.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ventuno.execution_ports import Machines, Schedules, Trials
    from ventuno.logic.store import FunctionStore
    from ventuno.outside import Outside
    from ventuno.ports import Clock, FormStore, Ids, LimitStore, PayloadStore, RunStore, WorkflowStore
    from ventuno.records.custom.store import MetadataStore
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.service import RecordService
    from ventuno.runtime.call_counter import CallCounter
    from ventuno.runtime.work import Work


LONGEST_CHAIN = 10
"""How many runs may lead to one another by writing records, unless the deployment says otherwise."""


@dataclass(frozen=True, slots=True)
class Services:
    """The ports, the object model and its records, and what use cases must know of the deployment.

    `scripts_per_minute` is how many scripts are run in a minute, 0 for no limit.
    """

    runs: RunStore
    forms: FormStore
    limits: LimitStore
    workflows: WorkflowStore
    functions: FunctionStore
    metadata: MetadataStore
    objects: ObjectModel
    records: RecordService
    payloads: PayloadStore
    machines: Machines
    schedules: Schedules
    trials: Trials
    outside: Outside
    clock: Clock
    ids: Ids
    calls: CallCounter
    stage: str
    workspace_id: str
    longest_chain: int = LONGEST_CHAIN
    stage_limits: Limits = NO_LIMITS
    scripts_per_minute: int = 0
    pause: Callable[[float], None] = time.sleep
    work: Work = field(default_factory=ActionWork)


def instant(clock: Clock) -> str:
    """Return the current instant as ISO 8601 text with milliseconds, as the reference writes it."""
    return instant_of(clock.now())


def instant_of(moment: datetime) -> str:
    """Write a UTC instant in this form; such texts sort as their instants do."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
