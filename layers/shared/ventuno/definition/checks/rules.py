"""Run all rules over one definition, and the types that rules of settings need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ventuno.definition.checks import settings, structure, variables
from ventuno.definition.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import BaseModel

    from ventuno.definition.findings import Finding
    from ventuno.definition.model import Definition


class Models(Protocol):
    """The settings models of all actions and triggers by type."""

    @property
    def actions(self) -> Mapping[str, type[BaseModel]]:
        """The model of `settings.input` by step type."""

    @property
    def triggers(self) -> Mapping[str, type[BaseModel]]:
        """The model of the trigger's `settings` by trigger type."""


_STRUCTURE: tuple[Callable[[Definition, Graph], Iterator[Finding]], ...] = (
    structure.no_steps,
    structure.duplicate_ids,
    structure.dangling_links,
    structure.no_first_step,
    structure.unreachable_steps,
    structure.cycles,
    structure.parallel_steps,
    structure.branches,
    variables.invalid_paths,
    variables.unknown_steps,
    variables.steps_not_upstream,
)


def check(definition: Definition, models: Models) -> list[Finding]:
    """Find everything that is wrong with a definition, ordered by rule."""
    graph = Graph(definition)
    found = list(settings.trigger_settings(definition, models.triggers))
    found += settings.step_settings(definition, models.actions)
    for rule in _STRUCTURE:
        found += rule(definition, graph)
    return found
