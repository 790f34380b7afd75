"""A finding: one thing wrong with a definition, with a stable code and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.json_value import JsonObject

FINDING_LIMIT = 200


class Severity(StrEnum):
    """Errors block activation, warnings do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Item: {code, severity, path (JSON path into the definition), message, suggestion (or null)}
    """

    code: str
    path: str
    message: str
    suggestion: str | None = None
    severity: Severity = Severity.ERROR

    def to_dict(self) -> JsonObject:
        """Return the wire form printed by `ventuno validate --json`."""
        return {key: asdict(self)[key] for key in ("code", "severity", "path", "message", "suggestion")}


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that block activation."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]
