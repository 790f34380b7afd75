"""A run of the real stack, repeated by both engines of `simulate`: same outcomes in, same statuses out.

Steps that act get the outcomes that they had; filters, branches, loops and waits are decided again.
"""

from __future__ import annotations

from typing import Any

from ventuno.definition.graph import Graph
from ventuno.definition.loading import definition_from
from ventuno.expressions.instants import parse_instant
from ventuno_dev.simulating.case import SimulationCase
from ventuno_dev.simulating.engines import Engine

DECIDED_AGAIN = frozenset({"FILTER", "IF_ELSE", "ITERATOR", "DELAY", "EMPTY"})
Statuses = dict[str, str]


def real_statuses(view: dict[str, Any]) -> Statuses:
    """Return the status of a run and of its steps."""
    infos = view["state"]["stepInfos"]
    return {"run": view["status"]} | {
        step: info["status"] for step, info in infos.items() if step != "trigger"
    }


def simulated_statuses(view: dict[str, Any]) -> dict[str, Statuses]:
    """Simulate a run that has ended with each engine and return the statuses."""
    definition = definition_from({"name": view["name"], **view["state"]["flow"]})
    start = parse_instant(view["startedAt"])
    assert start is not None
    case = SimulationCase(
        definition, view["state"]["stepInfos"]["trigger"]["result"], _outcomes(view, definition), start
    )
    return {engine: _told(case.run(engine)) for engine in Engine}


def _told(result: Any) -> Statuses:  # noqa: ANN401 - JSON
    assert "faults" not in result, result["faults"]
    return {"run": result["status"]} | {step: info["status"] for step, info in result["steps"].items()}


def _outcomes(view: dict[str, Any], definition: Any) -> dict[str, Any]:  # noqa: ANN401 - a definition
    inner = Graph(definition).loops.inner
    outcomes = {}
    for step in definition.steps:
        info = view["state"]["stepInfos"][step.id]
        if step.type not in DECIDED_AGAIN and (info.get("history") or _ended(info)):
            each = [_outcome(entry) for entry in (*info.get("history", ()), info)]
            outcomes[step.id] = each if step.id in inner or len(each) > 1 else each[0]
    return outcomes


def _ended(info: dict[str, Any]) -> bool:
    return info["status"] in {"SUCCESS", "FAILED", "FAILED_SAFELY"}


def _outcome(entry: dict[str, Any]) -> dict[str, Any] | None:
    if entry["status"] == "SUCCESS":
        return {"result": entry.get("result")}
    return {"error": entry["error"]} if "error" in entry else None
