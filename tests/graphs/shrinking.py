"""Make a failing case small: drop steps, links, options and outcomes while it still fails.

Greedy: a change that keeps the failure stays, until no change does. The case stays a valid definition.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.graphs.cases import Case
from ventuno import errors
from ventuno.engine.outcomes import OutcomeError, parse_outcomes
from ventuno.engine.scopes import scopes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.builders import Json


def shrink(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return a smaller case that fails still, and of which no single part can be left out."""
    smaller: Case | None = case
    while smaller is not None:
        case = smaller
        smaller = next((one for one in _smaller(case) if valid(one) and fails(one)), None)
    return case


def valid(case: Case) -> bool:
    """Whether the case can be run at all: everything is reached and every loop returns."""
    try:
        model = case.model()
        root = scopes_of(model)
        parse_outcomes(case.outcomes, model)
    except (errors.DefinitionError, OutcomeError):
        return False
    for scope in root.walk():
        reached = set(scope.entries)
        pending = list(scope.entries)
        for member in pending:
            fresh = {edge.target for edge in scope.children[member]} - reached
            reached |= fresh
            pending += fresh
        if reached != set(scope.members) or not scope.members or (scope.owner and not scope.returns):
            return False
    return True


def _smaller(case: Case) -> Iterator[Case]:
    for step in reversed(case.definition["steps"]):
        yield _without_step(case, step["id"])
    for step_id in case.outcomes:
        yield Case(case.definition, case.payload, {k: v for k, v in case.outcomes.items() if k != step_id})
        if isinstance(case.outcomes[step_id], list):
            for item in case.outcomes[step_id]:
                yield Case(case.definition, case.payload, case.outcomes | {step_id: item})
    if case.definition.get("failFast"):
        yield Case({k: v for k, v in case.definition.items() if k != "failFast"}, case.payload, case.outcomes)
    yield from _simpler_steps(case)


def _without_step(case: Case, step_id: str) -> Case:
    """Drop a step; what led to it leads to what followed it."""
    definition = copy.deepcopy(case.definition)
    gone = next(step for step in definition["steps"] if step["id"] == step_id)
    heirs = [target for links in _link_lists(gone) for target in links if target != step_id]
    given = gone["settings"]["input"]
    body = given.get("initialLoopStepIds", []) if isinstance(given, dict) else []
    dropped = {step_id, *(_body_of(definition, step_id) if body else ())}
    definition["steps"] = [step for step in definition["steps"] if step["id"] not in dropped]
    heirs = [heir for heir in heirs if heir not in dropped]
    for owner in (definition["trigger"], *definition["steps"]):
        for links in _link_lists(owner):
            if step_id in links:
                links[:] = dict.fromkeys([*(link for link in links if link != step_id), *heirs])
            links[:] = [link for link in links if link not in dropped]
    outcomes = {key: value for key, value in case.outcomes.items() if key not in dropped}
    return Case(definition, case.payload, outcomes)


def _body_of(definition: Json, iterator: str) -> set[str]:
    by_id = {step["id"]: step for step in definition["steps"]}
    pending = list(by_id[iterator]["settings"]["input"]["initialLoopStepIds"])
    inside: set[str] = set()
    while pending:
        step_id = pending.pop()
        if step_id != iterator and step_id not in inside:
            inside.add(step_id)
            pending += [target for links in _link_lists(by_id[step_id]) for target in links]
    return inside


def _link_lists(owner: Json) -> list[list[str]]:
    """List the lists of links of a step or the trigger; they may be changed in place."""
    found = [owner["nextStepIds"]]
    given = owner.get("settings", {}).get("input")
    if isinstance(given, dict):
        found += [branch["nextStepIds"] for branch in given.get("branches", ())]
        found += [given["initialLoopStepIds"]] if "initialLoopStepIds" in given else []
    return found


def _simpler_steps(case: Case) -> Iterator[Case]:
    """Drop single links, options, items and settings."""
    for position, step in enumerate(case.definition["steps"]):
        for number, links in enumerate(_link_lists(step)):
            for target in links:
                changed = copy.deepcopy(case.definition)
                _link_lists(changed["steps"][position])[number].remove(target)
                yield Case(changed, case.payload, case.outcomes)
        for option in step["settings"]["errorHandlingOptions"]:
            changed = copy.deepcopy(case.definition)
            del changed["steps"][position]["settings"]["errorHandlingOptions"][option]
            yield Case(changed, case.payload, case.outcomes)
        given = step["settings"]["input"]
        if isinstance(given, dict) and isinstance(given.get("items"), list) and len(given["items"]) > 1:
            changed = copy.deepcopy(case.definition)
            changed["steps"][position]["settings"]["input"]["items"].pop()
            yield Case(changed, case.payload, case.outcomes)
        for key in ("maxConcurrency", "shouldContinueOnIterationFailure"):
            if isinstance(given, dict) and key in given:
                changed = copy.deepcopy(case.definition)
                del changed["steps"][position]["settings"]["input"][key]
                yield Case(changed, case.payload, case.outcomes)
