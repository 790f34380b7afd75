"""One simulation from the outside: a definition, a payload and outcomes as JSON, and the result as JSON.

A definition must be well linked to be simulated; settings only matter where they are evaluated.
Source: quality, For checks from outside
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.definition.checks.rules import structure_errors
from ventuno.definition.loading import definition_from
from ventuno.engine.circumstances import START, Circumstances
from ventuno.engine.interpreter import interpret
from ventuno.engine.outcomes import parse_outcomes
from ventuno.runtime.behaviour import ActionBehaviour
from ventuno_dev.simulating.engines import Engine

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.definition.model import Definition
    from ventuno.engine.simulated import SimulatedRun
    from ventuno.json_value import JsonObject, JsonValue

_KEYS = ("definition", "payload", "outcomes")


class CaseError(errors.VentunoError):
    """A line or file is no case; the message says why."""


@dataclass(frozen=True, slots=True)
class SimulationCase:
    """What one simulation is given."""

    definition: Definition
    payload: JsonValue
    outcomes: JsonValue
    start_time: datetime = START

    def run(self, engine: Engine) -> JsonObject:
        """Simulate.

        Item:   {status, steps, order, transitions, historyEvents, virtualSeconds, faults?}; transitions and
                events are a machine's, so the interpreter gives null for them
        Raises: DefinitionError for links no run can follow, OutcomeError
        """
        if wrong := structure_errors(self.definition):
            raise errors.DefinitionError(wrong)
        outcomes = parse_outcomes(self.outcomes, self.definition)
        given = Circumstances(self.payload, outcomes, self.start_time)
        if engine is Engine.INTERPRETER:
            return _told(interpret(self.definition, ActionBehaviour(), given))
        from ventuno_dev.simulating.machine import run_machine  # noqa: PLC0415 - JSONata, for machines only

        done = run_machine(self.definition, ActionBehaviour(), given)
        told = _told(done.run, done.transitions, done.history_events)
        return told | ({"faults": [*done.faults]} if done.faults else {})


def case_from(value: Any, start_time: datetime = START) -> SimulationCase:  # noqa: ANN401 - unchecked JSON
    """Read one line of a batch. Raises: CaseError, DefinitionError"""
    if not isinstance(value, dict) or "definition" not in value:
        raise CaseError('a case is an object with "definition" and, if wanted, "payload" and "outcomes"')
    if unknown := sorted(value.keys() - set(_KEYS)):
        raise CaseError(f"a case has no key {unknown[0]!r}; its keys are {', '.join(_KEYS)}")
    definition = definition_from(value["definition"])
    return SimulationCase(definition, value.get("payload", {}), value.get("outcomes") or {}, start_time)


def _told(run: SimulatedRun, transitions: int | None = None, history_events: int | None = None) -> JsonObject:
    return {
        "status": run.status.value,
        "steps": {step_id: _step(info) for step_id, info in run.steps.items()},
        "order": [*run.order],
        "transitions": transitions,
        "historyEvents": history_events,
        "virtualSeconds": round(run.virtual_seconds, 3),
    }


def _step(info: dict[str, Any]) -> JsonObject:
    """Fill in what a step does not have; `waitingFor` is there only while it waits."""
    empty: JsonObject = {"status": None, "result": None, "error": None, "history": []}
    return empty | info
