"""Random cases: a valid definition with a payload and outcomes, from a seed or from hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.graphs.behaviour import ReferenceBehaviour
from tests.graphs.choosing import Drawn, Seeded
from tests.graphs.dressing import Dresser
from tests.graphs.growing import Grower
from ventuno.definition.loading import definition_from
from ventuno.engine.circumstances import START, Circumstances, no_time
from ventuno.engine.interpreter import Interpreter
from ventuno.engine.outcomes import parse_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builders import Json
    from tests.graphs.choosing import Chooser
    from ventuno.definition.model import Definition
    from ventuno.engine.simulated import SimulatedRun

MIN_STEPS, MAX_STEPS = 3, 40


@dataclass(frozen=True)
class Case:
    """One line of `ventuno simulate --batch`, as JSON values."""

    definition: Json
    payload: Json
    outcomes: Json

    def to_json(self) -> Json:
        return {"definition": self.definition, "payload": self.payload, "outcomes": self.outcomes}

    def model(self) -> Definition:
        return definition_from(self.definition)

    def interpreter(self, duration: Callable[[str, tuple[int, ...]], float] = no_time) -> Interpreter:
        """Start the case in the interpreter."""
        model = self.model()
        given = Circumstances(self.payload, parse_outcomes(self.outcomes, model), START, duration)
        return Interpreter(model, ReferenceBehaviour(), given)

    def interpreted(self, duration: Callable[[str, tuple[int, ...]], float] = no_time) -> SimulatedRun:
        """Run the case in the interpreter."""
        interpreter = self.interpreter(duration)
        interpreter.run()
        return interpreter.simulated()


def _case(chooser: Chooser, size: int) -> Case:
    dresser = Dresser(chooser, Grower(chooser, size).grow())
    return Case(dresser.definition(), dresser.payload(), dresser.outcomes())


def random_case(seed: int, most: int = MAX_STEPS) -> Case:
    """Make the case of a seed; the same seed gives the same case."""
    chooser = Seeded(seed)
    return _case(chooser, chooser.number(MIN_STEPS, most))


@st.composite
def cases(draw: st.DrawFn, most: int = 15) -> Case:
    """Draw a case; hypothesis shrinks it by itself."""
    chooser = Drawn(draw)
    return _case(chooser, chooser.number(MIN_STEPS, most))
