"""Prove that a compiled machine does what the run rules do, and make a case that it does not small."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.graphs.cases import random_case
from tests.graphs.comparing import differences
from tests.graphs.shrinking import shrink
from ventuno.engine.circumstances import START, Circumstances, no_time
from ventuno.engine.interpreter import interpret
from ventuno.engine.outcomes import parse_outcomes
from ventuno.runtime.behaviour import ActionBehaviour
from ventuno_dev.simulating.machine import run_machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.graphs.cases import Case
    from ventuno.engine.simulated import SimulatedRun
    from ventuno_dev.simulating.machine import MachineResult


def both(
    case: Case, duration: Callable[[str, tuple[int, ...]], float] = no_time
) -> tuple[SimulatedRun, MachineResult]:
    """Run a case by the run rules and as a machine."""
    model = case.model()
    given = Circumstances(case.payload, parse_outcomes(case.outcomes, model), START, duration)
    return interpret(model, ActionBehaviour(), given), run_machine(model, ActionBehaviour(), given)


def disagreements(case: Case, duration: Callable[[str, tuple[int, ...]], float] = no_time) -> list[str]:
    """List where the machine does not do what the run rules do."""
    model = case.model()
    interpreted, machine = both(case, duration)
    unhurried = None
    if model.fail_fast:
        patient = model.model_copy(update={"fail_fast": False})
        given = Circumstances(case.payload, parse_outcomes(case.outcomes, model), START, duration)
        unhurried = interpret(patient, ActionBehaviour(), given)
    return [*machine.faults, *differences(interpreted, machine.run, model, unhurried)]


def prove(seed: int) -> None:
    """Prove the case of a seed.

    Raises: AssertionError with the seed, the smallest case found, and what is wrong with it
    """
    case = random_case(seed)
    if disagreements(case):
        raise AssertionError(f"seed {seed}\n{told_small(case)}")


def told_small(case: Case) -> str:
    """Shrink a case that is not proven, and tell what is wrong with it."""
    small = shrink(case, lambda one: bool(disagreements(one)))
    return "\n".join([json.dumps(small.to_json()), *disagreements(small)])
