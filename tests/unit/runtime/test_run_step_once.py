"""One step happens once: however its calls are repeated, overtaken, cut off or refused."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, passes, step
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.adapters.memory.runs import MemoryRunStore
from ventuno.adapters.memory.workflows import MemoryWorkflowStore
from ventuno.engine.statuses import StepStatus
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import StepState
from ventuno.runtime.close_run import ExecutionEnded, close_run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ventuno.records.store import RowChange
    from ventuno.runs.model import ChunkKey, LoadedRun, Run, VersionRef
    from ventuno.runs.places import Place
    from ventuno.workflow.model import Version


class Counting(MemoryRunStore):
    """A run store that counts its requests."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: Counter[str] = Counter()

    def load(self, run_id: str, places: Collection[Place], chunks: Collection[ChunkKey] = ()) -> LoadedRun:
        self.requests["read"] += 1
        return super().load(run_id, places, chunks)

    def load_all(self, run_id: str, most: int | None = None) -> LoadedRun:
        self.requests["read"] += 1
        return super().load_all(run_id, most)

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        self.requests["write"] += 1
        return super().save_step(run, state)


class CountingWorkflows(MemoryWorkflowStore):
    """A workflow store that counts how often versions are read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def version(self, ref: VersionRef) -> Version | None:
        self.reads += 1
        return super().version(ref)


def test_a_step_costs_one_read_and_one_write_of_run_state() -> None:
    runs, workflows = Counting(), CountingWorkflows()
    world = World(runs=runs, workflows=workflows)
    run = world.begin(create("a", "b"), create("b"))
    world.call(run, "a")
    runs.requests.clear()
    workflows.reads = 0
    world.call(run, "b")

    assert runs.requests == {"read": 1, "write": 1}
    assert workflows.reads == 0


def test_closing_a_run_costs_one_read_of_run_state() -> None:
    runs = Counting()
    world = World(runs=runs)
    run = world.begin(create("a"))
    world.call(run, "a")
    runs.requests.clear()
    detail = {"executionArn": "x", "stateMachineArn": run.machine_arn, "name": run.execution_name}
    event = {**detail, "status": "SUCCEEDED", "input": json.dumps({"run": run.id})}

    assert close_run(ExecutionEnded.model_validate(event), world.services)
    assert runs.requests == {"read": 1}


class Dying(MemoryRunStore):
    """A run store whose process dies when it is about to store a step for the first time."""

    died = False

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        if not self.died:
            self.died = True
            raise SystemExit("killed")
        return super().save_step(run, state)


@pytest.mark.parametrize("kind", ["CREATE_RECORD", "UPSERT_RECORD"])
def test_a_record_is_written_once_though_the_process_dies_before_the_state_is_stored(kind: str) -> None:
    world = World(runs=Dying())
    company = {"objectName": "company", "objectRecord": {"name": "{{trigger.name}}"}}
    run = world.begin(step("a", kind, given=company))
    with pytest.raises(SystemExit):
        world.call(run)
    world.call(run)

    assert len(world.companies()) == 1
    state = world.states(run.id)["a"]
    assert state.result is not None
    assert json.dumps(check_out(state.result, world.payloads)) == json.dumps(world.companies()[0])


class Overtaken(MemoryRecordStore):
    """A record store that lets another delivery of the same call finish before its first write."""

    def __init__(self) -> None:
        super().__init__()
        self.other: Callable[[], None] | None = None

    def write(self, changes: Sequence[RowChange]) -> None:
        other, self.other = self.other, None
        if other is not None:
            other()
        super().write(changes)


def test_of_two_deliveries_of_a_call_the_first_to_finish_wins_and_both_answer_alike() -> None:
    records = Overtaken()
    world = World(records=records)
    run = world.begin(create("a", "f"), step("f", "FILTER", given=passes("{{a.name}}", "Acme")))
    answers: list[Any] = []

    def deliver_again() -> None:
        answers.append(world.call(run, rides=("f",)))
        world.clock.advance(1)

    records.other = deliver_again
    answers.append(world.call(run, rides=("f",)))

    assert answers == [{"answers": {"f": True}}] * 2
    assert len(world.companies()) == 1
    assert world.states(run.id)["a"].ended_at == "2026-03-01T12:00:00.000Z"


class Busy(MemoryRecordStore):
    """A record store that is not to be had."""

    def write(self, changes: Sequence[RowChange]) -> None:
        raise errors.StoreUnavailableError(f"{len(changes)} changes were throttled")


def test_a_store_that_refuses_for_now_stores_nothing_and_is_left_to_the_machine() -> None:
    world = World(records=Busy())
    run = world.begin(create(continueOnFailure=True))

    with pytest.raises(errors.StoreUnavailableError):
        world.call(run)
    assert world.states(run.id) == {}


MISSING = "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121"


def test_a_step_that_failed_is_not_tried_again_though_it_would_work_by_now(world: World) -> None:
    given = {"objectName": "company", "objectRecordId": MISSING, "objectRecord": {"name": "new"}}
    run = world.begin(step("a", "UPDATE_RECORD", given=given))
    with pytest.raises(errors.StepFailedError):
        world.call(run)
    world.services.records.create(
        "company", {"id": MISSING, "name": "old"}, WriteContext(Actor("API", "Test"))
    )

    with pytest.raises(errors.StepFailedError):
        world.call(run)
    assert [company["name"] for company in world.companies()] == ["old"]


class Beaten(MemoryRunStore):
    """A run store in which another delivery stores its failure just before this one stores its success."""

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        super().save_step(run, StepState(state.step_id, StepStatus.FAILED, error="the other one failed"))
        return super().save_step(run, state)


def test_a_delivery_that_comes_second_answers_what_the_first_stored() -> None:
    world = World(runs=Beaten())
    run = world.begin(create())

    with pytest.raises(errors.StepFailedError, match="the other one failed"):
        world.call(run)
