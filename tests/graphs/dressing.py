"""Turn a shape into a definition: settings, error handling, and outcomes for its steps.

A variable names only what always ended before: the trigger, an ancestor, the item of a loop around. What a
run comes to therefore does not depend on how long anything takes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.builders import WEBHOOK, Json
from tests.graphs.growing import TASK
from ventuno.engine.circumstances import START
from ventuno.engine.timeline import told_instant

if TYPE_CHECKING:
    from tests.graphs.choosing import Chooser
    from tests.graphs.growing import Node, Shape

TASK_INPUT: Json = {"objectName": "company", "objectRecord": {"name": "Acme"}}
RESULT_KEYS = {TASK: "position", "FORM": "answer"}
"""Where the steps that variables name have a number in their result."""


class Dresser:
    """Writes one definition with its payload and outcomes."""

    def __init__(self, chooser: Chooser, shape: Shape) -> None:
        self._chooser = chooser
        self._shape = shape
        self._around: dict[str, list[Node]] = {}
        self._kinds = {node.id: node.kind for _, node in shape.walk()}
        self._errors = chooser.pick((0, 3, 10, 30))
        self._note_loops(shape, [])

    def _note_loops(self, shape: Shape, around: list[Node]) -> None:
        for node in shape.nodes:
            self._around[node.id] = around
            if node.body is not None:
                self._note_loops(node.body, [*around, node])

    def definition(self) -> Json:
        """Write the definition."""
        steps = [self._step(node) for _, node in self._shape.walk()]
        written: Json = {
            "name": "Random",
            "trigger": {**WEBHOOK, "nextStepIds": list(self._shape.entries)},
            "steps": steps,
        }
        return written | ({"failFast": True} if self._chooser.chance(15) else {})

    def payload(self) -> Json:
        """Choose the numbers that filters compare."""
        return {f"n{index}": self._chooser.number(0, 2) for index in range(3)}

    def outcomes(self) -> Json:
        """Choose outcomes for some steps; the others succeed, or are evaluated."""
        chosen: Json = {}
        for _, node in self._shape.walk():
            likely = 92 if node.kind == "FORM" else self._errors if node.kind == "ITERATOR" else 50
            if self._chooser.chance(likely):
                chosen[node.id] = self._outcome(node, len(self._around[node.id]))
        return chosen

    # --- settings -------------------------------------------------------------------------------------

    def _step(self, node: Node) -> Json:
        chooser = self._chooser
        options: Json = {}
        if chooser.chance(40):
            options["retryOnFailure"] = {"value": chooser.number(0, 3)}
        if chooser.chance(20):
            options["continueOnFailure"] = {"value": True}
        return {
            "id": node.id,
            "name": f"Step {node.id[1:]}",
            "type": "CREATE_RECORD" if node.kind == TASK else node.kind,
            "nextStepIds": [] if node.kind == "IF_ELSE" else list(node.branches[0]),
            "settings": {"input": self._input(node), "errorHandlingOptions": options},
        }

    def _input(self, node: Node) -> Any:  # noqa: ANN401 - author JSON
        if node.kind == TASK:
            return TASK_INPUT
        if node.kind == "FILTER":
            return {"stepFilters": [self._comparison(node, self._chooser.number(0, 2))]}
        if node.kind == "IF_ELSE":
            return self._branches(node)
        if node.kind == "DELAY":
            return self._delay(node)
        if node.kind == "FORM":
            return [{"id": "f", "name": "answer", "label": "Answer", "type": "NUMBER"}]
        return self._loop(node) if node.body is not None else {}

    def _delay(self, node: Node) -> Json:
        """Write a wait; a date lies days after those of earlier steps, so that no duration makes it past."""
        chooser = self._chooser
        if not chooser.chance(15):
            return {"delayType": "DURATION", "duration": {"seconds": chooser.number(0, 90)}}
        past = START - timedelta(days=1)
        future = START + timedelta(days=int(node.id[1:]))
        again = bool(self._around[node.id])  # the second iteration would find its date just reached
        at = past if again or chooser.chance(20) else future
        return {"delayType": "SCHEDULED_DATE", "scheduledDateTime": told_instant(at)}

    def _loop(self, node: Node) -> Json:
        assert node.body is not None
        items: Any = [self._chooser.number(0, 2) for _ in range(self._chooser.pick((2, 1, 3, 4, 0)))]
        settings: Json = {"initialLoopStepIds": list(node.body.entries), "items": items}
        if self._chooser.chance(10):
            settings["items"] = str(items)
        if self._chooser.chance(40):
            settings["shouldContinueOnIterationFailure"] = True
        if self._chooser.chance(25):
            settings["maxConcurrency"] = self._chooser.number(1, 3)
        return settings

    def _comparison(self, node: Node, number: int) -> Json:
        sources = [f"{{{{trigger.n{self._chooser.number(0, 2)}}}}}"]
        sources += [f"{{{{{loop.id}.currentItem}}}}" for loop in self._around[node.id]]
        above = set(node.above).union(*(loop.above for loop in self._around[node.id]))
        sources += [
            f"{{{{{step_id}.{RESULT_KEYS[self._kinds[step_id]]}}}}}"
            for step_id in sorted(above)
            if self._kinds[step_id] in RESULT_KEYS
        ]
        return {
            "type": "NUMBER",
            "stepOutputKey": self._chooser.pick(sources),
            "operand": self._chooser.pick(("IS", "IS_NOT")),
            "value": str(number),
        }

    def _branches(self, node: Node) -> Json:
        named = range(len(node.branches) - 1)
        return {
            "stepFilterGroups": [{"id": f"g{index}"} for index in named],
            "stepFilters": [
                {**self._comparison(node, index), "stepFilterGroupId": f"g{index}"} for index in named
            ],
            "branches": [
                {
                    "id": f"b{index}",
                    "nextStepIds": list(targets),
                    **({"filterGroupId": f"g{index}"} if index in named else {}),
                }
                for index, targets in enumerate(node.branches)
            ],
        }

    # --- outcomes -------------------------------------------------------------------------------------

    def _outcome(self, node: Node, depth: int) -> Any:  # noqa: ANN401 - outcomes JSON
        if depth and self._chooser.chance(60):
            return [self._attempts(node) for _ in range(self._chooser.number(1, 4))]
        if depth:
            return self._one(node)
        return self._attempts(node)

    def _attempts(self, node: Node) -> Any:  # noqa: ANN401 - same
        if self._chooser.chance(35):
            return [self._one(node) for _ in range(self._chooser.number(1, 4))]
        return self._one(node)

    def _one(self, node: Node) -> Json:
        if node.kind == "ITERATOR" or self._chooser.chance(self._errors):
            return {"error": f"{node.id} failed"}
        if node.kind == "FILTER":
            return {"matches": self._chooser.chance(70)}
        if node.kind == "IF_ELSE":
            return {"branch": f"b{self._chooser.number(0, len(node.branches) - 1)}"}
        return {"result": {RESULT_KEYS.get(node.kind, "n"): self._chooser.number(0, 2)}}
