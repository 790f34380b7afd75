"""Outputs: the schema of what each root of a definition holds, computed when asked for and kept.

What an action or trigger knows of its own output comes through the Protocol `Types`.
A schema that depends on itself, or on a very long chain of others, is anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from ventuno.schemas import ANY, schema_of_sample
from ventuno.schemas.picker import from_output_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ventuno.definition.checks.settings import Parsed
    from ventuno.definition.findings import Finding
    from ventuno.schemas import Schema, Scope

_LONGEST_CHAIN: Final = 50


class Types(Protocol):
    """What the registries of actions and triggers know of each type, by its parsed settings."""

    def scope(self, roots: Callable[[str], Schema]) -> Scope:
        """Return the scope in which roots have the schemas given."""

    def output_schema(self, parsed: Parsed, scope: Any) -> Schema:  # noqa: ANN401 - what `scope` returned
        """Return the schema of a trigger's payload or a step's result."""

    def findings(self, parsed: Parsed, scope: Any) -> Iterable[Finding]:  # noqa: ANN401 - as above
        """Find what is wrong with settings of the right shape; paths start at the settings."""


class Outputs:
    """The schemas of one definition; a root whose settings could not be read may hold anything."""

    def __init__(self, parsed: Sequence[Parsed], types: Types) -> None:
        self._parsed = {each.root: each for each in reversed(parsed)}
        self._types = types
        self._known: dict[str, Schema] = {}
        self._asked: list[str] = []
        self.scope = types.scope(self.of)

    def of(self, root: str) -> Schema:
        """Return the schema of what a root holds."""
        if root in self._known:
            return self._known[root]
        parsed = self._parsed.get(root)
        if parsed is None or root in self._asked or len(self._asked) == _LONGEST_CHAIN:
            return ANY
        self._asked.append(root)
        schema = self._types.output_schema(parsed, self.scope)
        self._asked.pop()
        self._known[root] = _expected(parsed.expected) if schema == ANY else schema
        return self._known[root]


def settings_findings(parsed: Iterable[Parsed], outputs: Outputs, types: Types) -> Iterator[Finding]:
    """INVALID_STEP_PARAMS, INVALID_TRIGGER_PARAMS, FILTER_TYPE_MISMATCH: what each type finds itself."""
    for each in parsed:
        for finding in types.findings(each, outputs.scope):
            yield replace(finding, path=f"{each.path}{finding.path}")


def _expected(written: Any) -> Schema:  # noqa: ANN401 - author JSON
    """Read what the author says a step results in, where its action cannot know."""
    return (from_output_schema(written) or schema_of_sample(written)) if written else ANY
