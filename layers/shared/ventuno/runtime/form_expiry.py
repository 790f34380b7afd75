"""A form that nobody answered in time has failed, whoever finds out; until then it is only told so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.runs.frames import FORM_EXPIRED
from ventuno.runs.model import FORM
from ventuno.runtime.failing import failed_state

if TYPE_CHECKING:
    from ventuno.runs.model import StepState
    from ventuno.runtime.versions import LoadedVersion


def expired(state: StepState, now: datetime) -> bool:
    """Whether a form is open and its time is over."""
    waiting: Any = state.waiting_for or {}
    if not state.open or waiting.get("type") != FORM:
        return False
    return datetime.fromisoformat(waiting["until"]) <= now


def expired_state(version: LoadedVersion, state: StepState, now: datetime) -> StepState:
    """Return what is to be stored of a form that has expired; it is not tried again."""
    return failed_state(version, state, errors.StepInputError(FORM_EXPIRED), now)
