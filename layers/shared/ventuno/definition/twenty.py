"""Read a workflow version exported from Twenty, in whatever an export wraps it, as a definition.

What the version says is taken as it is; what cannot be used here is told by the checks, never dropped.
Source: reference §1.1, §1.2
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.definition.findings import Finding
from ventuno.definition.loading import INVALID_DEFINITION, definition_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonValue

_DEEPEST: Final = 8
_VERSION_NAME: Final = "v"


def definition_from_twenty(exported: JsonValue, name: str | None = None) -> Definition:
    """Read the version in an export: a record, an answer of REST or GraphQL, or the flow of a run.

    `name` is that of the workflow; without it, the export must tell one.

    Raises: DefinitionError
    """
    found = list(_versions(exported, None, 0))
    if len(found) != 1:
        raise _refused(
            f"the export holds {len(found) or 'no'} versions with a trigger and steps; give it one"
        )
    version, told = found[0]
    called = name or told
    if not called:
        raise _refused("the export does not say what the workflow is called; give a name")
    trigger, steps = _parsed(version["trigger"]), _parsed(version["steps"])
    if not isinstance(trigger, dict) or not isinstance(steps, list) or not steps:
        raise _refused("the version has no trigger or no steps")
    return definition_from({"name": called, **_linked(trigger, steps)})


def _versions(value: Any, name: str | None, depth: int) -> Iterator[tuple[dict[str, Any], str | None]]:  # noqa: ANN401 - any JSON
    """Find what has a trigger and steps, with the name of the workflow around it."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _versions(each, name, depth + 1)
    elif isinstance(value, dict):
        own = _name(value) or name
        if value.get("trigger") is not None and value.get("steps") is not None:
            yield value, own
            return
        for each in value.values():
            yield from _versions(each, own, depth + 1)


def _name(value: dict[str, Any]) -> str | None:
    """Read a workflow's name; that of a version is v and its number, and tells nothing."""
    workflow = value.get("workflow")
    named = workflow.get("name") if isinstance(workflow, dict) else value.get("name")
    is_name = isinstance(named, str) and named and not named.removeprefix(_VERSION_NAME).isdecimal()
    return named if is_name else None


def _parsed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Read JSON that an export holds as text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _linked(trigger: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    """Link the steps in their order where nothing is linked, as in exports made before steps had links."""
    whole = [step for step in steps if isinstance(step, dict)]
    if len(whole) != len(steps) or any("nextStepIds" in each for each in (trigger, *whole)):
        return {"trigger": trigger, "steps": steps}
    ids = [step.get("id") for step in whole]
    followed = [{**step, "nextStepIds": [after]} for step, after in zip(whole, ids[1:], strict=False)]
    return {"trigger": {**trigger, "nextStepIds": ids[:1]}, "steps": [*followed, whole[-1]]}


def _refused(message: str) -> errors.DefinitionError:
    return errors.DefinitionError([Finding(INVALID_DEFINITION, "$", message)])
