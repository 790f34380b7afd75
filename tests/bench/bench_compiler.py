"""How long checking and compiling take; run it with `python tests/bench/bench_compiler.py`."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Any

from ventuno.actions.registry import KINDS
from ventuno.compiler.compile import compile_definition
from ventuno.definition.loading import definition_from
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1_000, 5_000)
ROUNDS = 3


def _step(step_id: str, kind: str, given: dict[str, Any], then: str | None) -> dict[str, Any]:
    return {
        "id": step_id,
        "name": f"Step {step_id}",
        "type": kind,
        "settings": {"input": given},
        "nextStepIds": [then] if then else [],
    }


def _task(index: int, then: str | None) -> dict[str, Any]:
    before = f"{{{{s{index - 1}.id}}}}" if index else "{{trigger.name}}"
    return _step(
        f"s{index}", "CREATE_RECORD", {"objectName": "company", "objectRecord": {"name": before}}, then
    )


def deep(size: int) -> list[dict[str, Any]]:
    """Write a row of tasks, each with a variable of the one before."""
    return [_task(index, f"s{index + 1}" if index + 1 < size else None) for index in range(size)]


def wide(size: int) -> list[dict[str, Any]]:
    """Write one IF_ELSE with a branch for each task."""
    branches = [{"id": f"b{index}", "nextStepIds": [f"s{index}"]} for index in range(1, size)]
    tasks = [
        _step(f"s{index}", "CREATE_RECORD", {"objectName": "company", "objectRecord": {}}, None)
        for index in range(1, size)
    ]
    return [_step("s0", "IF_ELSE", {"branches": branches}, None), *tasks]


def mixed(size: int) -> list[dict[str, Any]]:
    """Write tasks, filters and IF_ELSEs that merge a few steps on, at random but always the same."""
    pick = random.Random(21)  # noqa: S311 - a fixed graph is wanted, not chance
    steps = []
    for index in range(size):
        near = [f"s{min(index + 1 + offset, size - 1)}" if index + 1 < size else None for offset in range(3)]
        kind = pick.choice(["CREATE_RECORD", "CREATE_RECORD", "FILTER", "IF_ELSE"])
        if kind == "IF_ELSE" and near[0]:
            given: dict[str, Any] = {"branches": [{"id": target, "nextStepIds": [target]} for target in near]}
        else:
            given = {} if kind == "FILTER" else {"objectName": "company", "objectRecord": {}}
            kind = "CREATE_RECORD" if kind == "IF_ELSE" else kind
        steps.append(_step(f"s{index}", kind, given, near[0]))
    return steps


def ladder(size: int) -> list[dict[str, Any]]:
    """Write two rows of tasks with links from one to the other, which no nesting of branches expresses."""
    steps = [_linked("s0", ["s1", "s2"])]
    for index in range(1, size):
        after = [index + 2, *([index + 3] if index % 2 else [])]
        steps.append(_linked(f"s{index}", [f"s{one}" for one in after if one < size]))
    return steps


def _linked(step_id: str, then: list[str]) -> dict[str, Any]:
    return _step(step_id, "CREATE_RECORD", {"objectName": "company", "objectRecord": {}}, None) | {
        "nextStepIds": then
    }


def best(work: Callable[[], object]) -> float:
    """Time the fastest of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print one line per graph and size."""
    for build in (deep, wide, mixed, ladder):
        for size in SIZES:
            authored: dict[str, Any] = {
                "name": "bench",
                "trigger": {"type": "WEBHOOK", "nextStepIds": ["s0"]},
                "steps": build(size),
            }
            definition = definition_from(authored)
            size_bytes = compile_definition(definition, KINDS).figures.definition_bytes
            compiling = best(lambda definition=definition: compile_definition(definition, KINDS))  # type: ignore[misc]
            checking = best(lambda definition=definition: findings_of(definition))  # type: ignore[misc]
            for name, seconds in (("check", checking), ("compile", compiling)):
                sys.stdout.write(f"compiler.{name}.{build.__name__}_{size} {seconds:.3f} s {size}\n")
            sys.stdout.write(f"compiler.machine.{build.__name__}_{size} {size_bytes / 1000:.1f} kB {size}\n")


if __name__ == "__main__":
    main()
