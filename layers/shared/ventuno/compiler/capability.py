"""What a machine itself must be allowed, which says the role that it is given.

What a step may do, such as sending mail, is allowed to the function that runs it, never to a machine.
"""

from __future__ import annotations

from typing import Any

from ventuno.compiler.contract import Capability
from ventuno.compiler.machine_checks import scopes_of


def capability_of(machine: dict[str, Any]) -> Capability:
    """Return the least capability that covers all states of a machine."""
    return Capability.BATCHES if any(map(_is_batch, scopes_of(machine))) else Capability.STEPS


def _is_batch(scope: dict[str, Any]) -> bool:
    """Tell whether a part of a machine runs as executions of their own, a Distributed Map's."""
    mode: object = scope.get("ProcessorConfig", {}).get("Mode")
    return mode == "DISTRIBUTED"
