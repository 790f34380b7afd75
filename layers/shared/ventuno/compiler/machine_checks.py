"""Judge a finished machine: what neither cfn-lint nor the emulators look at.

A failed check is a defect of this compiler, never of the author, so it raises AssertionError.
Source: style guide, Traps; https://states-language.net/spec.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.compiler.names import NAME_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator


def targets(state: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the states a state can go to."""
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for rule in (*state.get("Choices", ()), *state.get("Catch", ())):
        yield rule["Next"]


def check_machine(machine: dict[str, Any]) -> None:
    """Check that every link leads somewhere, every state is reached, and the machine can end.

    Raises: AssertionError
    """
    states: dict[str, dict[str, Any]] = machine["States"]
    reached = {machine["StartAt"]}
    pending = [machine["StartAt"]]
    while pending:
        name = pending.pop()
        if name not in states:
            raise AssertionError(f"the machine links to a state that does not exist: {name}")
        fresh = set(targets(states[name])) - reached
        reached |= fresh
        pending.extend(fresh)
    if lost := states.keys() - reached:
        raise AssertionError(f"the machine has states nothing leads to: {sorted(lost)}")
    if long := [name for name in states if len(name) > NAME_LIMIT]:
        raise AssertionError(f"state names over {NAME_LIMIT} characters: {long}")
    if not any(state["Type"] in ("Succeed", "Fail") or state.get("End") for state in states.values()):
        raise AssertionError("the machine has no state where it ends")
