"""The names of all states of one machine: unique everywhere in it, and stable when other steps change."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from ventuno.compiler.names import NAME_LIMIT, state_names
from ventuno.compiler.plan import End
from ventuno.compiler.states import LostNames

if TYPE_CHECKING:
    from ventuno.compiler.plan import Node
    from ventuno.definition.model import Definition

_SUFFIX_LIMIT = 12  # room for a role and a number


class NameBook:
    """Gives every state its name; a second state of the same step and role gets a number."""

    def __init__(self, definition: Definition) -> None:
        steps = {step.id: step.name for step in definition.steps}
        self._base = state_names(steps, NAME_LIMIT - _SUFFIX_LIMIT)
        self._used: Counter[str] = Counter()

    def of_step(self, step_id: str, role: str = "") -> str:
        """Name a state of a step. `role` tells its states apart."""
        base = self._base[step_id]
        return self._fresh(f"{base}~{role}" if role else base)

    def of_lost(self) -> LostNames:
        """Name the states of a scope for calls that were lost."""
        return LostNames(*map(self._fresh, ("lost", "lost~wait", "lost~back")))

    def of_key(self, key: str, node: Node) -> str:
        """Name the state of a node that stands for several steps, or for none."""
        if isinstance(node, End):
            return self._fresh(node.kind.lower())
        role, _, rest = key.partition(":")
        digest = hashlib.sha256(rest.partition("@")[0].encode()).hexdigest()[:8]
        return self._fresh(f"{role}~{digest}")

    def _fresh(self, name: str) -> str:
        self._used[name] += 1
        return name if self._used[name] == 1 else f"{name}~{self._used[name]}"
