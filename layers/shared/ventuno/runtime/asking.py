"""The form that a FORM step asks: its variables resolved once, when it begins to wait, and never again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from ventuno import errors
from ventuno.actions.form import FormSettings
from ventuno.definition.loading import told
from ventuno.expressions import resolve
from ventuno.runs.claim_check import check_in, check_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.definition.model import Step
    from ventuno.json_value import JsonValue
    from ventuno.runs.model import StepState, Stored
    from ventuno.runs.places import Place
    from ventuno.runtime.services import Services

_LONGEST_ASSIGNEE: Final = 200  # characters; it stands in the key of an index
MAX_FORM_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class AskedForm:
    """A form with its variables resolved; `form` is None where it had none, and is as it was authored."""

    form: JsonValue
    assignee: str | None


def asked_form(step: Step, values: Mapping[str, Any]) -> AskedForm:
    """Resolve a form. Raises: StepInputError"""
    authored = step.settings.input
    resolved: Any = resolve(authored, values)
    try:
        settings = FormSettings.model_validate(resolved)
    except ValidationError as error:
        raise errors.StepInputError("; ".join(told(error, resolved, "input", FormSettings))) from error
    return AskedForm(None if resolved == authored else resolved, assignee_of(settings))


def assignee_of(settings: FormSettings) -> str | None:
    """Return whom a form is for. Raises: StepInputError"""
    assignee = settings.assignee
    if assignee and len(assignee) > _LONGEST_ASSIGNEE:
        raise errors.StepInputError(f"assignee has more than {_LONGEST_ASSIGNEE} characters; give an id")
    return assignee or None


def stored_form(run_id: str, place: Place, form: JsonValue, services: Services) -> Stored | None:
    """Store a form that is not asked as it was authored. Raises: StepInputError when it is too large"""
    key = f"runs/{run_id}/{place.step_id}/{place.iteration or '-'}/form"
    return None if form is None else check_in(form, key, services.payloads, MAX_FORM_BYTES)


def settings_of(step: Step, state: StepState, services: Services) -> FormSettings:
    """Return the form that a step asks. Raises: PayloadLostError, StoreUnavailableError"""
    form = step.settings.input if state.form is None else check_out(state.form, services.payloads)
    return FormSettings.model_validate(form)
