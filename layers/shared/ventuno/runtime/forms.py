"""Forms that wait: list them, show one, change one while it waits.

Whatever is stored of a form is stored with the task token it waits with, so a form that was asked anew
meanwhile is never overwritten.
Source: reference §3.10, §9.1 (updateWorkflowRunStep); decisions, Actions (FORM)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from ventuno import errors
from ventuno.actions.form import FormSettings
from ventuno.actions.form_checks import field_findings
from ventuno.actions.form_fields import options_of
from ventuno.actions.record_schemas import ModelSchemas
from ventuno.definition.loading import told
from ventuno.engine.statuses import RunStatus, StepStatus
from ventuno.runtime.asking import assignee_of, settings_of, stored_form
from ventuno.runtime.form_link import FormLink, address_of
from ventuno.runtime.services import Services, instant
from ventuno.runtime.versions import VersionCache

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.actions.form_fields import FormField
    from ventuno.definition.findings import Finding
    from ventuno.definition.model import Step
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runs.model import LoadedRun, Run, StepState
    from ventuno.runs.places import Place
    from ventuno.runtime.versions import LoadedVersion

MOST_FORMS: Final = 100
ANSWERED: Final = "the form was answered already"
_versions = VersionCache()


@dataclass(frozen=True)
class FoundForm:
    """A form of a run, waiting or not."""

    loaded: LoadedRun
    version: LoadedVersion
    state: StepState
    settings: FormSettings

    @property
    def run(self) -> Run:
        """The run that asks."""
        return self.loaded.run

    @property
    def step(self) -> Step:
        """The step that asks."""
        return self.version.definition.step(self.state.step_id)

    def refuse_if_closed(self, services: Services) -> None:
        """Refuse what is done to a form that waits no more. Raises: ConflictError"""
        if self.state.status is not StepStatus.PENDING:
            raise errors.ConflictError(ANSWERED)
        if self.run.status is not RunStatus.RUNNING:
            raise errors.ConflictError(f"the run is {self.run.status}; its forms take no answer")
        until: Any = (self.state.waiting_for or {}).get("until")
        if until is not None and datetime.fromisoformat(until) <= services.clock.now():
            raise errors.ConflictError("the form has expired")


def find_form(run_id: str, place: Place, services: Services) -> FoundForm:
    """Find a form that waits, or waited. Raises: NotFoundError, StoreUnavailableError, PayloadLostError"""
    loaded = services.runs.load(run_id, [place])
    state = loaded.by_place.get(place)
    if state is None or state.token is None:
        raise errors.NotFoundError(f'no form of run "{run_id}" waits at "{place.step_id}"')
    version = _versions.load(loaded.run.version, services.workflows, services.payloads)
    step = version.definition.step(place.step_id)
    return FoundForm(loaded, version, state, settings_of(step, state, services))


def linked_form(address: str, services: Services) -> FoundForm:
    """Find the form of a page's address; a wrong address is told from none by nobody.

    Raises: NotFoundError, StoreUnavailableError, PayloadLostError
    """
    link = FormLink.parse(address)
    try:
        form = find_form(link.run_id, link.place, services) if link else None
    except errors.NotFoundError:
        form = None
    if form is None or link is None or not link.opens(form.state):
        raise errors.NotFoundError("there is no such form; check that the address is complete")
    return form


def waiting_forms(assignee: str | None, limit: int, cursor: str | None, services: Services) -> JsonObject:
    """List the forms that wait, those that close first before the others.

    Item: {"forms": [{runId, runName, stepId, iteration, since, until, assignee, address}], "cursor"}
    Raises: BadRequestError (cursor), StoreUnavailableError
    """
    page = services.forms.waiting(assignee, instant(services.clock), limit, cursor)
    return {"forms": [_line(run, state) for run, state in page.forms], "cursor": page.cursor}


def forms_of(run_id: str, services: Services) -> list[JsonObject]:
    """List the forms that a run waits for, as lines of the list of all. Raises: NotFoundError"""
    run = services.runs.load(run_id, []).run
    if run.status is not RunStatus.RUNNING:
        return []
    now = instant(services.clock)
    lines = (_line(run, state) for state in services.runs.states(run_id) if state.asks)
    return [*islice((each for each in lines if str(each["until"] or now) >= now), MOST_FORMS)]


def _line(run: Run, state: StepState) -> JsonObject:
    waiting: JsonObject = state.waiting_for or {}
    return {
        "runId": run.id,
        "runName": run.name,
        "stepId": state.step_id,
        "iteration": state.iteration,
        "since": waiting.get("since"),
        "until": waiting.get("until"),
        "assignee": waiting.get("assignee"),
        "address": address_of(run.id, state),
    }


def form_view(form: FoundForm, services: Services) -> JsonObject:
    """Show a form with what can be chosen. Item: a line of the list + {name, status, fields: [field]}"""
    fields: list[JsonValue] = [_field_view(field, services) for field in form.settings.fields]
    status = {"name": form.step.name, "status": form.state.status.value}
    return {**_line(form.run, form.state), **status, "fields": fields}


def _field_view(field: FormField, services: Services) -> JsonObject:
    told: JsonObject = field.model_dump(mode="json", by_alias=True, exclude_none=True)
    options = options_of(field, services.objects)
    return told | ({"options": list(options)} if options else {})


def change_form(form: FoundForm, given: JsonValue, services: Services) -> JsonObject:
    """Ask other fields, or of another assignee, from now on; how long the form waits stays as it was.

    Raises: BadRequestError (what is wrong with it), ConflictError, StoreUnavailableError
    """
    form.refuse_if_closed(services)
    settings = _checked(given, services)
    try:
        assignee = assignee_of(settings)
        stored = stored_form(form.run.id, form.state.place, given, services)
    except errors.StepInputError as error:
        raise errors.BadRequestError(str(error)) from error
    waiting = {key: value for key, value in (form.state.waiting_for or {}).items() if key != "assignee"}
    waiting |= {"assignee": assignee} if assignee else {}
    return _saved(form, replace(form.state, form=stored, waiting_for=waiting), services)


def _checked(given: JsonValue, services: Services) -> FormSettings:
    try:
        settings = FormSettings.model_validate(given)
    except ValidationError as error:
        raise errors.BadRequestError(*told(error, given, "form", FormSettings)) from error
    wrong = list(field_findings(settings.fields, "form.fields", ModelSchemas(services.objects)))
    if wrong:
        raise errors.BadRequestError(*map(_told, wrong))
    return settings


def _told(finding: Finding) -> str:
    return f"{finding.path}: {finding.message}"


def keep_values(form: FoundForm, values: Mapping[str, JsonValue], services: Services) -> JsonObject:
    """Keep what was filled in so far: it stands in the form when it is opened again, and answers nothing.

    Raises: ConflictError, BadRequestError (too large), StoreUnavailableError
    """
    form.refuse_if_closed(services)
    unknown = values.keys() - {field.name for field in form.settings.fields}
    if unknown:
        raise errors.BadRequestError(f'the form has no field "{min(unknown)[:100]}"')
    fields: list[JsonValue] = []
    for field in form.settings.fields:
        authored: JsonObject = field.model_dump(mode="json", by_alias=True, exclude_none=True)
        fields.append(authored | ({"value": values[field.name]} if field.name in values else {}))
    kept: JsonObject = {
        **form.settings.model_dump(mode="json", by_alias=True, exclude_none=True),
        "fields": fields,
    }
    try:
        stored = stored_form(form.run.id, form.state.place, kept, services)
    except errors.StepInputError as error:
        raise errors.BadRequestError(str(error)) from error
    return _saved(form, replace(form.state, form=stored), services)


def _saved(form: FoundForm, state: StepState, services: Services) -> JsonObject:
    if not services.forms.change(form.run, state):
        raise errors.ConflictError("the form was answered or asked anew meanwhile; load it again")
    step = form.version.definition.step(state.step_id)
    return form_view(replace(form, state=state, settings=settings_of(step, state, services)), services)
