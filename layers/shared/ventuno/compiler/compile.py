"""The compiler, stage by stage; each stage has one input and one output and can be read alone.

1. `definition.loading`   text → `Definition`, frozen.
2. `definition.checks`    `Definition` → findings. The stages below trust what the checks let pass.
3. `definition.graph`     `Definition` → `Graph`: nodes, edges with their branch, order, dominators.
4. `compiler.planning`    `Graph` → `Plan`: calls, choices, forks, loops; which steps ride with which call.
5. `compiler.asl`         `Plan` → states. Only it and its `states` and `loops` know Step Functions.
6. `compiler.machine_checks`, `compiler.figures`  judge and measure the result.

The plan is where later control flow belongs: a fork, a loop or a wait is a node type of `plan`,
a rule in `planning`, and a function in `asl`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno.compiler.asl import Writer
from ventuno.compiler.capability import capability_of
from ventuno.compiler.figures import Figures, deployed_bytes, figures_of
from ventuno.compiler.machine_checks import check_machine
from ventuno.compiler.planning import Planner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.compiler.contract import Capability
    from ventuno.compiler.plan import Plan
    from ventuno.definition.kinds import StepKind
    from ventuno.definition.model import Definition


@dataclass(frozen=True)
class Compiled:
    """A machine and what must be known beside it.

    `source_map` maps a state to the step whose work or answer it stands for.
    """

    plan: Plan
    machine: dict[str, Any]
    source_map: dict[str, str]

    @property
    def rides(self) -> dict[str, tuple[str, ...]]:
        """The steps that ride with each host."""
        return self.plan.rides

    @cached_property
    def capability(self) -> Capability:
        """What the machine must be allowed."""
        return capability_of(self.machine)

    @cached_property
    def text(self) -> str:
        """The machine as people read it; the same definition gives the same bytes."""
        return json.dumps(self.machine, indent=2, ensure_ascii=False) + "\n"

    @cached_property
    def deployed(self) -> str:
        """The machine as it is deployed: without the third of its bytes that is for readers."""
        return json.dumps(self.machine, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def figures(self) -> Figures:
        """What the machine costs."""
        return figures_of(self.plan, self.machine, deployed_bytes(self.deployed))


def compile_definition(definition: Definition, kinds: Mapping[str, StepKind]) -> Compiled:
    """Compile a definition that has no findings of severity error."""
    plan = Planner(definition, kinds).plan()
    writer = Writer(definition, kinds)
    machine = writer.machine(plan)
    check_machine(machine)
    return Compiled(plan, machine, writer.source_map)
