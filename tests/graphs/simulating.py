"""Short ways to run a definition in the interpreter, and to write loops and waits in the authors' form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.builders import Json, step
from tests.graphs.behaviour import ReferenceBehaviour
from ventuno.engine.circumstances import START, Circumstances, no_time
from ventuno.engine.interpreter import Interpreter
from ventuno.engine.outcomes import parse_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ventuno.definition.model import Definition
    from ventuno.engine.simulated import SimulatedRun


def loop(
    step_id: str,
    body: str | Sequence[str],
    items: Any,  # noqa: ANN401 - any author JSON
    then: str | Sequence[str] = (),
    **settings: Any,  # noqa: ANN401 - same
) -> Json:
    """Write an ITERATOR whose body starts at `body`."""
    entries = [body] if isinstance(body, str) else list(body)
    return step(step_id, "ITERATOR", then, {"items": items, "initialLoopStepIds": entries, **settings})


def delay(step_id: str, then: str | Sequence[str] = (), **duration: int) -> Json:
    """Write a DELAY of a duration."""
    return step(step_id, "DELAY", then, {"delayType": "DURATION", "duration": duration})


def started(
    definition: Definition,
    outcomes: Json | None = None,
    payload: Any = None,  # noqa: ANN401 - any JSON
    duration: Callable[[str, tuple[int, ...]], float] = no_time,
) -> Interpreter:
    """Start a run that has not moved yet."""
    given = Circumstances(
        {} if payload is None else payload, parse_outcomes(outcomes or {}, definition), START, duration
    )
    return Interpreter(definition, ReferenceBehaviour(), given)


def simulated(
    definition: Definition,
    outcomes: Json | None = None,
    payload: Any = None,  # noqa: ANN401 - any JSON
) -> SimulatedRun:
    """Run a definition to its end."""
    interpreter = started(definition, outcomes, payload)
    interpreter.run()
    return interpreter.simulated()


def statuses(run: SimulatedRun) -> dict[str, Any]:
    """Return the status of every step."""
    return {step_id: told["status"] for step_id, told in run.steps.items()}
