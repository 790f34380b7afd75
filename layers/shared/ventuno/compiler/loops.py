"""The states of a loop: an inline Map over the items' indexes, and a Distributed Map over batches of them.

The items themselves lie in the run store; a machine only carries their indexes, whatever their size.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ventuno.compiler.budget import batch_size
from ventuno.compiler.contract import EndKind
from ventuno.compiler.round_states import ROUNDS, loop_over
from ventuno.compiler.states import branch_end, carried

if TYPE_CHECKING:
    from ventuno.compiler.plan import Loop

    State = dict[str, Any]

_NUMBER = "$states.context.Map.Item.Value"


def count_of(node: Loop) -> str:
    """Write where the number of an iterator's items is: its answer, or what the rounds before it say."""
    if node.in_rounds:
        return f"{ROUNDS}.count"
    return f"$states.input.answers.`{node.step_id}`"


def inline(body: State, node: Loop, ended: State | None, *, nested: bool) -> State:
    """Write a Map over all items, inside the execution; `ended` is handed on where it ends its scope."""
    iterations = _map(body, node, f"{count_of(node)} - 1", _NUMBER, nested=nested)
    return iterations | {"Output": _gathered(node, ended, nested=nested)}


def batch(names: tuple[str, str], body: State, node: Loop, *, nested: bool) -> State:
    """Write a child execution: a Map over its part of the items, and where it ends once one failed."""
    steps = _NUMBER if node.concurrency == 1 else f"{_NUMBER} * {node.concurrency}"
    iterations = _map(body, node, "$states.input.last", f"$states.input.from + {steps}", nested=nested)
    # Batches run at once, the iterations in one do not: else the author's limit would count twice.
    iterations |= {"MaxConcurrency": 1, "Output": {}, "End": True}
    name, cut = names
    if not node.gathers:
        return {"StartAt": name, "States": {name: iterations}}
    caught = {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": cut}]}
    ending = {"Type": "Succeed", "Output": branch_end(EndKind.FAILED)}
    return {"StartAt": name, "States": {name: iterations | caught, cut: ending}}


def ended_as(node: Loop, *, nested: bool, well: bool) -> State:
    """Write what a loop hands on."""
    rounds = {"rounds": loop_over(node.step_id, well=well)} if node.in_rounds else {}
    return carried(looped=nested) | rounds


def _gathered(node: Loop, ended: State | None, *, nested: bool) -> State | str:
    """Write what a loop hands on; where iterations run at once, it fails after them if one of them did."""
    handed = ended_as(node, nested=nested, well=True) if ended is None else ended
    if not node.gathers:
        return handed
    fields = ", ".join(f"{json.dumps(key)}: {_expression(value)}" for key, value in handed.items())
    return f"{{% $exists($states.result.failed) ? $error('an iteration failed') : {{{fields}}} %}}"


def _expression(value: Any) -> str:  # noqa: ANN401 - a field of an Output
    """Write a field as part of an expression."""
    written = isinstance(value, str) and value.startswith("{% ")
    return value.removeprefix("{% ").removesuffix(" %}") if written else json.dumps(value)


def _map(body: State, node: Loop, last: str, index: str, *, nested: bool) -> State:
    iteration = f"$string({index})"
    if nested:
        iteration = f"$states.input.it & '.' & {iteration}"
    return {
        "Type": "Map",
        "Items": f"{{% [0..{last}] %}}",
        "ItemSelector": {"it": f"{{% {iteration} %}}"},
        "MaxConcurrency": node.concurrency,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **body},
    }


def _size(node: Loop) -> str:
    """Write how many items a batch takes: few enough for as many batches at once as iterations may be."""
    most = batch_size(node)
    if node.concurrency == 1:
        return str(most)
    return f"$min([{most}, $ceil({count_of(node)} / {node.concurrency})])"


def _cut(node: Loop) -> tuple[str, str]:
    """Write how many batches there are, and which is the first item of one.

    As many batches run at once as iterations may, and take turns: of three, the first takes items 0, 3, 6, …
    So items begin in their order, as nearly as iterations that run at once ever do.
    """
    count, size, at_once = count_of(node), _size(node), node.concurrency
    if at_once == 1:
        return f"$ceil({count} / {size})", f"{_NUMBER} * {size}"
    taken = f"{at_once} * {size}"
    number = f"$floor({count} / ({taken})) * {at_once} + $min([{at_once}, {count} % ({taken})])"
    first = f"($floor({_NUMBER} / {at_once}) * {taken} + {_NUMBER} % {at_once})"
    return number, first


def batches(child: State, node: Loop, ended: State | None, *, nested: bool) -> State:
    """Write a Distributed Map over batches; each child execution has a history of its own."""
    number, first = _cut(node)
    left = f"{count_of(node)} - {first}"
    if node.concurrency > 1:
        left = f"$ceil(({left}) / {node.concurrency})"
    item: State = {
        "run": "{% $states.context.Execution.Input.run %}",
        "version": "{% $states.context.Execution.Input.version %}",
        "from": f"{{% {first} %}}",
        "last": f"{{% $min([{_size(node)}, {left}]) - 1 %}}",
    }
    return {
        "Type": "Map",
        "Items": f"{{% [0..({number} - 1)] %}}",
        "ItemSelector": item | carried(looped=nested),
        "MaxConcurrency": node.concurrency,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            **child,
        },
        "Output": _gathered(node, ended, nested=nested),
    }
