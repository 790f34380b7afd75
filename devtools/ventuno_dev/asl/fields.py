"""Which fields each state type may have here; any other one is refused before the machine runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import UnsupportedMachineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EVERY = {"Type", "Comment", "QueryLanguage"}
_GOING = {"Next", "End", "Output", "Assign"}
_GUARDED = {"Retry", "Catch"}
FIELDS: dict[str, set[str]] = {
    "Task": _EVERY | _GOING | _GUARDED | {"Resource", "Arguments", "TimeoutSeconds"},
    "Choice": _EVERY | {"Choices", "Default", "Output", "Assign"},
    "Pass": _EVERY | _GOING,
    "Wait": _EVERY | _GOING | {"Seconds", "Timestamp"},
    "Succeed": _EVERY | {"Output"},
    "Fail": _EVERY | {"Error", "Cause"},
    "Parallel": _EVERY | _GOING | _GUARDED | {"Branches", "Arguments"},
    "Map": _EVERY
    | _GOING
    | _GUARDED
    | {"Items", "ItemReader", "ItemSelector", "ItemProcessor", "MaxConcurrency", "Label"}
    | {"ToleratedFailureCount", "ToleratedFailurePercentage"},
}
_RETRIER = {
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
}
_CATCHER = {"ErrorEquals", "Next", "Output", "Assign", "Comment"}
_RULE = {"Condition", "Next", "Output", "Assign", "Comment"}
_MACHINE = {"Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version", "ProcessorConfig"}


def check_fields(scope: Mapping[str, Any], where: str = "the machine", language: str = "JSONPath") -> None:
    """Refuse what this interpreter does not know, at any depth. Raises: UnsupportedMachineError"""
    _only(scope, _MACHINE, where)
    language = scope.get("QueryLanguage", language)
    if scope["StartAt"] not in scope["States"]:
        raise UnsupportedMachineError(f"{where} starts at a state that does not exist: {scope['StartAt']}")
    for name, state in scope["States"].items():
        if state["Type"] not in FIELDS:
            raise UnsupportedMachineError(f"{name} has the type {state['Type']}")
        if state.get("QueryLanguage", language) != "JSONata":
            raise UnsupportedMachineError(f"{name} is not in JSONata mode")
        _only(state, FIELDS[state["Type"]], name)
        for part, known in _parts(state):
            _only(part, known, name)
        _check_links(name, state, scope["States"])
        for inner in (*state.get("Branches", ()), *filter(None, [state.get("ItemProcessor")])):
            check_fields(inner, name, language)


def _parts(state: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], set[str]]]:
    for key, known in (("Retry", _RETRIER), ("Catch", _CATCHER), ("Choices", _RULE)):
        yield from ((part, known) for part in state.get(key, ()))


def _check_links(name: str, state: Mapping[str, Any], states: Mapping[str, Any]) -> None:
    parts = (state, *state.get("Choices", ()), *state.get("Catch", ()))
    targets = [part[key] for part in parts for key in ("Next", "Default") if key in part]
    if lost := [target for target in targets if target not in states]:
        raise UnsupportedMachineError(f"{name} leads to states that do not exist: {lost}")
    ends = state["Type"] in ("Choice", "Succeed", "Fail") or state.get("End") is True
    if not ends and "Next" not in state:
        raise UnsupportedMachineError(f"{name} has neither Next nor End")


def _only(part: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := part.keys() - known:
        raise UnsupportedMachineError(f"{where} has fields this interpreter does not know: {sorted(unknown)}")
