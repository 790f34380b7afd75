"""Read a run with all that is to be told of it, in a bounded number of requests.

A loop of many items has many states; of such a run only the iteration that stands out is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ventuno.runs.frames import RebuiltRun, rebuilt
from ventuno.runs.items import StoredItems
from ventuno.runs.places import Place, indexes_of, iteration_of
from ventuno.runtime.versions import read_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ventuno.engine.scopes import Scope
    from ventuno.runs.model import LoadedRun
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion

_NO_TIME = timedelta()

MOST_STATES = 2_000
"""How many states inside loops are read to tell a run with its whole history."""


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A run, its version, and where every step stands."""

    version: LoadedVersion
    loaded: LoadedRun
    rebuilt: RebuiltRun


def load_run(
    run_id: str,
    services: Services,
    version: LoadedVersion | None = None,
    *,
    ahead: timedelta = _NO_TIME,
    most: int | None = MOST_STATES,
) -> WholeRun:
    """Read a run as it stands, or will stand some time `ahead` if nothing else happens.

    With more than `most` states inside loops only the iterations that stand out are read.

    Raises: NotFoundError, PayloadLostError, StoreUnavailableError
    """
    loaded = services.runs.load_all(run_id, most)
    known = version or read_version(loaded.run.version, services.workflows, services.payloads)
    return whole_run(loaded, known, services, ahead=ahead)


def whole_run(
    loaded: LoadedRun, version: LoadedVersion, services: Services, *, ahead: timedelta = _NO_TIME
) -> WholeRun:
    """Tell where the steps of a run stand whose states were read.

    Raises: PayloadLostError, StoreUnavailableError
    """
    if not loaded.whole:
        loaded = _with_outstanding(loaded, version.scope, services)
    return WholeRun(version, loaded, _rebuild(version, loaded, services, services.clock.now() + ahead))


def _rebuild(version: LoadedVersion, loaded: LoadedRun, services: Services, now: datetime) -> RebuiltRun:
    stores = services.runs, services.payloads

    def items_of(iterator: Place, count: int) -> StoredItems:
        return StoredItems(loaded.run.id, iterator, count, stores)

    return rebuilt(version.definition, loaded, now, items_of)


def _with_outstanding(loaded: LoadedRun, root: Scope, services: Services) -> LoadedRun:
    """Add the states of the iterations that failed, and of the last one of each loop."""
    run_id = loaded.run.id
    failed = {place.iteration for place in loaded.run.failed if place.iteration}
    states = {state.place: state for state in loaded.states}
    for scope in root.loops.values():
        places = [*last_places(run_id, scope, "", services), *places_at(scope, failed)]
        states |= {state.place: state for state in services.runs.load(run_id, places).states}
    return replace(loaded, states=tuple(states.values()))


def last_places(run_id: str, scope: Scope, within: str, services: Services) -> Iterator[Place]:
    """Yield the places of the last iteration of a loop, and of the loops in it."""
    ends = (services.runs.last_iteration(run_id, entry, within) for entry in scope.entries)
    iteration = max((indexes_of(end)[: scope.depth] for end in ends if end is not None), default=None)
    if iteration is not None:
        yield from (Place(member, iteration_of(iteration)) for member in scope.members)
        for inner in scope.loops.values():
            yield from last_places(run_id, inner, iteration_of(iteration), services)


def places_at(scope: Scope, iterations: Iterable[str]) -> Iterator[Place]:
    """Yield the places of some iterations of a loop and of the loops in it."""
    for inner in scope.walk():
        for iteration in iterations:
            if len(indexes_of(iteration)) >= inner.depth:
                around = iteration_of(indexes_of(iteration)[: inner.depth])
                yield from (Place(member, around) for member in inner.members)
