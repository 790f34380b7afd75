"""What two definitions say differently: steps, edges and settings, without what is kept for the page only.

Steps are the same where their ids are. Pure: nothing is compiled, so drafts with errors can be compared too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.model import Definition, Step, Trigger
    from ventuno.json_value import JsonObject

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_OF_THE_PAGE: Final = frozenset({"outputSchema", "expectedOutputSchema", "icon", "isPinned"})
_ABSENT: Final = object()
_DEFAULTS: Final[JsonObject] = {"failFast": False, "retryOnFailure": 0, "continueOnFailure": False}
"""What holds where nobody wrote anything: no change when somebody does write that."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs; None also stands for a missing one."""

    path: str
    before: Any
    after: Any

    def to_dict(self) -> JsonObject:
        """Return the wire form."""
        return {"path": self.path, "before": self.before, "after": self.after}


class Edge(NamedTuple):
    """A way from one step to another; `label` names a branch, or `loop` the way into a loop's body."""

    source: str
    target: str
    label: str = ""

    def to_dict(self) -> JsonObject:
        """Return the wire form."""
        return {"from": self.source, "to": self.target, "label": self.label}


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that was added, removed or changed."""

    step_id: str
    name: str
    type: str
    kind: str
    changes: tuple[Change, ...] = ()

    def to_dict(self) -> JsonObject:
        """Return the wire form."""
        return {
            "id": self.step_id,
            "name": self.name,
            "type": self.type,
            "kind": self.kind,
            "changes": [change.to_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs; `settings` are those of the trigger and of the workflow itself."""

    settings: tuple[Change, ...]
    steps: tuple[StepChange, ...]
    edges_added: tuple[Edge, ...]
    edges_removed: tuple[Edge, ...]

    @property
    def empty(self) -> bool:
        """Whether runs cannot tell the two apart."""
        return not (self.settings or self.steps or self.edges_added or self.edges_removed)

    def to_dict(self) -> JsonObject:
        """Return the wire form."""
        return {
            "settings": [change.to_dict() for change in self.settings],
            "steps": [step.to_dict() for step in self.steps],
            "edgesAdded": [edge.to_dict() for edge in self.edges_added],
            "edgesRemoved": [edge.to_dict() for edge in self.edges_removed],
        }


def difference(before: Definition | None, after: Definition) -> Difference:
    """Compare two definitions; None is a workflow that does not exist yet."""
    old, new = _edges(before) if before else {}, _edges(after)
    return Difference(
        settings=tuple(_effective(_settings(before) if before else {}, _settings(after), "$")),
        steps=tuple(_step_changes({step.id: step for step in before.steps} if before else {}, after)),
        edges_added=tuple(edge for edge in new if edge not in old),
        edges_removed=tuple(edge for edge in old if edge not in new),
    )


def meant(trigger: Trigger) -> JsonObject:
    """Return what a trigger's type and settings mean, without what is kept for the page."""
    return {"type": trigger.type, "settings": without_page_keys(trigger.settings)}


def without_page_keys(settings: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is kept for the page only."""
    return {key: value for key, value in settings.items() if key not in _OF_THE_PAGE}


def _settings(definition: Definition) -> JsonObject:
    said = {"failFast": definition.fail_fast} if "fail_fast" in definition.model_fields_set else {}
    return {"name": definition.name, **said, "trigger": meant(definition.trigger)}


def _step_changes(before: dict[str, Step], after: Definition) -> Iterator[StepChange]:
    for step in after.steps:
        old = before.get(step.id)
        if old is None:
            yield StepChange(step.id, step.name, step.type, ADDED)
            continue
        found = tuple(_effective(_step(old), _step(step), ""))
        if found:
            yield StepChange(step.id, step.name, step.type, CHANGED, found)
    kept = {step.id for step in after.steps}
    for step_id, old in before.items():
        if step_id not in kept:
            yield StepChange(step_id, old.name, old.type, REMOVED)


def _step(step: Step) -> JsonObject:
    """Return what a step does; where it leads is told by edges."""
    given = step.settings.input
    if isinstance(given, dict):
        given = {key: value for key, value in given.items() if key != "initialLoopStepIds"}
        given = _without_links(given)
    options = step.settings.error_handling_options
    retry, goes_on = options.retry_on_failure, options.continue_on_failure
    written: JsonObject = {
        **({"retryOnFailure": retry.value} if "value" in retry.model_fields_set else {}),
        **({"continueOnFailure": goes_on.value} if "value" in goes_on.model_fields_set else {}),
    }
    return {"name": step.name, "type": step.type, "input": given, **written}


def _without_links(given: dict[str, Any]) -> dict[str, Any]:
    branches = given.get("branches")
    if not isinstance(branches, list):
        return given
    kept = [
        {key: value for key, value in branch.items() if key != "nextStepIds"}
        if isinstance(branch, dict)
        else branch
        for branch in branches
    ]
    return {**given, "branches": kept}


def _edges(definition: Definition) -> dict[Edge, None]:
    """List the edges in their order; what does not have the form of one is left out."""
    found = {Edge(TRIGGER, target): None for target in definition.trigger.next_step_ids}
    for step in definition.steps:
        found |= {Edge(step.id, target): None for target in step.next_step_ids}
        given = step.settings.input
        if not isinstance(given, dict):
            continue
        found |= {Edge(step.id, target, "loop"): None for target in _texts(given.get("initialLoopStepIds"))}
        branches = given.get("branches")
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            if isinstance(branch, dict):
                label = f"branch {branch.get('id', index)}"
                found |= {Edge(step.id, target, label): None for target in _texts(branch.get("nextStepIds"))}
    return found


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _effective(before: JsonObject, after: JsonObject, path: str) -> Iterator[Change]:
    """Yield changes, but for a default that one side has written and the other has not."""
    same = {key for key, default in _DEFAULTS.items() if before.get(key, default) == after.get(key, default)}
    old, new = ({key: value for key, value in side.items() if key not in same} for side in (before, after))
    yield from _changes(old, new, path)


def _changes(before: Any, after: Any, path: str) -> Iterator[Change]:  # noqa: ANN401 - any JSON
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _changes(
                before.get(key, _ABSENT), after.get(key, _ABSENT), f"{path}.{key}".lstrip(".")
            )
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old, new = (side[index] if index < len(side) else _ABSENT for side in (before, after))
            yield from _changes(old, new, f"{path}[{index}]")
    elif type(before) is not type(after) or before != after:
        yield Change(path, *(None if side is _ABSENT else side for side in (before, after)))
