"""What becomes of a step whose call gave no answer: its function died, so nothing is stored of why.

The call is made once more without its effects. What is pure comes to the same as before; the first step that
does something outside is the one that was being executed, and has failed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.runtime.services import Services
    from ventuno.runtime.step_event import Broken
    from ventuno.runtime.work import Work


def without_effects(
    services: Services, broken: Broken, error: type[errors.StepError] = errors.CallLostError
) -> Services:
    """Return services whose steps do nothing outside, and fail there because their call was lost."""
    return replace(services, work=_LostWork(services.work, error(_told(broken))))


def _told(broken: Broken) -> str:
    reason = ": ".join(part for part in (broken.error, message_of(broken.cause)) if part)
    return (
        f"the function that ran this step gave no answer ({reason}); how far it got is not known, "
        "and a retry of the run runs the step again"
    )


def message_of(cause: str | None) -> str | None:
    """Return the message in the cause of a failed call, or the cause where it is no such object."""
    try:
        parsed = json.loads(cause or "")
    except ValueError:
        return cause
    return parsed.get("errorMessage", cause) if isinstance(parsed, dict) else cause


class _LostWork:
    """Work of which only what is pure is done."""

    def __init__(self, work: Work, error: errors.StepError) -> None:
        self.evaluate, self.wait = work.evaluate, work.wait
        self._error = error

    def _lost(self, *given: Any) -> NoReturn:  # noqa: ANN401 - what work is given
        del given
        raise self._error

    run = items = answer = ask = _lost
