"""Which steps run in one go: those outside all loops, and the body of each iterator.

A scope is free of circles: the links back to its iterator are kept apart in `returns`.
A link from the trigger, or from an iterator into its body, makes nobody a parent. It only names where to
start, so it does nothing for a step that has parents in its scope.
Source: reference §4.2, §4.5
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.definition.findings import Finding
from ventuno.definition.graph import ITERATOR, Edge, written_edges
from ventuno.definition.model import TRIGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ventuno.definition.model import Definition, Step


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """What the run rules read of an ITERATOR's input; how its items are made is its action's business."""

    entries: tuple[str, ...]
    max_concurrency: int
    continues: bool


def loop_settings(step: Step) -> LoopSettings:
    """Read an iterator's settings; what has the wrong type counts as left out, its own model reports it."""
    given: dict[str, Any] = step.settings.input if isinstance(step.settings.input, dict) else {}
    entries = given.get("initialLoopStepIds")
    ids = entries if isinstance(entries, list | tuple) else ()
    limit = given.get("maxConcurrency")
    return LoopSettings(
        entries=tuple(dict.fromkeys(entry for entry in ids if isinstance(entry, str))),
        max_concurrency=limit if isinstance(limit, int) and not isinstance(limit, bool) and limit > 1 else 1,
        continues=given.get("shouldContinueOnIterationFailure") is True,
    )


@dataclass
class Scope:
    """The steps of one scope, in authored order; steps of loops inside it are not among them.

    `owner` is the iterator whose body this is, or None. `depth` counts the loops around the steps.
    """

    owner: str | None
    settings: LoopSettings
    depth: int
    entries: tuple[str, ...] = ()
    members: list[str] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    returns: list[Edge] = field(default_factory=list)
    loops: dict[str, Scope] = field(default_factory=dict)

    @cached_property
    def parents(self) -> dict[str, list[Edge]]:
        """The links into each member."""
        return self._by(lambda edge: edge.target)

    @cached_property
    def children(self) -> dict[str, list[Edge]]:
        """The links out of each member, as authored."""
        return self._by(lambda edge: edge.source)

    @cached_property
    def way_to(self) -> dict[str, str]:
        """The loop among the members that holds each step further inside."""
        return {
            step_id: loop_id
            for loop_id, loop in self.loops.items()
            for inner in loop.walk()
            for step_id in inner.members
        }

    def _by(self, end: Callable[[Edge], str]) -> dict[str, list[Edge]]:
        sorted_edges: dict[str, list[Edge]] = {member: [] for member in self.members}
        for edge in self.edges:
            sorted_edges[end(edge)].append(edge)
        return sorted_edges

    def walk(self) -> Iterator[Scope]:
        """Yield this scope and every scope inside it."""
        yield self
        for loop in self.loops.values():
            yield from loop.walk()


def loop_members(definition: Definition, iterator_id: str) -> tuple[str, ...]:
    """List the steps inside a loop, depth-first from its entries, bodies of loops inside it included.

    Source: reference §4.5, rule 3
    """
    links = _links(definition)
    seen: dict[str, None] = {}
    pending = list(reversed(loop_settings(definition.step(iterator_id)).entries))
    while pending:
        step_id = pending.pop()
        if step_id != iterator_id and step_id not in seen and step_id in links:
            seen[step_id] = None
            pending.extend(reversed(links[step_id]))
    return tuple(seen)


def _links(definition: Definition) -> dict[str, list[str]]:
    """List where each step leads: the body first for an iterator, then what follows it."""
    links: dict[str, list[str]] = {
        step.id: list(loop_settings(step).entries) if step.type == ITERATOR else []
        for step in definition.steps
    }
    for edge in _flow(definition):
        if edge.source != TRIGGER:
            links[edge.source].append(edge.target)
    return links


def _flow(definition: Definition) -> Iterator[Edge]:
    """Give the links between steps that exist, without those from an iterator into its body."""
    known = {step.id for step in definition.steps}
    links = (edge for edge in written_edges(definition) if edge.target in known)
    return (edge for edge in links if ".initialLoopStepIds[" not in edge.path)


def scopes_of(definition: Definition) -> Scope:
    """Return the scope outside all loops; it holds the others.

    Raises: DefinitionError when loops overlap, a link enters or leaves a body, or steps form a circle
    """
    owners = _owners(definition)
    scopes = _nested(definition, owners)
    for step in definition.steps:
        scopes[owners[step.id]].members.append(step.id)
    for edge in _flow(definition):
        if edge.source == TRIGGER:
            continue
        home = scopes[owners[edge.source]]
        if edge.target == home.owner:
            home.returns.append(edge)
        elif owners[edge.target] == home.owner:
            home.edges.append(edge)
        else:
            raise _refusal(edge.path, f'"{edge.source}" links to "{edge.target}" across the border of a loop')
    _refuse_circles(scopes.values())
    return scopes[None]


def _owners(definition: Definition) -> dict[str, str | None]:
    """Tell the innermost loop around each step."""
    iterators = [step.id for step in definition.steps if step.type == ITERATOR]
    members = {iterator: set(loop_members(definition, iterator)) for iterator in iterators}
    owners: dict[str, str | None] = {step.id: None for step in definition.steps}
    for iterator in sorted(iterators, key=lambda loop: -len(members[loop])):
        for member in members[iterator]:
            if owners[member] != owners[iterator]:
                sentence = f'the loops around "{member}" overlap; a loop stands inside another or beside it'
                raise _refusal("$.steps", sentence)
        owners |= dict.fromkeys(members[iterator], iterator)
    return owners


def _nested(definition: Definition, owners: Mapping[str, str | None]) -> dict[str | None, Scope]:
    known = owners.keys()
    first = tuple(dict.fromkeys(definition.trigger.next_step_ids))
    root = Scope(None, LoopSettings(first, max_concurrency=1, continues=False), 0)
    scopes: dict[str | None, Scope] = {None: root}
    loops = [step for step in definition.steps if step.type == ITERATOR]
    for step in sorted(loops, key=lambda loop: _depth(loop.id, owners)):
        outer = scopes[owners[step.id]]
        scopes[step.id] = Scope(step.id, loop_settings(step), outer.depth + 1)
        outer.loops[step.id] = scopes[step.id]
    for scope in scopes.values():
        scope.entries = tuple(entry for entry in scope.settings.entries if entry in known)
        for entry in scope.entries:
            if owners[entry] != scope.owner:
                raise _refusal("$.steps", f'"{entry}" starts "{scope.owner or TRIGGER}" but stands elsewhere')
    return scopes


def _depth(step_id: str, owners: Mapping[str, str | None]) -> int:
    owner = owners[step_id]
    return 0 if owner is None else 1 + _depth(owner, owners)


def _refuse_circles(scopes: Iterable[Scope]) -> None:
    for scope in scopes:
        waiting = {member: len(links) for member, links in scope.parents.items()}
        ready = [member for member in scope.members if not waiting[member]]
        for member in ready:
            for edge in scope.children[member]:
                waiting[edge.target] -= 1
                if not waiting[edge.target]:
                    ready.append(edge.target)
        for member in scope.members:
            if waiting[member]:
                raise _refusal("$.steps", f'"{member}" leads back to itself or hangs on a step that does')


def _refusal(path: str, sentence: str) -> errors.DefinitionError:
    return errors.DefinitionError([Finding("STEP_CYCLE", path, sentence)])
