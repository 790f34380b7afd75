"""What every action has, and what it is given when it runs.

Adding an action is one file in this package and one line in `registry.py`.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.schemas import ANY
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ventuno.actions.about import About
    from ventuno.actions.scope import StepScope
    from ventuno.actions.step_log import StepLog
    from ventuno.agent.loop import Memory
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.logic.model import Functions
    from ventuno.outside import CodeRunner, Outside
    from ventuno.records.context import Actor
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.reading import RecordReading
    from ventuno.records.service import RecordService
    from ventuno.schemas import Schema

SettingsT = TypeVar("SettingsT", bound=Wire)


class Forgetful:
    """The memory of a step that is tried out: it keeps nothing."""

    def recall(self, name: str) -> JsonValue | None:
        """Remember nothing."""
        del name
        return None

    def keep(self, name: str, value: JsonValue) -> None:
        """Forget it."""


def _at_once() -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class StepCall:
    """What a task action may use.

    `key` names this step of this run and iteration: a write made with it happens once.
    `causation` lists the runs that led to this one, this one last. `values` holds the results the step's
    variables name, by step id. `outside` is what actions reach beyond the records, `log` the step's log.
    `script` is what activation made of the step's code, where that is not the code itself.
    `attempt` counts how often the run was started anew, by a person or after an interruption.
    `memory` is what a try of the step remembers when it begins anew, `usage` counts what it used, by name.
    `script_turn` waits until a script may be run, and tells how long.
    Units: `timer` tells seconds, `pause` waits for some.
    """

    objects: ObjectModel
    records: RecordService
    actor: Actor
    key: str
    causation: tuple[str, ...]
    values: Mapping[str, Any]
    now: datetime
    outside: Outside
    log: StepLog
    script: str | None = None
    workflow_id: str = ""
    attempt: int = 0
    memory: Memory = field(default_factory=Forgetful)
    usage: dict[str, int] = field(default_factory=dict)
    timer: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    script_turn: Callable[[], float] = _at_once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pure step came to. `branch` is the index of the branch an IF_ELSE took."""

    result: JsonValue
    status: StepStatus = StepStatus.SUCCESS
    branch: int | None = None


class Action(ABC, Generic[SettingsT]):
    """An action type. `settings_type` is the model of `settings.input`."""

    wire_type: ClassVar[str]
    kind: ClassVar[StepKind]
    settings_type: ClassVar[type[Wire]]
    about: ClassVar[About]
    secrets_in: ClassVar[frozenset[str]] = frozenset()
    """The keys of the input whose templates may name secrets; the action resolves them itself."""
    tried_alone: ClassVar[bool] = False
    """Whether a single step may be tried out without a run: it writes nothing that only a run may write."""
    literal: ClassVar[frozenset[str]] = frozenset()
    """The keys of the input that are no templates, whatever they hold."""

    def output_schema(self, settings: SettingsT, scope: StepScope) -> Schema:
        """Return the schema of the result; settings are as authored, variables not resolved."""
        del settings, scope
        return ANY

    def check(self, settings: SettingsT, scope: StepScope) -> Iterator[Finding]:
        """Find what the settings' model cannot know; paths start at the input, as `.objectName` does."""
        del settings, scope
        yield from ()

    def script(self, settings: SettingsT, code: CodeRunner, functions: Functions) -> str | None:
        """Return what is to be run in place of the step's code; None for the code as it is."""
        del settings, code, functions
        return None


class TaskAction(Action[SettingsT]):
    """An action with effects: it runs in a Lambda call of its own, on settings whose variables are resolved.

    Keys of the input in `resolved_by_itself` stay as authored; the action resolves them with
    `StepCall.values`.
    """

    kind: ClassVar[StepKind] = StepKind.TASK
    resolved_by_itself: ClassVar[frozenset[str]] = frozenset()
    only_reads: ClassVar[bool] = False
    """Whether the records it names are read and never written."""

    def permissions(self, settings: SettingsT) -> Iterator[str]:
        """Name what a step may do outside its run, as people who must agree to it read it."""
        object_name = getattr(settings, "object_name", None)
        yield f"{'read' if self.only_reads else 'write'} {object_name}" if object_name else self.wire_type

    @abstractmethod
    def run(self, settings: SettingsT, call: StepCall) -> JsonValue:
        """Do the work and return the step's result. Raises: StepError"""


class PureAction(Action[SettingsT]):
    """An action computed from stored data alone; the call before it evaluates it."""

    @abstractmethod
    def evaluate(self, settings: SettingsT, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Compute the outcome; `values` holds the results by step id. Raises: StepError"""


class LoopAction(Action[SettingsT]):
    """An action that runs its body once per item; a call of its own lists the items first."""

    kind: ClassVar[StepKind] = StepKind.LOOP

    @abstractmethod
    def items(self, settings: SettingsT, values: Mapping[str, Any]) -> Sequence[JsonValue]:
        """List the items; `values` holds the results by step id. Raises: StepError"""


class WaitAction(Action[SettingsT]):
    """An action that waits for an instant; the call before it computes the instant."""

    kind: ClassVar[StepKind] = StepKind.WAIT

    @abstractmethod
    def due(self, settings: SettingsT, values: Mapping[str, Any], now: datetime) -> datetime:
        """Compute when the wait ends; `values` holds the results by step id. Raises: StepError"""


class CallbackAction(Action[SettingsT]):
    """An action that waits for an answer from outside; the answer is its result."""

    kind: ClassVar[StepKind] = StepKind.CALLBACK

    @abstractmethod
    def result_of(
        self, settings: SettingsT, answer: JsonValue, objects: ObjectModel, records: RecordReading
    ) -> JsonObject:
        """Make the step's result of an answer. Raises: ApiError for an answer that does not fit"""
