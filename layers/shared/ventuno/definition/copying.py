"""Copy a definition under fresh ids, so that nothing of the copy can be taken for the original.

UUIDs become new UUIDs, ids that people wrote get a number: `create_person` becomes `create_person_2`.
All that names an id follows: links, loop entries, branches, filter groups, and the roots of variables.
Source: reference §1.4
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ventuno.definition.loading import definition_from
from ventuno.expressions import OPENING, Path, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from ventuno.definition.model import Definition
    from ventuno.expressions import Token

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?P<stem>.*?)(?:_(?P<number>[0-9]{1,4}))?")
_LINKS: Final = frozenset({"nextStepIds", "initialLoopStepIds"})
"""Keys under which the ids of steps stand."""
_LONGEST_ID: Final = 60


def with_fresh_ids(
    definition: Definition, new_id: Callable[[], str], literal: Mapping[str, frozenset[str]]
) -> Definition:
    """Return a copy with other ids. `literal` holds the keys of the input that are no templates, by type."""
    written = definition.to_dict()
    taken = {step.id for step in definition.steps}
    steps: dict[str, str] = {}
    for step in definition.steps:
        steps[step.id] = _fresh(step.id, new_id, taken | set(steps.values()))
    copier = _Copier(steps, {uuid: new_id() for uuid in sorted(set(_uuids(written)) - taken)})
    trigger = copier.trigger(written["trigger"])
    copies = [copier.step(step, literal.get(step["type"], frozenset())) for step in written["steps"]]
    return definition_from({**written, "trigger": trigger, "steps": copies})


def _fresh(step_id: str, new_id: Callable[[], str], taken: Collection[str]) -> str:
    if _UUID.fullmatch(step_id):
        return new_id()
    found = _NUMBERED.fullmatch(step_id)
    stem, number = (found["stem"], int(found["number"] or 1)) if found else (step_id, 1)
    while True:
        number += 1
        tail = f"_{number}"
        fresh = stem[: _LONGEST_ID - len(tail)] + tail
        if fresh not in taken:
            return fresh


def _uuids(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the UUIDs that something in the definition has as its own id: branches, filters, groups."""
    if isinstance(value, dict):
        own = value.get("id")
        if isinstance(own, str) and _UUID.fullmatch(own):
            yield own
        for each in value.values():
            yield from _uuids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _uuids(each)


class _Copier:
    """Copies JSON; `steps` maps ids of steps, `parts` the UUIDs of what stands inside steps."""

    def __init__(self, steps: Mapping[str, str], parts: Mapping[str, str]) -> None:
        self._steps = steps
        self._parts = parts
        ids = "|".join(map(re.escape, sorted(steps, key=len, reverse=True)))
        self._root = re.compile(rf"(?<![A-Za-z0-9_-])(?:{ids})(?![A-Za-z0-9_-])")

    def trigger(self, trigger: dict[str, Any]) -> dict[str, Any]:
        """Copy the trigger; the step whose result answers a webhook is named there too."""
        copied: dict[str, Any] = self.copied(trigger)
        respond = copied.get("settings", {}).get("respond")
        if isinstance(respond, dict) and respond.get("from") in self._steps:
            respond["from"] = self._steps[respond["from"]]
        return copied

    def step(self, step: dict[str, Any], literal: Collection[str]) -> dict[str, Any]:
        """Copy a step; what its action takes literally stays as it is."""
        kept = step.get("settings", {}).get("input")
        copied: dict[str, Any] = self.copied(step)
        if isinstance(kept, dict):
            copied["settings"]["input"] |= {key: kept[key] for key in literal if key in kept}
        return {**copied, "id": self._steps[step["id"]]}

    def copied(self, value: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON
        """Copy a value; `key` is the one it stands under."""
        if isinstance(value, dict):
            return {self._text(name, ""): self.copied(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self.copied(each, key) for each in value]
        return self._text(value, key) if isinstance(value, str) else value

    def _text(self, text: str, key: str) -> str:
        if key in _LINKS and text in self._steps:
            return self._steps[text]
        if text in self._parts:
            return self._parts[text]
        return self._template(text) if OPENING in text else text

    def _template(self, text: str) -> str:
        """Write the roots of the variables in a text anew."""
        parts = parse(text).parts
        return "".join(part if isinstance(part, str) else self._token(part) for part in parts)

    def _token(self, token: Token) -> str:
        path = token.operand
        if not isinstance(path, Path) or not path.keys or path.keys[0] not in self._steps:
            return token.raw
        return self._root.sub(lambda found: self._steps[found[0]], token.raw, count=1)
