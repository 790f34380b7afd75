"""Immutable versions, read once per process: the definition, parsed, and what rides with which call."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.actions.registry import KINDS
from ventuno.compiler.regions import level_of
from ventuno.compiler.riding import Riding
from ventuno.definition.graph import Graph
from ventuno.definition.kinds import StepKind
from ventuno.definition.loading import definition_from
from ventuno.definition.model import TRIGGER
from ventuno.engine.scopes import scopes_of
from ventuno.runs.claim_check import check_out
from ventuno.runs.model import VersionRef
from ventuno.runs.places import Place
from ventuno.runtime.parts import part_of
from ventuno.workflow.model import VersionStatus

if TYPE_CHECKING:
    from ventuno.compiler.regions import Level
    from ventuno.definition.model import Definition
    from ventuno.engine.scopes import LoopSettings, Scope
    from ventuno.ports import PayloadStore, WorkflowStore
    from ventuno.runtime.parts import Part
    from ventuno.runtime.services import Services
    from ventuno.workflow.model import Version, Workflow

CACHED_VERSIONS = 64


@dataclass(frozen=True)
class LoadedVersion:
    """A version ready to run.

    `rides` maps a host step, or the trigger, to the pure steps its call evaluates.
    """

    version: Version
    definition: Definition
    scripts: dict[str, str] = field(default_factory=dict)
    roots: dict[str, frozenset[str]] = field(default_factory=dict)
    """Filled by `runtime.references`: which outputs the input of each step names."""

    @cached_property
    def graph(self) -> Graph:
        """The definition's graph."""
        return Graph(self.definition)

    @cached_property
    def scope(self) -> Scope:
        """The definition's scopes: what lies outside all loops, and in it the bodies of loops."""
        return scopes_of(self.definition)

    def kind(self, step_id: str) -> StepKind:
        """Tell how a step takes part in a machine; a type that no action has is only ever simulated."""
        return KINDS.get(self.definition.step(step_id).type, StepKind.TASK)

    def settings_of(self, iterator: str) -> LoopSettings:
        """Return what the run rules read of an iterator's settings."""
        return self._loops[iterator]

    @cached_property
    def _loops(self) -> dict[str, LoopSettings]:
        return {scope.owner: scope.settings for scope in self.scope.walk() if scope.owner is not None}

    @cached_property
    def around(self) -> dict[str, tuple[str, ...]]:
        """The iterators around each step, outermost first."""
        loops = self.graph.loops
        return {step.id: tuple(reversed(loops.around(step.id))) for step in self.definition.steps}

    @cached_property
    def riding(self) -> Riding:
        """Which pure steps ride with which call."""
        kinds = {step.id: self.kind(step.id) for step in self.definition.steps}
        return Riding(self.definition, self.graph, kinds | {TRIGGER: StepKind.TASK})

    def level(self, step_id: str) -> Level:
        """Return the nesting level a step is on."""
        iterator = self.graph.loops.inner.get(step_id)
        if iterator not in self._levels:
            self._levels[iterator] = level_of(self.graph, iterator)
        return self._levels[iterator]

    @cached_property
    def _levels(self) -> dict[str | None, Level]:
        return {}

    def part(self, entries: tuple[str, ...]) -> Part:
        """Return the part that begins with some steps, which rounds run."""
        if entries not in self._parts:
            self._parts[entries] = part_of(self.level(entries[0]), entries, self.riding)
        return self._parts[entries]

    @cached_property
    def _parts(self) -> dict[tuple[str, ...], Part]:
        return {}

    @cached_property
    def hosts(self) -> dict[str, tuple[str, ...]]:
        """For each pure step, the hosts in whose stored state its outcome may lie."""
        found: dict[str, list[str]] = {}
        for host, rides in (self.version.rides or {}).items():
            for step_id in rides:
                found.setdefault(step_id, []).append(host)
        return {step_id: tuple(hosts) for step_id, hosts in found.items()}

    def places_of(self, place: Place) -> list[Place]:
        """List where the outcome of a step may lie: under its own id, or with a host it rides with."""
        hosts = (host for host in self.hosts.get(place.step_id, ()) if host != TRIGGER)
        return [place, *(Place(host, place.iteration) for host in hosts)]


@dataclass(slots=True)
class VersionCache:
    """The last versions used, newest last; drafts may change, so they are never kept."""

    _kept: OrderedDict[str, LoadedVersion] = field(default_factory=OrderedDict)

    def load(self, ref: VersionRef, workflows: WorkflowStore, payloads: PayloadStore) -> LoadedVersion:
        """Return a version, from memory when possible.

        Raises: NotFoundError, PayloadLostError
        """
        key = str(ref)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        loaded = read_version(ref, workflows, payloads)
        if loaded.version.status is not VersionStatus.DRAFT or ref.snapshot:
            self._kept[key] = loaded
            if len(self._kept) > CACHED_VERSIONS:
                self._kept.popitem(last=False)
        return loaded


def read_version(ref: VersionRef, workflows: WorkflowStore, payloads: PayloadStore) -> LoadedVersion:
    """Read a version from the store. Raises: NotFoundError, PayloadLostError"""
    version = workflows.version(ref)
    if version is None:
        raise errors.NotFoundError(f"workflow {ref.workflow_id} has no version v{ref.number}")
    scripts: Any = check_out(version.scripts, payloads) if version.scripts else {}
    return LoadedVersion(version, definition_from(check_out(version.definition, payloads)), scripts)


def with_status(
    workflow: Workflow, numbers: set[int | None], status: VersionStatus, services: Services
) -> list[Version]:
    """Read some versions and give them a status; None and what does not exist are left out."""
    refs = [VersionRef(workflow.id, number) for number in numbers if number is not None]
    found = [services.workflows.version(ref) for ref in refs]
    return [replace(version, status=status) for version in found if version is not None]


def canonical_definition(definition: Definition) -> str:
    """Write a definition as the text whose digest identifies it."""
    return json.dumps(definition.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
