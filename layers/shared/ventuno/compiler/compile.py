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
from typing import TYPE_CHECKING, Any

from ventuno.compiler.asl import Writer
from ventuno.compiler.figures import Figures, figures_of
from ventuno.compiler.machine_checks import check_machine
from ventuno.compiler.planning import Planner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.kinds import StepKind
    from ventuno.definition.model import Definition


@dataclass(frozen=True, slots=True)
class Compiled:
    """A machine and what must be known beside it.

    `text` is canonical: the same definition gives the same bytes.
    `source_map` maps a state to the step whose work or answer it stands for.
    """

    machine: dict[str, Any]
    text: str
    source_map: dict[str, str]
    rides: dict[str, tuple[str, ...]]
    figures: Figures


def compile_definition(definition: Definition, kinds: Mapping[str, StepKind]) -> Compiled:
    """Compile a definition that has no findings of severity error."""
    plan = Planner(definition, kinds).plan()
    writer = Writer(definition, kinds)
    machine = writer.machine(plan)
    check_machine(machine)
    text = canonical(machine)
    return Compiled(
        machine, text, writer.source_map, plan.rides, figures_of(plan, machine, len(text.encode()))
    )


def canonical(machine: dict[str, Any]) -> str:
    """Write a machine as the text that is committed and deployed; states stand in authored order."""
    return json.dumps(machine, indent=2, ensure_ascii=False) + "\n"
