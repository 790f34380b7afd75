"""Run all rules over one definition, and the types that rules of settings need."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Protocol

from ventuno.definition.checks import loops, outputs, paths, pipes, settings, structure, uses, variables
from ventuno.definition.findings import FINDING_LIMIT, Severity, errors_of
from ventuno.definition.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from ventuno.definition.findings import Finding
    from ventuno.definition.model import Definition


class Models(outputs.Types, Protocol):
    """The settings models of all actions and triggers by type, and what each type knows of its settings."""

    @property
    def actions(self) -> Mapping[str, type[BaseModel]]:
        """The model of `settings.input` by step type."""

    @property
    def triggers(self) -> Mapping[str, type[BaseModel]]:
        """The model of the trigger's `settings` by trigger type."""

    @property
    def literal_places(self) -> Mapping[str, frozenset[str]]:
        """The keys of `settings.input` that are no templates, by step type."""

    @property
    def secret_places(self) -> Mapping[str, frozenset[str]]:
        """The keys of `settings.input` that may name secrets, by step type."""


_STRUCTURE: tuple[Callable[[Definition, Graph], Iterator[Finding]], ...] = (
    structure.no_steps,
    structure.duplicate_ids,
    variables.ambiguous_ids,
    structure.dangling_links,
    structure.no_first_step,
    structure.unreachable_steps,
    structure.cycles,
    loops.loop_bodies,
    loops.loop_borders,
    structure.branches,
)
_VARIABLES: tuple[Callable[[Sequence[uses.Use], Graph], Iterator[Finding]], ...] = (
    variables.invalid_paths,
    variables.unclosed_braces,
    variables.broken_limits,
    variables.unknown_steps,
    variables.steps_not_upstream,
)
_TYPES: tuple[Callable[[Sequence[uses.Use], outputs.Outputs], Iterator[Finding]], ...] = (
    paths.unknown_paths,
    pipes.broken_pipes,
)


def check(definition: Definition, models: Models) -> list[Finding]:
    """Find everything that is wrong with a definition, ordered by rule."""
    return [finding for rule in _found(definition, models) for finding in _limited(rule)]


def structure_errors(definition: Definition) -> list[Finding]:
    """Find what keeps every run of a definition from being followed, whatever its settings say."""
    graph = Graph(definition)
    return errors_of(finding for rule in _STRUCTURE for finding in _limited(rule(definition, graph)))


def outputs_of(definition: Definition, models: Models) -> outputs.Outputs:
    """Return the schemas of what the trigger and the steps result in, whatever else is wrong."""
    parsed: list[settings.Parsed] = []
    deque(settings.trigger_settings(definition, models.triggers, parsed), maxlen=0)
    deque(settings.step_settings(definition, models.actions, parsed), maxlen=0)
    return outputs.Outputs(parsed, models)


def _found(definition: Definition, models: Models) -> Iterator[Iterable[Finding]]:
    """Yield what each rule finds; the rules of settings come first, because others need what they read."""
    graph = Graph(definition)
    parsed: list[settings.Parsed] = []
    yield settings.trigger_settings(definition, models.triggers, parsed)
    yield settings.step_settings(definition, models.actions, parsed)
    for rule in _STRUCTURE:
        yield rule(definition, graph)
    used = list(uses.uses_of(definition, models.literal_places))
    for variable_rule in _VARIABLES:
        yield variable_rule(used, graph)
    yield variables.misplaced_secrets(definition, used, models.secret_places)
    known = outputs.Outputs(parsed, models)
    for type_rule in _TYPES:
        yield type_rule(used, known)
    yield outputs.settings_findings(parsed, known, models)


def _limited(found: Iterable[Finding]) -> Iterator[Finding]:
    """Pass on a bounded number of each severity: a rule ends with its last error, never with a warning."""
    count: Counter[Severity] = Counter()
    for finding in found:
        count[finding.severity] += 1
        if count[finding.severity] <= FINDING_LIMIT:
            yield finding
        elif finding.severity is Severity.ERROR:
            return
