"""Make a version ready to run: compile it, create its machine, gather what triggers read of it.

All of it may be repeated: a machine is found again by its name, which follows from the version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ventuno.definition.kinds import StepKind
from ventuno.runs.claim_check import check_in
from ventuno.runs.model import START
from ventuno.runtime.checking import compiled_here
from ventuno.runtime.scripts import script_of
from ventuno.triggers.registry import TRIGGERS
from ventuno.workflow.model import ActiveVersion, Version

if TYPE_CHECKING:
    from ventuno.runs.model import Stored
    from ventuno.runtime.services import Services
    from ventuno.runtime.versions import LoadedVersion
    from ventuno.schedules.scheduler_form import Timing
    from ventuno.workflow.model import Workflow

_WAITING = (StepKind.WAIT, StepKind.CALLBACK)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version with its machine, and what triggers read of it; its schedules are still to be made."""

    version: Version
    active: ActiveVersion
    timings: tuple[Timing, ...]
    name: str


def prepare(workflow: Workflow, loaded: LoadedVersion, machine: str, services: Services) -> Prepared:
    """Compile a version and create its machine, named `<stage>-<machine>`.

    Raises: DefinitionError, StoreUnavailableError, ConfigurationError
    """
    compiled = compiled_here(loaded.definition, services)
    tags = {"ventuno:stage": services.stage, "ventuno:workflow": workflow.slug}
    arn = services.machines.create(
        f"{services.stage}-{machine}", compiled.deployed, compiled.capability, tags
    )
    version = replace(
        loaded.version, machine_arn=arn, rides=compiled.rides, scripts=_scripts(loaded, services)
    )
    kind = TRIGGERS[loaded.definition.trigger.type]
    settings = kind.settings_type.model_validate(loaded.definition.trigger.settings)
    active = _active(loaded, version, kind.topic(settings))
    return Prepared(version, active, kind.timings(settings), loaded.definition.name)


def machine_of(workflow: Workflow, number: int) -> str:
    """Name a version's machine, without the stage: `<slug>-v<n>`; with it, it has at most 80 characters."""
    return f"{workflow.slug}-v{number}"


def _active(loaded: LoadedVersion, version: Version, topic: str | None) -> ActiveVersion:
    trigger = loaded.definition.trigger
    return ActiveVersion(
        number=version.number,
        machine_arn=version.machine_arn or "",
        trigger_type=trigger.type,
        trigger_settings=trigger.settings,
        rides_at_start=START in (version.rides or {}),
        topic=topic,
        waits=any(loaded.kind(step.id) in _WAITING for step in loaded.definition.steps),
        snapshot=version.snapshot,
    )


def _scripts(loaded: LoadedVersion, services: Services) -> Stored | None:
    """Store what is run in place of the code of steps, such as TypeScript without its types."""
    found = {
        step.id: script
        for step in loaded.definition.steps
        if (script := script_of(step, services)) is not None
    }
    key = f"versions/{loaded.version.workflow_id}/{loaded.version.number}/scripts"
    return check_in(found, key, services.payloads) if found else None
