"""The address of a workflow's webhook, and another one in its place, for the day on which one leaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Workflow

LONGEST_GRACE: Final = timedelta(days=30)


def hook_path(workflow: Workflow, workspace_id: str) -> str:
    """Return the path of the webhook; the address of the API stands before it."""
    return f"/webhooks/workflows/{workspace_id}/{workflow.hook.part(workflow.id)}"


def rotate_address(workflow: Workflow, grace: timedelta, services: Services) -> Workflow:
    """Give the webhook another address; the one before is good for a while, or for no moment more.

    Without a grace, addresses that were given up earlier end too.

    Raises: BadRequestError (grace), ConflictError, StoreUnavailableError
    """
    if not timedelta() <= grace <= LONGEST_GRACE:
        raise errors.BadRequestError(f"an address can be good for 0 to {LONGEST_GRACE.days} days more")
    now = services.clock.now()
    hook = workflow.hook.changed(services.ids.new_secret(), now + grace, now)
    return services.workflows.save(replace(workflow, hook=hook), [])
