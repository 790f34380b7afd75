"""Read some iterations of a loop: a loop of a million items costs no more than one of ten.

Read are the run, the loops around, and the body's states and items of these iterations. Nothing else decides
how an iteration stands, but the failures that the run itself names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.engine.frames import Frame
from ventuno.runs.frames import rebuilt
from ventuno.runs.items import CHUNK_ITEMS, StoredItems, chunk_of, items_in
from ventuno.runs.model import Inline, PayloadRef
from ventuno.runs.places import Place, indexes_of, iteration_of
from ventuno.runs.view import item_count, readable
from ventuno.runtime.load_run import MOST_STATES, last_places, places_at
from ventuno.runtime.versions import read_version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ventuno.engine.scopes import Scope
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.ports import PayloadStore
    from ventuno.runs.model import LoadedRun, StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion

MOST_BYTES: Final = 4 * 1024 * 1024
"""How large the results and items of one answer may be together; a function may answer 6 MB."""
_MOST_NAMED: Final = 10
_QUERY_WEIGHT: Final = 25
"""Finding out how a loop in the body ended is a query, which takes as long as reading so many states."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Some iterations of an iterator; `within` is the iteration of the loops around it: 3, or 3.0 of two."""

    iterator: str
    first: int = 0
    limit: int = 20
    within: str = ""


def show_iterations(run_id: str, wanted: Wanted, services: Services) -> JsonObject:
    """Return where the steps of a loop's body stand in some iterations, begun or not.

    Item: {iterator, within, count, iterations: [{index, item, steps: {id: info}}]}; `count` is null if the
          loop has not begun; info is as in `runs.view`, with the step's earlier tries as its history.
    Steps of loops inside the body are asked for by their own iterator. Of large iterations fewer come back
    than wanted: go on after the last index.

    Raises: NotFoundError, BadRequestError, PayloadLostError, StoreUnavailableError
    """
    place = Place(wanted.iterator, wanted.within)
    begun = services.runs.load(run_id, [place])
    version = read_version(begun.run.version, services.workflows, services.payloads)
    if place not in begun.by_place and len(lies_at := version.places_of(place)) > 1:
        begun = services.runs.load(run_id, lies_at)
    scope = _scope_of(version, place)
    state = begun.by_place.get(place)
    page = _Page(version, scope, place, _indexes(wanted, scope, state), services)
    loaded = page.load(begun)
    _refuse_unknown_around(version, place, loaded)
    return {
        "iterator": wanted.iterator,
        "within": wanted.within,
        "count": None if state is None else state.count,
        "iterations": [one.told(loaded, services.payloads) for one in page.iterations(loaded)],
    }


def _scope_of(version: LoadedVersion, place: Place) -> Scope:
    """Find the body of an iterator. Raises: NotFoundError, BadRequestError"""
    scopes = {scope.owner: scope for scope in version.scope.walk() if scope.owner is not None}
    if place.step_id not in scopes:
        known = f"its iterators are {', '.join(list(scopes)[:_MOST_NAMED])}" if scopes else "it has no loops"
        raise errors.NotFoundError(f'the run has no iterator "{place.step_id[:100]}"; {known}')
    around = version.around[place.step_id]
    if len(indexes_of(place.iteration)) == len(around):
        return scopes[place.step_id]
    if not around:
        raise errors.BadRequestError(f'"{place.step_id}" stands in no loop; leave within out')
    example = ".".join("0" for _ in around)
    raise errors.BadRequestError(
        f'"{place.step_id}" stands in the loop of {", ".join(around)};'
        f" say in which iteration, as within={example}"
    )


def _indexes(wanted: Wanted, scope: Scope, state: StepState | None) -> range:
    """Choose the iterations to read. Raises: NotFoundError"""
    count = state.count or 0 if state is not None else 0
    if wanted.first and wanted.first >= count:
        raise _no_iteration(wanted.iterator, wanted.first, count)
    inner = list(scope.walk())[1:]
    most = MOST_STATES // (len(scope.members) + _QUERY_WEIGHT * len(inner) or 1)
    return range(wanted.first, min(wanted.first + min(wanted.limit, max(most, 1)), count))


def _refuse_unknown_around(version: LoadedVersion, place: Place, loaded: LoadedRun) -> None:
    """Raises: NotFoundError for an iteration that a loop around does not have"""
    indexes = indexes_of(place.iteration)
    for depth, iterator in enumerate(version.around[place.step_id]):
        outer = loaded.by_place.get(Place(iterator, iteration_of(indexes[:depth])))
        count = outer.count or 0 if outer is not None else 0
        if indexes[depth] >= count:
            raise _no_iteration(iterator, indexes[depth], count)


def _no_iteration(iterator: str, index: int, count: int) -> errors.NotFoundError:
    has = f"it has {count}, counted from 0" if count else "it has none yet"
    return errors.NotFoundError(f'"{iterator}" has no iteration {index}; {has}')


@dataclass(frozen=True, slots=True)
class _Iteration:
    index: int
    item: JsonValue
    frame: Frame

    @property
    def size_bytes(self) -> int:
        results: list[Any] = [state.result for state in self.frame.states.values()]
        stored = [one for one in results if isinstance(one, Inline | PayloadRef)]
        sizes = (len(one.text) if isinstance(one, Inline) else one.size_bytes for one in stored)
        return len(json.dumps(self.item)) + sum(sizes)

    def told(self, loaded: LoadedRun, payloads: PayloadStore) -> JsonObject:
        steps: JsonObject = {}
        for step_id, state in self.frame.states.items():
            place = Place(step_id, iteration_of(self.frame.iteration))
            told = readable(state.info(), payloads) | item_count(loaded, place)
            steps[step_id] = told | ({"history": [*state.attempts]} if state.attempts else {})
        return {"index": self.index, "item": self.item, "steps": steps}


@dataclass(frozen=True, slots=True)
class _Page:
    """The iterations of one answer, and what has to be read for them."""

    version: LoadedVersion
    scope: Scope
    place: Place
    indexes: range
    services: Services

    def load(self, begun: LoadedRun) -> LoadedRun:
        """Read the loops around, and the states and items of the iterations."""
        around, within = self.version.around[self.place.step_id], indexes_of(self.place.iteration)
        iterations = [iteration_of((*within, index)) for index in self.indexes]
        loops = (Place(loop, iteration_of(within[:depth])) for depth, loop in enumerate(around))
        places = {place for loop in loops for place in self.version.places_of(loop)}
        places |= {Place(member, iteration) for iteration in iterations for member in self.scope.members}
        places |= set(self._ends_of_loops(begun, iterations))
        chunks = {chunk_of(self.place, index) for index in self.indexes}
        loaded = self.services.runs.load(begun.run.id, places, chunks)
        return replace(loaded, states=(*begun.states, *loaded.states))

    def _ends_of_loops(self, begun: LoadedRun, iterations: Collection[str]) -> Iterator[Place]:
        """Yield what tells how loops in the body ended: their last iterations, and those that failed."""
        failed = {place.iteration for place in begun.run.failed}
        for inner in self.scope.loops.values():
            for iteration in iterations:
                yield from last_places(begun.run.id, inner, iteration, self.services)
            yield from filter(self._covers, places_at(inner, failed))

    def _covers(self, place: Place) -> bool:
        *within, index = indexes_of(place.iteration)[: self.scope.depth]
        return tuple(within) == indexes_of(self.place.iteration) and index in self.indexes

    def iterations(self, loaded: LoadedRun) -> Iterator[_Iteration]:
        """Put the frames together and pick those of the iterations, as far as they fit into one answer."""
        frames, items = self._frames(loaded), self._items(loaded)
        size = 0
        for index, item in zip(self.indexes, items, strict=True):
            iteration = _Iteration(index, item, frames.get(index) or Frame(self.scope))
            size += iteration.size_bytes
            if size > MOST_BYTES and index != self.indexes[0]:
                return
            yield iteration

    def _frames(self, loaded: LoadedRun) -> dict[int, Frame]:
        def items_of(iterator: Place, count: int) -> Sequence[JsonValue]:
            if len(indexes_of(iterator.iteration)) < self.scope.depth:
                return range(count)  # the items around are told by nobody, so they are not read
            return StoredItems(loaded.run.id, iterator, count, (self.services.runs, self.services.payloads))

        whole = rebuilt(self.version.definition, loaded, self.services.clock.now(), items_of)
        within = indexes_of(self.place.iteration)
        return {
            frame.iteration[-1]: frame
            for frame in whole.root.walk()
            if frame.scope.owner == self.place.step_id and frame.iteration[:-1] == within
        }

    def _items(self, loaded: LoadedRun) -> Iterator[JsonValue]:
        for chunk, indexes in groupby(self.indexes, lambda index: chunk_of(self.place, index)):
            items = items_in(loaded.chunks, chunk, self.services.payloads)
            yield from (items[index % CHUNK_ITEMS] for index in indexes)
