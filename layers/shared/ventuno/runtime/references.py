"""Which stored states a call must read: those of the steps its variables name, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.model import TRIGGER
from ventuno.expressions import WHOLE_CONTEXT, references

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.runtime.versions import LoadedVersion


def roots_of(version: LoadedVersion, step_ids: Iterable[str]) -> frozenset[str]:
    """Collect the roots (step ids, `trigger`) that the inputs of some steps name."""
    return frozenset().union(*(_roots(version, step_id) for step_id in step_ids))


def _roots(version: LoadedVersion, step_id: str) -> frozenset[str]:
    if step_id not in version.roots:
        found = references(version.definition.step(step_id).settings.input)
        known = {TRIGGER, *(step.id for step in version.definition.steps)}
        whole = WHOLE_CONTEXT in found
        version.roots[step_id] = frozenset(known) if whole else frozenset(ref.root for ref in found) & known
    return version.roots[step_id]


def hosts_of(version: LoadedVersion, roots: Iterable[str]) -> frozenset[str]:
    """Name the steps in whose stored state the outcomes of `roots` may lie.

    The trigger lies in the run itself.
    """
    stored = {host for root in roots for host in version.hosts.get(root, (root,))}
    return frozenset(stored - {TRIGGER})
