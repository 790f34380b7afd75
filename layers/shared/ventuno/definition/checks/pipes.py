"""Rules about pipes: each must exist, have the right arguments, and be given what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.findings import Finding, Severity
from ventuno.expressions import PIPES, BoundPipe, FaultKind
from ventuno.schemas.schema import kinds_of
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.definition.checks.outputs import Outputs
    from ventuno.definition.checks.uses import Use
    from ventuno.expressions import PipeFault, Token

_CODES = {FaultKind.UNKNOWN: "VARIABLE_UNKNOWN_PIPE", FaultKind.INVALID: "VARIABLE_INVALID_PIPE"}


def broken_pipes(uses: Sequence[Use], outputs: Outputs) -> Iterator[Finding]:
    """VARIABLE_UNKNOWN_PIPE, VARIABLE_INVALID_PIPE."""
    for use in uses:
        for token in use.tokens:
            yield from (_fault_finding(use, token, fault) for fault in token.faults)
            yield from _kind_findings(use, token, outputs)


def _fault_finding(use: Use, token: Token, fault: PipeFault) -> Finding:
    unknown = fault.kind is FaultKind.UNKNOWN
    suggestion = nearest(fault.name.lower(), PIPES) if unknown else _signature(fault.name)
    return Finding(_CODES[fault.kind], use.path, f"{token.shown}: {fault.name} {fault.message}", suggestion)


def _signature(name: str) -> str | None:
    return PIPES[name].signature if name in PIPES else None


def _kind_findings(use: Use, token: Token, outputs: Outputs) -> Iterator[Finding]:
    """Find a pipe that never takes what the path or the pipe before it gives."""
    if not token.pipes:
        return
    for pipe, given in zip(token.pipes, outputs.scope.stages(token), strict=False):
        kinds = kinds_of(given.schema)
        if isinstance(pipe, BoundPipe) and kinds and kinds.isdisjoint(pipe.pipe.takes):
            taken, got = ", ".join(sorted(pipe.pipe.takes)), " or ".join(sorted(kinds))
            severity = Severity.ERROR if given.certain else Severity.WARNING
            message = f"{token.shown}: {pipe.name} takes {taken}, not {got}"
            yield Finding("VARIABLE_INVALID_PIPE", use.path, message, severity=severity)
            return
