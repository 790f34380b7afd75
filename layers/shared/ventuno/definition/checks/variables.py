"""Rules about `{{…}}`: a variable must name the trigger or a step that has run by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno.definition.findings import Finding, Severity, nearest
from ventuno.definition.model import TRIGGER, Definition
from ventuno.expressions import WHOLE_CONTEXT, Token, references, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.graph import Graph


@dataclass(frozen=True, slots=True)
class _Use:
    """One text with variables: the step it belongs to, where it stands, the roots it needs."""

    step_id: str
    path: str
    tokens: tuple[Token, ...]
    roots: frozenset[str]


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - author JSON
    """Yield every string of a value with its JSON path, object keys included."""
    todo: list[tuple[Any, str]] = [(value, path)]
    while todo:
        item, at = todo.pop()
        if isinstance(item, str):
            yield at, item
        elif isinstance(item, dict):
            todo += [(key, f"{at}.{key}") for key in reversed(item)]
            todo += [(member, f"{at}.{key}") for key, member in reversed(item.items())]
        elif isinstance(item, list | tuple):
            todo += [(member, f"{at}[{index}]") for index, member in reversed(list(enumerate(item)))]


def _uses(definition: Definition) -> Iterator[_Use]:
    for position, step in enumerate(definition.steps):
        for path, text in _texts(step.settings.input, f"$.steps[{position}].settings.input"):
            found = tuple(tokens(text))
            if found:
                roots = frozenset(ref.root for ref in references(text) if ref != WHOLE_CONTEXT)
                yield _Use(step.id, path, found, roots)


def invalid_paths(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """VARIABLE_INVALID_PATH."""
    del graph
    for use in _uses(definition):
        for token in use.tokens:
            if token.problem:
                yield Finding("VARIABLE_INVALID_PATH", use.path, token.problem)


def unknown_steps(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """VARIABLE_UNKNOWN_STEP."""
    known = set(graph.nodes)
    for use in _uses(definition):
        for root in sorted(use.roots - known):
            message = f'there is no step "{root}"; a variable starts with trigger or the id of a step'
            yield Finding("VARIABLE_UNKNOWN_STEP", use.path, message, nearest(root, known))


def steps_not_upstream(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """VARIABLE_NOT_UPSTREAM: an error where the step can never have run, a warning where it may not have."""
    for use in _uses(definition):
        wanted = use.roots & set(graph.nodes) - {TRIGGER}
        always = set(graph.dominators.above(use.step_id)) if wanted else set()
        for root in sorted(wanted - always):
            yield _not_upstream(
                use, root, sometimes=use.step_id in graph.reachable_from(root) and root != use.step_id
            )


def _not_upstream(use: _Use, root: str, *, sometimes: bool) -> Finding:
    if sometimes:
        message = (
            f'"{root}" does not run on every path to this step; where it does not, the variable is missing'
        )
        return Finding("VARIABLE_NOT_UPSTREAM", use.path, message, severity=Severity.WARNING)
    message = f'"{root}" never runs before this step; move this step after it or use another variable'
    return Finding("VARIABLE_NOT_UPSTREAM", use.path, message)
