"""Rules about where variables lead: every key of a path must be one that the output can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.definition.findings import FINDING_LIMIT, Finding, Severity
from ventuno.expressions import Path
from ventuno.expressions.showing import shown
from ventuno.schemas import Missing
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.definition.checks.outputs import Outputs
    from ventuno.definition.checks.uses import Use
    from ventuno.expressions import Token

_MOST_NAMES = 30


def unknown_paths(uses: Sequence[Use], outputs: Outputs) -> Iterator[Finding]:
    """VARIABLE_PATH_NOT_FOUND: an error where the output is known, a warning where a sample is."""
    warned = 0
    for use in uses:
        for token in use.tokens:
            outcome = outputs.scope.path(token)
            if not isinstance(outcome, Missing) or not isinstance(token.operand, Path):
                continue
            warned += not outcome.certain
            if outcome.certain or warned <= FINDING_LIMIT:  # a suggestion costs a look at every known name
                yield _finding(use, token, token.operand.keys, outcome)


def _finding(use: Use, token: Token, keys: Sequence[str], missing: Missing) -> Finding:
    key = keys[missing.position]
    severity = Severity.ERROR if missing.certain else Severity.WARNING
    message = f"{token.shown}: {shown('.'.join(keys[: missing.position]))} has no {shown(key)}"
    if missing.known:
        names = ", ".join(map(shown, missing.known[:_MOST_NAMES]))
        message += f"; it has {names}{', …' if len(missing.known) > _MOST_NAMES else ''}"
    return Finding("VARIABLE_PATH_NOT_FOUND", use.path, message, nearest(key, missing.known), severity)
