"""Findings as people read them: file, line and column first, as editors understand it, then what to do."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ventuno_dev.cli.tables import printable
from ventuno_dev.cli.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.definition.findings import Finding
    from ventuno_dev.definition_files import Checked
    from ventuno_dev.yaml_source import Place

_INDENT = "    "


def finding_text(finding: Finding, where: str = "", width: int | None = None) -> str:
    """Write one finding; its sentences are broken to the width, if there is one."""
    lines = [finding.message]
    if finding.suggestion is not None:
        lines.append(f"suggestion: {finding.suggestion}")
    head = " ".join(part for part in (where, f"{finding.severity}:", finding.code, finding.path) if part)
    return "\n".join([printable(head), *(_wrapped(printable(line), width) for line in lines)])


def _wrapped(text: str, width: int | None) -> str:
    if width is None:
        return _INDENT + text
    return textwrap.fill(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT)


def checked_text(checked: Checked, places: Mapping[Finding, Place], width: int | None = None) -> str:
    """Write everything about one file."""
    if not checked.findings:
        return f"{checked.path}: valid"
    return "\n".join(
        finding_text(finding, _where(checked, places.get(finding)), width) for finding in checked.findings
    )


def _where(checked: Checked, place: Place | None) -> str:
    return f"{checked.path}:{place.line}:{place.column}:" if place else f"{checked.path}:"


def total_text(checked: Sequence[Checked]) -> str:
    """Count what was found in all files."""
    found = [finding for each in checked for finding in each.findings]
    wrong = [finding for finding in found if finding.severity == "error"]
    parts = (
        count(len(checked), "file"),
        count(len(wrong), "error"),
        count(len(found) - len(wrong), "warning"),
    )
    return ", ".join(parts)
