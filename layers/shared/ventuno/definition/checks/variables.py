"""Rules about `{{…}}`: a variable must name the trigger or a step that has run by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno.definition.certainty import runs_before
from ventuno.definition.findings import Finding, Severity
from ventuno.definition.model import TRIGGER
from ventuno.expressions import NOW, SECRETS, Path, fault_of, names_a_secret, parse
from ventuno.expressions.showing import shown
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ventuno.definition.checks.uses import Use
    from ventuno.definition.graph import Graph
    from ventuno.definition.model import Definition

LONGEST_TEMPLATE: Final = 262_144
"""Characters of one text that holds variables."""

_UNREAD_SHOWN: Final = 30
_TAKEN: Final = {NOW: "the current time", SECRETS: "where secrets are"}

MOST_KEYS: Final = 100
"""Keys of one path; no value that is taken in is nested deeper."""


def invalid_paths(uses: Sequence[Use], graph: Graph) -> Iterator[Finding]:
    """VARIABLE_INVALID_PATH."""
    del graph
    for use in uses:
        for token in use.tokens:
            if token.problem:
                yield Finding("VARIABLE_INVALID_PATH", use.path, token.problem)


def unclosed_braces(uses: Sequence[Use], graph: Graph) -> Iterator[Finding]:
    """VARIABLE_UNCLOSED: a warning, because such text may be meant."""
    del graph
    for use in uses:
        if use.unread:
            message = (
                f"{shown(use.unread, _UNREAD_SHOWN)} opens no variable and stays as it is; "
                "a variable ends with }} and holds no other braces"
            )
            yield Finding("VARIABLE_UNCLOSED", use.path, message, severity=Severity.WARNING)


def broken_limits(uses: Sequence[Use], graph: Graph) -> Iterator[Finding]:
    """TEMPLATE_LIMIT_EXCEEDED."""
    del graph
    for use in uses:
        if use.length > LONGEST_TEMPLATE:
            message = f"the text has {use.length} characters, with variables {LONGEST_TEMPLATE} are allowed"
            yield Finding("TEMPLATE_LIMIT_EXCEEDED", use.path, f"{message}; split it")
        for token in use.tokens:
            keys = len(token.operand.keys) if isinstance(token.operand, Path) else 0
            if keys > MOST_KEYS:
                message = f"{token.shown} has {keys} keys, {MOST_KEYS} are allowed; no value is nested deeper"
                yield Finding("TEMPLATE_LIMIT_EXCEEDED", use.path, message)


def unknown_steps(uses: Sequence[Use], graph: Graph) -> Iterator[Finding]:
    """VARIABLE_UNKNOWN_STEP."""
    known = {*graph.nodes, NOW, SECRETS}
    for use in uses:
        for root in sorted(use.roots - known):
            message = (
                f'there is no step "{shown(root)}"; a variable starts with trigger, now or the id of a step'
            )
            yield Finding("VARIABLE_UNKNOWN_STEP", use.path, message, nearest(root, known))


def steps_not_upstream(uses: Sequence[Use], graph: Graph) -> Iterator[Finding]:
    """VARIABLE_NOT_UPSTREAM: an error where the step can never have run, a warning where it may not have."""
    steps = set(graph.nodes) - {TRIGGER, NOW, SECRETS}
    for use in uses:
        for root in sorted(use.roots & steps):
            if runs_before(graph, root, use.step_id):
                continue
            yield _not_upstream(
                use, root, sometimes=use.step_id in graph.reachable_from(root) and root != use.step_id
            )


def misplaced_secrets(
    definition: Definition, uses: Sequence[Use], places: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """SECRET_NOT_ALLOWED; `places` holds the keys of the input that may name secrets, by step type."""
    kinds = {step.id: step.type for step in definition.steps}
    for use in uses:
        for token in use.tokens:
            if not names_a_secret(token):
                continue
            allowed = places.get(kinds[use.step_id], frozenset())
            if use.key not in allowed:
                message = f"{token.shown} may not stand here; {_where(places)}"
                yield Finding("SECRET_NOT_ALLOWED", use.path, message)
            elif fault := fault_of(token):
                yield Finding("SECRET_NOT_ALLOWED", use.path, fault)


def _where(places: Mapping[str, frozenset[str]]) -> str:
    listed = "; ".join(
        f"{', '.join(sorted(keys))} of {kind}" for kind, keys in sorted(places.items()) if keys
    )
    return f"secrets are for {listed}"


def _not_upstream(use: Use, root: str, *, sometimes: bool) -> Finding:
    if sometimes:
        message = (
            f'"{root}" does not run on every path to this step; where it does not, the variable is missing'
        )
        return Finding("VARIABLE_NOT_UPSTREAM", use.path, message, severity=Severity.WARNING)
    message = f'"{root}" never runs before this step; move this step after it or use another variable'
    return Finding("VARIABLE_NOT_UPSTREAM", use.path, message)


def ambiguous_ids(definition: Definition, graph: Graph) -> Iterator[Finding]:
    """AMBIGUOUS_STEP_ID: a warning for ids that variables read as something else, an error for a root."""
    del graph
    for position, step in enumerate(definition.steps):
        suggestion = f"step_{step.id}"
        path = f"$.steps[{position}].id"
        if step.id in _TAKEN:
            message = (
                f"in variables {step.id} is {_TAKEN[step.id]}, so no step can have this id; choose another"
            )
            yield Finding("AMBIGUOUS_STEP_ID", path, message, suggestion)
        elif not _is_name(step.id):
            message = f"{{{{{step.id}}}}} does not mean this step, so its whole result has no variable"
            yield Finding(
                "AMBIGUOUS_STEP_ID", path, f"{message}; choose another id", suggestion, Severity.WARNING
            )


def _is_name(step_id: str) -> bool:
    token = parse(f"{{{{{step_id}}}}}").lone_token
    return token is not None and token.operand == Path((step_id,))
