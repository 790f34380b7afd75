"""Definitions for tests, in the authors' form and as models; a test says only what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.definition.loading import definition_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.definition.model import Definition

Json = dict[str, Any]
WEBHOOK: Json = {"type": "WEBHOOK", "settings": {"httpMethod": "POST", "authentication": None}}


def step(
    step_id: str,
    kind: str = "EMPTY",
    then: str | Sequence[str] = (),
    given: Any = None,  # noqa: ANN401 - any author JSON
    **options: Any,  # noqa: ANN401 - same
) -> Json:
    """Write one step; `then` is what follows it, `given` its input, `options` its errorHandlingOptions."""
    return {
        "id": step_id,
        "name": step_id.replace("_", " ").title(),
        "type": kind,
        "nextStepIds": [then] if isinstance(then, str) else list(then),
        "settings": {
            "input": {} if given is None else given,
            "errorHandlingOptions": {key: {"value": value} for key, value in options.items()},
        },
    }


def branches(*targets: str | None, on: str = "{{trigger.branch}}") -> Json:
    """Write the input of an IF_ELSE: branch n is taken when `on` is the number n, the last one else."""
    named = targets[:-1]
    return {
        "stepFilterGroups": [{"id": f"g{index}"} for index in range(len(named))],
        "stepFilters": [
            {
                "type": "NUMBER",
                "stepOutputKey": on,
                "operand": "IS",
                "value": str(index),
                "stepFilterGroupId": f"g{index}",
            }
            for index in range(len(named))
        ],
        "branches": [
            {
                "id": f"b{index}",
                "nextStepIds": [target] if target else [],
                **({"filterGroupId": f"g{index}"} if index < len(named) else {}),
            }
            for index, target in enumerate(targets)
        ],
    }


def create(step_id: str = "a", then: str | Sequence[str] = (), **options: Any) -> Json:  # noqa: ANN401 - step options
    """Write a step that makes a company with the name in the payload."""
    given = {"objectName": "company", "objectRecord": {"name": "{{trigger.name}}"}}
    return step(step_id, "CREATE_RECORD", then, given, **options)


def passes(key: str, value: str) -> Json:
    """Write the input of a FILTER that passes where `key` resolves to `value`."""
    return {
        "stepFilters": [{"type": "TEXT", "stepOutputKey": key, "operand": "IS", "value": value}],
    }


def written(*steps: Json, first: str | None = None, trigger: Json | None = None, name: str = "Test") -> Json:
    """Write a definition whose trigger leads to `first`, or to the first step."""
    start = first or (steps[0]["id"] if steps else None)
    return {
        "name": name,
        "trigger": {**(trigger or WEBHOOK), "nextStepIds": [start] if start else []},
        "steps": list(steps),
    }


def defined(
    *steps: Json, first: str | None = None, trigger: Json | None = None, name: str = "Test"
) -> Definition:
    """Build a definition model."""
    return definition_from(written(*steps, first=first, trigger=trigger, name=name))
