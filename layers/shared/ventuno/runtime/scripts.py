"""The script of a step: what is run in place of its code, where that is not the code itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from ventuno import errors
from ventuno.actions.registry import ACTIONS
from ventuno.runtime.functions import WorkspaceFunctions

if TYPE_CHECKING:
    from ventuno.definition.model import Step
    from ventuno.runtime.services import Services


def script_of(step: Step, services: Services) -> str | None:
    """Return a step's script; None where its code is run as it is, or it has none. Raises: StepInputError"""
    action = ACTIONS[step.type]
    if not action.literal:
        return None
    try:
        settings = action.settings_type.model_validate(step.settings.input)
        return action.script(settings, services.outside.code, WorkspaceFunctions(services))
    except ValidationError as error:
        raise errors.StepInputError(f"the settings of {step.id} cannot be read") from error
