"""Chosen outcomes: what steps come to in a simulated run, instead of doing their work.

Item:   {stepId: outcome, or a list of outcomes}; an outcome is one of
        {"result": …}, {"error": …}, {"matches": bool} (FILTER), {"branch": "<branchId>"} (IF_ELSE)
Lists:  outside loops one element per attempt. Inside a loop one per iteration by index, and an element
        may itself be a list, one per attempt. In nested loops the index is the innermost loop's; with
        lists nested deeper, the last level is attempts and the levels before it are the loops, outermost
        first. Past the end of a list, and for null, there is no outcome.
Source: quality, For checks from outside
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.definition.graph import FILTER, IF_ELSE, ITERATOR
from ventuno.engine.scopes import scopes_of
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.definition.model import Definition, Step
    from ventuno.json_value import JsonValue


class OutcomeError(errors.VentunoError):
    """The outcomes do not fit the definition; the message names the place."""


@dataclass(frozen=True, slots=True)
class ChosenOutcome:
    """How one attempt ends: with `error`, or else with a result, a status and, for IF_ELSE, a branch."""

    result: JsonValue = None
    status: StepStatus = StepStatus.SUCCESS
    branch: int | None = None
    error: JsonValue = None


Choice = ChosenOutcome | None | tuple["Choice", ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The outcomes of one step; `indexes` says how many loop indexes its lists take."""

    choice: Choice
    indexes: int


class Outcomes:
    """The outcomes of one simulation, asked by step, iteration and attempt."""

    def __init__(self, chosen: Mapping[str, _Chosen] | None = None) -> None:
        self._chosen = dict(chosen or {})

    def of(self, step_id: str, iteration: Sequence[int], attempt: int) -> ChosenOutcome | None:
        """Return the outcome of one attempt (counted from 0), or None where none was chosen."""
        chosen = self._chosen.get(step_id)
        if chosen is None:
            return None
        choice = chosen.choice
        inner = iteration[len(iteration) - chosen.indexes :] if chosen.indexes else ()
        for index in (*inner, attempt):
            if not isinstance(choice, tuple):
                break
            choice = choice[index] if index < len(choice) else None
        return None if isinstance(choice, tuple) else choice


def parse_outcomes(value: Any, definition: Definition) -> Outcomes:  # noqa: ANN401 - unchecked JSON
    """Read outcomes for a definition. Raises: OutcomeError, DefinitionError"""
    if not isinstance(value, dict):
        raise OutcomeError("outcomes are an object: step id → outcome, or a list of outcomes")
    depths = {member: scope.depth for scope in scopes_of(definition).walk() for member in scope.members}
    chosen: dict[str, _Chosen] = {}
    for step_id, given in value.items():
        if step_id not in depths:
            raise OutcomeError(f'there is no step "{step_id}"')
        chosen[step_id] = _chosen(definition.step(step_id), given, depths[step_id])
    return Outcomes(chosen)


def _chosen(step: Step, given: Any, depth: int) -> _Chosen:  # noqa: ANN401 - unchecked JSON
    levels = _levels(given)
    if levels > depth + 1:
        around = f"{depth} loops are around it" if depth else "it is in no loop"
        raise OutcomeError(f"{step.id}: lists are nested {levels} deep, but {around}")
    indexes = min(depth, max(1, levels - 1)) if levels else 0
    return _Chosen(_choice(step, given, step.id), indexes)


def _levels(given: Any) -> int:  # noqa: ANN401 - unchecked JSON
    return 1 + max(map(_levels, given), default=0) if isinstance(given, list) else 0


def _choice(step: Step, given: Any, place: str) -> Choice:  # noqa: ANN401 - unchecked JSON
    if given is None:
        return None
    if isinstance(given, list):
        return tuple(_choice(step, item, f"{place}[{index}]") for index, item in enumerate(given))
    if not isinstance(given, dict) or len(given) != 1:
        raise OutcomeError(f"{place}: an outcome has exactly one of the keys {', '.join(_READERS)}")
    (key,) = given
    if key not in _READERS:
        raise OutcomeError(f'{place}: "{key}" is no outcome; use one of {", ".join(_READERS)}')
    return _READERS[key](step, given[key], place)


def _result(step: Step, result: Any, place: str) -> ChosenOutcome:  # noqa: ANN401 - unchecked JSON
    """Read a result; a recorded result of a FILTER or IF_ELSE says which way it went."""
    if step.type == ITERATOR:
        raise OutcomeError(f"{place}: an ITERATOR makes its results itself; give it an error or nothing")
    if step.type == FILTER:
        return _matches(step, result.get("matchesFilter") if isinstance(result, dict) else None, place)
    if step.type == IF_ELSE:
        return _branch(step, result.get("matchingBranchId") if isinstance(result, dict) else None, place)
    return ChosenOutcome(result=result)


def _error(step: Step, error: Any, place: str) -> ChosenOutcome:  # noqa: ANN401 - unchecked JSON
    del step
    if error is None:
        raise OutcomeError(f"{place}: an error is a text or a JSON value, not null")
    return ChosenOutcome(status=StepStatus.FAILED, error=error)


def _matches(step: Step, matches: Any, place: str) -> ChosenOutcome:  # noqa: ANN401 - unchecked JSON
    if step.type != FILTER or not isinstance(matches, bool):
        raise OutcomeError(f"{place}: matches is true or false, and only a FILTER has it")
    status = StepStatus.SUCCESS if matches else StepStatus.STOPPED
    return ChosenOutcome({"matchesFilter": matches}, status)


def _branch(step: Step, branch_id: Any, place: str) -> ChosenOutcome:  # noqa: ANN401 - unchecked JSON
    given = step.settings.input if isinstance(step.settings.input, dict) else {}
    branches = given.get("branches", ()) if step.type == IF_ELSE else ()
    ids = [branch.get("id") for branch in branches if isinstance(branch, dict)]
    if branch_id not in ids:
        known = f"its branches are {', '.join(map(str, ids))}" if ids else "only an IF_ELSE has branches"
        raise OutcomeError(f'{place}: there is no branch "{branch_id}"; {known}')
    return ChosenOutcome({"matchingBranchId": branch_id}, branch=ids.index(branch_id))


_READERS: dict[str, Callable[[Step, Any, str], ChosenOutcome]] = {
    "result": _result,
    "error": _error,
    "matches": _matches,
    "branch": _branch,
}
