"""Loops that run in a branch of their own beside rounds: what is stored of their end, and who is told.

The end is stored before the token is read, and the rounds that wait store their token before they read the
ends, so of two that come at once at least one sees the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno.runs.claim_check import to_text
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.runs.model import LoadedRun, StepState
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import RoundsEvent
    from ventuno.runtime.versions import LoadedVersion


def end_loop(event: RoundsEvent, iterator: str, version: LoadedVersion, services: Services) -> None:
    """Store that a loop is over, and whether well, and wake the rounds that wait.

    Raises: NotFoundError, StoreUnavailableError
    """
    place = Place(iterator, event.iteration)
    loaded = services.runs.load(event.run, version.places_of(place))
    store_end(loaded, place, well=event.rounds.over[iterator], services=services)
    if token := services.forms.token(event.run, place):
        services.machines.answer(token, to_text({}))


def store_end(loaded: LoadedRun, place: Place, *, well: bool | None, services: Services) -> None:
    """Store how a loop ended, or with None that it begins again. Raises: StoreUnavailableError"""

    def marked(state: StepState) -> StepState:
        riders = tuple(map(marked, state.riders))
        return replace(state, over=well if state.place == place else state.over, riders=riders)

    hosts = [state for state in loaded.states if place in {one.place for one in (state, *state.riders)}]
    services.runs.replace_steps(loaded.run, [marked(state) for state in hosts])
