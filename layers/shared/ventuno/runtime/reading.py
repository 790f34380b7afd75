"""What a call must read: the states and items that its variables name, and nothing else.

A variable sees the results of its own iteration and of the iterations around it, the current item of the
loops around it, and of a loop that is over its last iteration.
Source: architecture, From definition to machine; reference §4.5
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.actions.registry import ACTIONS
from ventuno.definition.model import TRIGGER
from ventuno.expressions import WHOLE_CONTEXT, references
from ventuno.runs.claim_check import check_out
from ventuno.runs.items import CHUNK_ITEMS, chunk_of, items_in
from ventuno.runs.places import Place, indexes_of, iteration_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.definition.model import Step
    from ventuno.runs.model import ChunkKey, LoadedRun, StepState
    from ventuno.runs.places import Indexes
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion


def roots_of(version: LoadedVersion, step_ids: Iterable[str]) -> frozenset[str]:
    """Collect the roots (step ids, `trigger`) that the inputs of some steps name."""
    return frozenset().union(*(_roots(version, step_id) for step_id in step_ids))


def _roots(version: LoadedVersion, step_id: str) -> frozenset[str]:
    if step_id not in version.roots:
        found = references(_templates_of(version.definition.step(step_id)))
        known = {TRIGGER, *(step.id for step in version.definition.steps)}
        whole = WHOLE_CONTEXT in found
        version.roots[step_id] = frozenset(known) if whole else frozenset(ref.root for ref in found) & known
    return version.roots[step_id]


def _templates_of(step: Step) -> Any:  # noqa: ANN401 - author JSON
    """Return a step's input without what is no template, such as code, which may hold any braces."""
    authored, action = step.settings.input, ACTIONS.get(step.type)  # a simulation knows further types
    if action is None or not action.literal or not isinstance(authored, dict):
        return authored
    return {key: value for key, value in authored.items() if key not in action.literal}


class Reading:
    """What the roots of one call stand for, seen from where the call runs."""

    def __init__(self, version: LoadedVersion, place: Place, roots: frozenset[str]) -> None:
        self._version = version
        self._around = version.around[place.step_id]
        self._indexes = indexes_of(place.iteration)
        self._roots = roots
        self.wants_payload = TRIGGER in roots
        steps = roots - {TRIGGER}
        self._items = {root: self._item_of(root) for root in steps if root in self._around}
        self._states = {root: self._place_of(root) for root in steps if self._shared(root)}
        self._inside = sorted(steps - self._items.keys() - self._states.keys())

    def places(self) -> set[Place]:
        """Name the stored states that one request must read: those of the hosts the roots may ride with."""
        return {place for own in self._states.values() for place in self._version.places_of(own)}

    def chunks(self) -> set[ChunkKey]:
        """Name the chunks that hold the current items."""
        return {chunk_of(iterator, index) for iterator, index in self._items.values()}

    def values(self, loaded: LoadedRun, services: Services) -> dict[str, Any]:
        """Gather the values of the roots. Raises: PayloadLostError, StoreUnavailableError"""
        payloads = services.payloads
        values: dict[str, Any] = {}
        for root, place in self._states.items():
            state = loaded.by_place.get(place)
            if state is not None and state.result is not None:
                values[root] = check_out(state.result, payloads)
        for root, (iterator, index) in self._items.items():
            items = items_in(loaded.chunks, chunk_of(iterator, index), payloads)
            values[root] = {
                "currentItemIndex": index,
                "currentItem": items[index % CHUNK_ITEMS],
                "hasProcessedAllItems": False,
            }
        for root in self._inside:
            state = self._last(root, loaded.run.id, services)
            if state is not None and state.result is not None:
                values[root] = check_out(state.result, payloads)
        if self.wants_payload:
            values[TRIGGER] = check_out(loaded.run.payload, payloads)
        return values

    def _shared(self, root: str) -> bool:
        """Whether a step stands in the same loops as the call, or in some of them and no others."""
        around = self._version.around[root]
        return root not in self._around and around == self._around[: len(around)]

    def _place_of(self, root: str) -> Place:
        return Place(root, self._iteration(len(self._version.around[root])))

    def _item_of(self, iterator: str) -> tuple[Place, int]:
        depth = self._around.index(iterator)
        return Place(iterator, self._iteration(depth)), self._indexes[depth]

    def _iteration(self, depth: int) -> str:
        return iteration_of(self._indexes[:depth])

    def _last(self, root: str, run_id: str, services: Services) -> StepState | None:
        """Read a step of a loop that is over, in its last iteration."""
        around = self._version.around[root]
        common = next(
            (depth for depth, both in enumerate(zip(around, self._around, strict=False)) if len({*both}) > 1),
            min(len(around), len(self._around)),
        )
        within: Indexes = self._indexes[:common]
        for iterator in around[common:]:
            place = Place(iterator, iteration_of(within))
            loop = services.runs.load(run_id, self._version.places_of(place)).by_place.get(place)
            if loop is None or not loop.count:
                return None
            within = (*within, loop.count - 1)
        place = Place(root, iteration_of(within))
        return services.runs.load(run_id, self._version.places_of(place)).by_place.get(place)
