"""Activate and deactivate a workflow: compile, create machine and schedules, then switch in one write.

Every step may be repeated: the machine's name follows from the version, and the switch is one transaction
that checks the workflow's revision. A crash before the switch leaves a machine nobody starts and schedules
that start nothing; activating again finds them and goes on. Schedules that a crash leaves behind a switch
delete themselves when they fire.
Source: reference §1.5; decisions, Lifecycle
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.definition.kinds import StepKind
from ventuno.runs.claim_check import check_in
from ventuno.runs.model import START, VersionRef
from ventuno.runtime.schedules import create_schedules, delete_schedules
from ventuno.runtime.scripts import script_of
from ventuno.runtime.validation import compile_checked
from ventuno.runtime.versions import read_version
from ventuno.triggers.registry import TRIGGERS
from ventuno.workflow.model import ActiveVersion, Version, VersionStatus, Workflow

if TYPE_CHECKING:
    from ventuno.compiler.compile import Compiled
    from ventuno.runs.model import Stored
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion

_WAITING = (StepKind.WAIT, StepKind.CALLBACK)


def activate(workflow: Workflow, services: Services) -> Workflow:
    """Make the draft, or else the last published version, the one that triggers start.

    Raises: WorkflowVersionError (nothing to activate), DefinitionError, ConflictError, StoreUnavailableError
    """
    number = workflow.draft_number or workflow.last_published_number
    if number is None or (workflow.active and workflow.active.number == number):
        raise errors.WorkflowVersionError(f'"{workflow.slug}" has no draft; apply a changed definition first')
    loaded = read_version(VersionRef(workflow.id, number), services.workflows, services.payloads)
    compiled = compile_checked(loaded.definition, services.objects, services.outside.code)
    machine_arn = _create_machine(workflow, loaded, compiled, services)
    version = replace(
        loaded.version,
        status=VersionStatus.ACTIVE,
        machine_arn=machine_arn,
        rides=compiled.rides,
        scripts=_scripts(loaded, services),
    )
    return _switch(workflow, loaded, version, services)


def _scripts(loaded: LoadedVersion, services: Services) -> Stored | None:
    """Store what is run in place of the code of steps, such as TypeScript without its types."""
    found = {
        step.id: script
        for step in loaded.definition.steps
        if (script := script_of(step, services.outside.code)) is not None
    }
    key = f"versions/{loaded.version.workflow_id}/{loaded.version.number}/scripts"
    return check_in(found, key, services.payloads) if found else None


def machine_name(stage: str, workflow: Workflow, number: int) -> str:
    """Name a version's machine: `<stage>-<slug>-v<n>`, at most 80 characters."""
    return f"{stage}-{workflow.slug}-v{number}"


def _create_machine(workflow: Workflow, loaded: LoadedVersion, compiled: Compiled, services: Services) -> str:
    tags = {"ventuno:stage": services.stage, "ventuno:workflow": workflow.slug}
    name = machine_name(services.stage, workflow, loaded.version.number)
    return services.machines.create(name, compiled.text, tags)


def _switch(workflow: Workflow, loaded: LoadedVersion, version: Version, services: Services) -> Workflow:
    switched = replace(
        workflow,
        name=loaded.definition.name,
        active=_active(workflow, loaded, version, services),
        last_published_number=version.number,
        draft_number=None if workflow.draft_number == version.number else workflow.draft_number,
    )
    saved = services.workflows.save(switched, [version, *_retired(workflow, version.number, services)])
    delete_schedules(workflow, services)
    return saved


def _active(workflow: Workflow, loaded: LoadedVersion, version: Version, services: Services) -> ActiveVersion:
    """Gather what triggers read, and make the schedules that will count from the switch on."""
    trigger = loaded.definition.trigger
    kind = TRIGGERS[trigger.type]
    settings = kind.settings_type.model_validate(trigger.settings)
    return ActiveVersion(
        number=version.number,
        machine_arn=version.machine_arn or "",
        trigger_type=trigger.type,
        trigger_settings=trigger.settings,
        rides_at_start=START in (version.rides or {}),
        topic=kind.topic(settings),
        schedules=create_schedules(workflow, kind.timings(settings), services),
        waits=any(loaded.kind(step.id) in _WAITING for step in loaded.definition.steps),
    )


def _retired(workflow: Workflow, number: int, services: Services) -> list[Version]:
    """The version published before, archived: it can never be activated again."""
    before = workflow.last_published_number
    if before is None or before == number:
        return []
    version = services.workflows.version(VersionRef(workflow.id, before))
    return [replace(version, status=VersionStatus.ARCHIVED)] if version else []


def deactivate(workflow: Workflow, services: Services) -> Workflow:
    """Stop triggers from starting runs; runs that go on are left alone. Nothing happens when none is active.

    Raises: ConflictError, StoreUnavailableError
    """
    if workflow.active is None:
        return workflow
    version = services.workflows.version(VersionRef(workflow.id, workflow.active.number))
    stopped = replace(workflow, active=None)
    versions = [replace(version, status=VersionStatus.DEACTIVATED)] if version else []
    saved = services.workflows.save(stopped, versions)
    delete_schedules(workflow, services)
    return saved
