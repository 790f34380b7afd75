"""docs/findings.md: every code that validation can report."""

from __future__ import annotations

from ventuno.definition.checks.catalogue import CODES
from ventuno_dev.docs.tables import code, table


def findings_page() -> str:
    """Write the page."""
    lines = [
        "# Findings",
        "",
        "What `ventuno validate` reports. Each finding has a code, a JSON path into the definition,",
        "a sentence, and often a suggestion. Errors block activation, warnings do not.",
        "",
        *table(("code", "meaning"), ((code(name), meaning) for name, meaning in sorted(CODES.items()))),
    ]
    return "\n".join(lines) + "\n"
