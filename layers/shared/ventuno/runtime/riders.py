"""Evaluate the pure steps that follow a finished step, along the path the run really takes.

They are computed from stored data alone, so the call that ran the step before them does it:
no Lambda call, no state transition and no write of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.base import PureAction
from ventuno.actions.registry import ACTIONS
from ventuno.definition.kinds import StepKind
from ventuno.engine.statuses import StepStatus
from ventuno.runs.claim_check import to_text
from ventuno.runs.model import Inline, StepState
from ventuno.runtime.services import instant

if TYPE_CHECKING:
    from collections.abc import Collection

    from ventuno.definition.model import Step
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The states of the riders that were reached, and the error of the one that failed, if any."""

    states: tuple[StepState, ...]
    failure: str | None


def evaluate_riders(
    version: LoadedVersion,
    host: StepState,
    rides: Collection[str],
    values: dict[str, Any],
    services: Services,
) -> Evaluation:
    """Walk from the host through the pure steps it reaches; `values` gains their results.

    The walk ends at steps that are not in `rides`: those run in a call of their own.
    """
    states: list[StepState] = []
    pending = _next_steps(version, host)
    while pending:
        step_id = pending.pop(0)
        if step_id not in rides:
            continue
        state = _evaluate(version.definition.step(step_id), values, services)
        states.append(state)
        if state.status is StepStatus.FAILED:
            return Evaluation(tuple(states), str(state.error))
        pending.extend(_next_steps(version, state))
    return Evaluation(tuple(states), None)


def _next_steps(version: LoadedVersion, state: StepState) -> list[str]:
    stopped = state.status is not StepStatus.SUCCESS and not state.rescued
    return [] if stopped else version.graph.children(state.step_id, state.branch)


def _evaluate(step: Step, values: dict[str, Any], services: Services) -> StepState:
    action = ACTIONS[step.type]
    if not isinstance(action, PureAction):
        raise TypeError(f"{step.type} does not ride along")
    now = instant(services.clock)
    try:
        settings = action.settings_type.model_validate(step.settings.input)
        outcome = action.evaluate(settings, values, services.clock.now())
    except errors.StepError as error:
        rescued = step.settings.error_handling_options.continue_on_failure.value and not _picks(action)
        status = StepStatus.FAILED_SAFELY if rescued else StepStatus.FAILED
        return StepState(step.id, status, error=str(error), rescued=rescued, started_at=now, ended_at=now)
    values[step.id] = outcome.result
    result = Inline(to_text(outcome.result))  # a verdict is a few bytes, so it never needs the bucket
    return StepState(
        step.id, outcome.status, result=result, branch=outcome.branch, started_at=now, ended_at=now
    )


def _picks(action: PureAction[Any]) -> bool:
    """Whether the action picks a branch: there is none to go on with when it fails. Source: reference §4.6"""
    return action.kind is StepKind.CHOICE
