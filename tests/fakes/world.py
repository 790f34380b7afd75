"""World: all ports in memory, as the use cases get them, with short ways to the usual starting points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.builders import written
from tests.fakes.clock import FakeClock
from tests.fakes.code import FakeCode
from tests.fakes.effects import MemoryEffects
from tests.fakes.http import FakeHttp
from tests.fakes.ids import FakeIds
from tests.fakes.machines import FakeMachines
from tests.fakes.mail import FakeMail
from tests.fakes.mailbox import MemoryMailbox
from tests.fakes.models import FakeModels
from tests.fakes.secrets import MemorySecretStore
from ventuno import errors
from ventuno.adapters.memory.forms import MemoryFormStore
from ventuno.adapters.memory.functions import MemoryFunctionStore
from ventuno.adapters.memory.limits import MemoryLimitStore
from ventuno.adapters.memory.metadata import MemoryMetadataStore
from ventuno.adapters.memory.payloads import MemoryPayloadStore
from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.adapters.memory.runs import MemoryRunStore
from ventuno.adapters.memory.schedules import MemorySchedules
from ventuno.adapters.memory.workflows import MemoryWorkflowStore
from ventuno.definition.loading import definition_from
from ventuno.outside import Outside
from ventuno.records.custom.live import LiveObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import STANDARD_OBJECTS
from ventuno.runtime.activate import activate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.call_counter import CallCounter
from ventuno.runtime.drafts import send_draft
from ventuno.runtime.run_step import run_step
from ventuno.runtime.services import Services
from ventuno.runtime.start_run import Start, Started, start_run
from ventuno.runtime.step_event import StepEvent
from ventuno.runtime.step_request import answer_step
from ventuno.runtime.work import ActionWork
from ventuno.workflow.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.outside import CodeRunner
    from ventuno.ports import WorkflowStore
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.store import RecordStore
    from ventuno.runs.model import Run, StepState
    from ventuno.runtime.work import Work
    from ventuno.workflow.model import Workflow

ACTOR: JsonObject = {"source": "WEBHOOK", "name": "Webhook"}


@dataclass
class DirectSender:
    """Sends drafts as step_runner would."""

    world: World

    def send(self, draft_id: str, *, again: bool) -> None:
        send_draft(draft_id, self.world.services, again=again)


@dataclass
class World:
    """One deployment in memory. `records` is the store below the record service."""

    clock: FakeClock = field(default_factory=FakeClock)
    ids: FakeIds = field(default_factory=FakeIds)
    machines: FakeMachines = field(default_factory=FakeMachines)
    schedules: MemorySchedules = field(default_factory=MemorySchedules)
    runs: MemoryRunStore = field(default_factory=MemoryRunStore)
    limits: MemoryLimitStore = field(default_factory=MemoryLimitStore)
    stage_limits: Limits = NO_LIMITS
    workflows: WorkflowStore = field(default_factory=MemoryWorkflowStore)
    payloads: MemoryPayloadStore = field(default_factory=MemoryPayloadStore)
    records: RecordStore = field(default_factory=MemoryRecordStore)
    functions: MemoryFunctionStore = field(default_factory=MemoryFunctionStore)
    metadata: MemoryMetadataStore = field(default_factory=MemoryMetadataStore)
    work: Work = field(default_factory=ActionWork)
    http: FakeHttp = field(default_factory=FakeHttp)
    code: CodeRunner = field(default_factory=FakeCode)
    models: FakeModels = field(default_factory=FakeModels)
    secrets: MemorySecretStore = field(default_factory=MemorySecretStore)
    mail: FakeMail = field(default_factory=FakeMail)
    mailbox: MemoryMailbox = field(default_factory=MemoryMailbox)
    effects: MemoryEffects = field(default_factory=MemoryEffects)
    objects: ObjectModel = field(init=False)

    def __post_init__(self) -> None:
        """Let the objects follow the store."""
        self.objects = LiveObjectModel(STANDARD_OBJECTS, self.metadata, self.clock)

    @property
    def outside(self) -> Outside:
        """Return the ports of what actions reach beyond the records."""
        return Outside(
            http=self.http,
            secrets=self.secrets,
            code=self.code,
            mail=self.mail,
            mailbox=self.mailbox,
            drafts=DirectSender(self),
            effects=self.effects,
            files=self.payloads,
            models=self.models,
        )

    @property
    def services(self) -> Services:
        """Return the ports as use cases take them."""
        return Services(
            runs=self.runs,
            forms=MemoryFormStore(self.runs),
            limits=self.limits,
            stage_limits=self.stage_limits,
            workflows=self.workflows,
            functions=self.functions,
            metadata=self.metadata,
            objects=self.objects,
            records=RecordService(
                self.objects, self.records, self.clock, self.ids.new_id, self.clock.advance
            ),
            payloads=self.payloads,
            machines=self.machines,
            schedules=self.schedules,
            trials=self,
            pause=self.clock.advance,
            outside=self.outside,
            clock=self.clock,
            ids=self.ids,
            calls=CallCounter(),
            stage="test",
            workspace_id="default",
            work=self.work,
        )

    def try_step(self, step: JsonObject, values: Mapping[str, JsonValue]) -> JsonObject:
        """Try a step as step_runner does: the world is its own `Trials`."""
        told: Any = answer_step({"try": {"step": step, "values": dict(values)}}, self.services)
        if "refused" in told:
            raise errors.BadRequestError(told["refused"])
        return dict(told["tried"])

    def publish(self, authored: dict[str, Any], slug: str = "flow") -> Workflow:
        """Apply a definition and activate it."""
        apply_definition(slug, definition_from(authored), self.services)
        return activate(self.workflow(slug), self.services)

    def workflow(self, slug: str = "flow") -> Workflow:
        """Read a workflow that must exist."""
        found = self.workflows.find(slug)
        assert found is not None
        return found

    def start(self, payload: JsonValue = None, *, slug: str = "flow", key: str | None = None) -> Started:
        """Start a run of a published workflow."""
        given = {} if payload is None else payload
        return start_run(Start(self.workflow(slug), given, ACTOR, key), self.services)

    def begin(self, *steps: dict[str, Any], payload: JsonValue = None) -> Run:
        """Publish a definition of these steps and start a run of it."""
        self.publish(written(*steps))
        return self.start({"name": "Acme"} if payload is None else payload).run

    def call(self, run: Run, step_id: str = "a", rides: tuple[str, ...] = ()) -> JsonObject:
        """Run a step as its machine would."""
        event = StepEvent(run=run.id, version=str(run.version), step=step_id, rides=rides)
        return run_step(event, self.services)

    def companies(self) -> list[dict[str, Any]]:
        """Read all companies, oldest first."""
        return [dict(record) for record in self.services.records.find("company").records]

    def states(self, run_id: str) -> dict[str, StepState]:
        """Read what is stored of a run's steps outside loops."""
        by_place = self.runs.load_all(run_id).by_place
        return {place.step_id: state for place, state in by_place.items() if place.iteration == ""}
