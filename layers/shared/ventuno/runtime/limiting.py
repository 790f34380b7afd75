"""Set the limits of a workflow. What they do is told by `admission`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.workflow.limits import MOST_AT_ONCE, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

MOST: Final = {"perMinute": 1_000_000, "perHour": 10_000_000, "atOnce": MOST_AT_ONCE}


def limits_from(fields: Mapping[str, Any]) -> Limits:
    """Read {perMinute?, perHour?, atOnce?}; what is left out or null is no limit. Raises: BadRequestError"""
    wrong = [
        f"{name} must be a whole number from 1 to {MOST[name]:,}"
        if name in MOST
        else f'"{name[:100]}" is no limit; there are {", ".join(MOST)}'
        for name, value in fields.items()
        if name not in MOST or not (value is None or (type(value) is int and 1 <= value <= MOST[name]))
    ]
    if wrong:
        raise errors.BadRequestError(*wrong)
    return Limits.from_dict(fields)


def set_limits(workflow: Workflow, limits: Limits, services: Services) -> Workflow:
    """Store the limits; they count from the next start on. Raises: ConflictError, StoreUnavailableError"""
    if limits == workflow.limits:
        return workflow
    return services.workflows.save(replace(workflow, limits=limits), [])
