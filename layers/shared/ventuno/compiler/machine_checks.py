"""Judge a finished machine: what neither cfn-lint nor the emulators look at.

A failed check is a defect of this compiler, never of the author, so it raises AssertionError.
Source: style guide, Traps; https://states-language.net/spec.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.compiler.names import NAME_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    State = dict[str, Any]


def targets(state: State) -> Iterator[str]:
    """Yield the names of the states a state can go to."""
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for rule in (*state.get("Choices", ()), *state.get("Catch", ())):
        yield rule["Next"]


def scopes_of(machine: State) -> Iterator[State]:
    """Yield a machine and every machine nested in its forks and loops."""
    todo = [machine]
    while todo:
        scope = todo.pop()
        yield scope
        for state in scope["States"].values():
            todo += state.get("Branches", ())
            todo += [state["ItemProcessor"]] if "ItemProcessor" in state else []


def check_machine(machine: State) -> None:
    """Check that every link leads somewhere, every state is reached, every scope ends, and names are unique.

    Raises: AssertionError
    """
    used: set[str] = set()
    for scope in scopes_of(machine):
        _check_scope(scope)
        if twice := used & scope["States"].keys():
            raise AssertionError(f"state names used twice in one machine: {sorted(twice)}")
        used |= scope["States"].keys()
    if long := [name for name in used if len(name) > NAME_LIMIT]:
        raise AssertionError(f"state names over {NAME_LIMIT} characters: {long}")


def _check_scope(scope: State) -> None:
    states: dict[str, State] = scope["States"]
    reached = {scope["StartAt"]}
    pending = [scope["StartAt"]]
    while pending:
        name = pending.pop()
        if name not in states:
            raise AssertionError(f"the machine links to a state that does not exist: {name}")
        fresh = set(targets(states[name])) - reached
        reached |= fresh
        pending.extend(fresh)
    if lost := states.keys() - reached:
        raise AssertionError(f"the machine has states nothing leads to: {sorted(lost)}")
    if not any(state["Type"] in ("Succeed", "Fail") or state.get("End") for state in states.values()):
        raise AssertionError("the machine has no state where it ends")
