"""A finding: one thing wrong with a definition, with a stable code and a sentence that says what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import get_close_matches
from enum import StrEnum
from heapq import nsmallest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.json_value import JsonObject

FINDING_LIMIT = 200

# A comparison costs the product of the lengths, and every finding may ask for one.
_LONGEST_COMPARED = 100
_MOST_COMPARED = 500


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


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Suggest the known name closest to a mistyped one, or None when nothing is close."""
    if len(name) > _LONGEST_COMPARED:
        return None
    short = (each for each in known if len(each) <= _LONGEST_COMPARED)
    similar = nsmallest(_MOST_COMPARED, short, key=lambda each: (abs(len(each) - len(name)), each))
    matches = get_close_matches(name, similar, n=1, cutoff=0.6)
    return matches[0] if matches else None


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that block activation."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]
