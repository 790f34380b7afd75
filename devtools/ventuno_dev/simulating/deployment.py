"""What a simulated run needs of a deployment: stores in memory, a virtual clock, one execution.

The use cases are the product's own, so a simulated machine does what a deployed one does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from ventuno.adapters.memory.forms import MemoryFormStore
from ventuno.adapters.memory.functions import MemoryFunctionStore
from ventuno.adapters.memory.limits import MemoryLimitStore
from ventuno.adapters.memory.metadata import MemoryMetadataStore
from ventuno.adapters.memory.payloads import MemoryPayloadStore
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.adapters.memory.runs import MemoryRunStore
from ventuno.adapters.memory.schedules import MemorySchedules
from ventuno.adapters.memory.workflows import MemoryWorkflowStore
from ventuno.adapters.system import SystemIds
from ventuno.outside import Outside
from ventuno.records.custom.live import LiveObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import STANDARD_OBJECTS
from ventuno.runtime.call_counter import CallCounter
from ventuno.runtime.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ventuno.compiler.contract import Capability
    from ventuno.execution_ports import Execution
    from ventuno.runtime.work import Work


class VirtualClock:
    """The Clock of a simulated run; it only moves on."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        """Return the current virtual instant."""
        return self._now

    def move_to(self, seconds: float) -> None:
        """Move to so many seconds after the start."""
        self._now = max(self._now, self._start + timedelta(seconds=seconds))


class Started(NamedTuple):
    """An execution that was asked for."""

    machine_arn: str
    name: str
    payload: str


class SimulatedMachines:
    """The Machines port of one run: it notes executions, and hands on what tokens are answered with."""

    def __init__(self) -> None:
        self.started: list[Started] = []
        self.answered: Callable[[str, str], bool] = lambda *_: False
        self.refused: Callable[[str, str, str], bool] = lambda *_: False

    def create(self, name: str, definition: str, capability: Capability, tags: Mapping[str, str]) -> str:
        """Return the ARN of a machine; the definition is the simulation's business."""
        del definition, capability, tags
        return f"arn:aws:states:us-east-1:123456789012:stateMachine:{name}"

    def delete(self, machine_arn: str) -> None:
        """Do nothing: a simulation has one machine."""

    def start(self, machine_arn: str, name: str, payload: str) -> None:
        """Note an execution."""
        self.started.append(Started(machine_arn, name, payload))

    def describe(self, machine_arn: str, name: str) -> Execution | None:
        """Return None: nobody sweeps a simulation."""
        del machine_arn, name
        return None

    def answer(self, token: str, output: str) -> bool:
        """Let the state that waits with a token go on; False when it waits no more."""
        return self.answered(token, output)

    def refuse(self, token: str, error: str, cause: str) -> bool:
        """Let the state that waits with a token fail; False when it waits no more."""
        return self.refused(token, error, cause)

    def stop(self, machine_arn: str, name: str, reason: str) -> None:
        """Do nothing: nobody stops a simulation."""

    def entered_states(self, machine_arn: str, name: str) -> list[str]:
        """Return nothing: the simulation itself knows what was entered."""
        del machine_arn, name
        return []


def simulated_services(clock: VirtualClock, machines: SimulatedMachines, work: Work) -> Services:
    """Gather the ports of a simulated run."""
    nothing: Any = None  # the work of the steps is chosen, so nobody reaches outside
    metadata = MemoryMetadataStore()
    objects = LiveObjectModel(STANDARD_OBJECTS, metadata, clock)
    ids, runs = SystemIds(), MemoryRunStore()
    return Services(
        runs=runs,
        forms=MemoryFormStore(runs),
        limits=MemoryLimitStore(),
        workflows=MemoryWorkflowStore(),
        functions=MemoryFunctionStore(),
        metadata=metadata,
        objects=objects,
        records=RecordService(objects, MemoryRecordStore(), clock, ids.new_id, _no_pause),
        payloads=MemoryPayloadStore(),
        machines=machines,
        schedules=MemorySchedules(),
        trials=nothing,
        outside=Outside(**dict.fromkeys(Outside.__slots__, nothing)),
        clock=clock,
        ids=ids,
        calls=CallCounter(),
        stage="simulated",
        workspace_id="default",
        pause=_no_pause,
        work=work,
    )


def _no_pause(seconds: float) -> None:
    del seconds
