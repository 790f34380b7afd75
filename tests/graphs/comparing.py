"""Compare a machine's run with the interpreter's, as far as both must agree.

Two things depend on timing and are compared loosely: which siblings a failure with `failFast` cut off, and
parallel iterations where others had begun when one of them failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.engine.scopes import loop_settings, scopes_of
from ventuno.engine.statuses import ENDED_BEFORE, RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.model import Definition
    from ventuno.engine.scopes import Scope
    from ventuno.engine.simulated import SimulatedRun

COMPARED = ("status", "result", "error", "history", "waitingFor")
_BROKEN = (StepStatus.FAILED, StepStatus.FAILED_SAFELY)


def differences(
    interpreted: SimulatedRun,
    machine_run: SimulatedRun,
    definition: Definition,
    unhurried: SimulatedRun | None = None,
) -> list[str]:
    """List where two runs of a definition differ; an empty list means they agree.

    For a definition with `failFast`, `unhurried` is the interpreter's run without it: what steps come to
    that were not cut off.
    """
    found = [
        f"run: {machine_run.status.value} instead of {interpreted.status.value}"
        for _ in range(machine_run.status is not interpreted.status)
    ]
    cut_off = definition.fail_fast and interpreted.status is RunStatus.FAILED
    loose = set(_timing_dependent(scopes_of(definition), interpreted, machine_run, definition))
    for step in definition.steps:
        if cut_off:
            found += _cut_off_difference(step.id, machine_run, unhurried or interpreted, loose)
        elif step.id not in loose:
            found += _step_differences(step.id, interpreted, machine_run)
    if not cut_off:
        found += _executed_differences(interpreted, machine_run, loose)
    return [*found, *order_violations(machine_run, definition)]


def _step_differences(step_id: str, interpreted: SimulatedRun, machine_run: SimulatedRun) -> list[str]:
    wanted, got = interpreted.steps[step_id], machine_run.steps.get(step_id, {})
    return [
        f"{step_id}.{key}: {got.get(key)!r} instead of {wanted.get(key)!r}"
        for key in COMPARED
        if got.get(key) != wanted.get(key)
    ]


def _cut_off_difference(
    step_id: str, machine_run: SimulatedRun, unhurried: SimulatedRun, loose: set[str]
) -> list[str]:
    """A step came to what it would have come to, or was cut off, or never started."""
    got = machine_run.steps.get(step_id, {})
    wanted = unhurried.steps[step_id]
    cut = got.get("status") == StepStatus.NOT_STARTED or got.get("error") == ENDED_BEFORE
    seen = {entry["status"] for entry in wanted.get("history", ())} | {wanted["status"]}
    if cut or step_id in loose or got.get("status") in seen:
        return []
    return [f"{step_id}.status: {got.get('status')!r} instead of one of {sorted(seen)}, with failFast"]


def _executed_differences(interpreted: SimulatedRun, machine_run: SimulatedRun, loose: set[str]) -> list[str]:
    wanted = _executed(interpreted, loose)
    got = _executed(machine_run, loose)
    found = [f"{name}{list(at)}: not executed" for name, at in sorted(wanted - got)]
    found += [f"{name}{list(at)}: executed" for name, at in sorted(got - wanted)]
    if len(set(_pairs(machine_run))) != len(_pairs(machine_run)):
        found.append("a step was executed twice in one iteration")
    return found


def _pairs(run: SimulatedRun) -> list[tuple[str, tuple[int, ...]]]:
    return [(done.step_id, done.iteration) for done in run.executions]


def _executed(run: SimulatedRun, loose: set[str]) -> set[tuple[str, tuple[int, ...]]]:
    return {pair for pair in _pairs(run) if pair[0] not in loose}


def _timing_dependent(
    root: Scope, interpreted: SimulatedRun, machine_run: SimulatedRun, definition: Definition
) -> Iterator[str]:
    """Yield the steps of parallel loops that a failure ended, and their iterators.

    Only where other iterations had begun by then: what became of those that had begun must be the same.
    """
    for scope in root.walk():
        for iterator, loop in scope.loops.items():
            told: dict[str, Any] = interpreted.steps[iterator]
            states = {told["status"], *(past["status"] for past in told.get("history", ()))}
            parallel = loop_settings(definition.step(iterator)).max_concurrency > 1
            began = [_begun(loop, run) for run in (interpreted, machine_run)]
            if parallel and states.intersection(_BROKEN) and began[0] != began[1]:
                yield iterator
                yield from (member for inner in loop.walk() for member in inner.members)


def _begun(loop: Scope, run: SimulatedRun) -> set[tuple[int, ...]]:
    """Collect the iterations of a loop that began."""
    return {done.iteration for done in run.executions if done.step_id in loop.members}


def order_violations(run: SimulatedRun, definition: Definition) -> list[str]:
    """List the steps that started before a parent ended, in the same iteration."""
    done = {(one.step_id, one.iteration): one for one in run.executions}
    found = []
    for scope in scopes_of(definition).walk():
        for edge in scope.edges:
            for (name, iteration), child in done.items():
                parent = done.get((edge.source, iteration))
                if name == edge.target and parent is not None:
                    early = parent.ended_at is None or parent.ended_at > child.started_at
                    found += [f"{name}{list(iteration)} started before {edge.source} ended"] * early
    return found
