"""The acceptance table: one line per row, from the figures that tests attach to their reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.e2e.acceptance.rows import ROWS

if TYPE_CHECKING:
    import pytest

PROPERTY: Final = "acceptance"
HEADINGS: Final = ("row", "automation", "status", "runs", "steps", "transitions", "AWS calls", "seconds")
_FIGURES: Final = ("runs", "steps", "transitions", "calls", "seconds")

PAGE: Final = """# Acceptance

Automations that users of a CRM build, run on the local stack by `make acceptance`, which makes this page.
Each row's criterion is a test in `tests/e2e/acceptance/`.
Every run is repeated by both engines of `ventuno simulate`, which must come to the same statuses.
`ventuno new --template <name>` starts a workflow of your own from one of these.

Steps are those that were executed, each iteration of a loop counted.
Steps, transitions, AWS calls and seconds are those of all runs of the row together, on 2 cores.

{table}
"""


@dataclass(slots=True)
class Table:
    """What the tests of each row told."""

    figures: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    failed: set[str] = field(default_factory=set)

    def take(self, report: pytest.TestReport) -> None:
        """Take a phase of a test: its failure, or what it told at its end."""
        told: Any = dict(report.user_properties).get(PROPERTY)
        if told is None:
            return
        row = told["row"]
        if report.failed:
            self.failed.add(row)
        if report.when == "teardown":
            for name in _FIGURES:
                self.figures[row][name] = self.figures[row].get(name, 0) + told.get(name, 0)

    def lines(self) -> list[tuple[str, ...]]:
        """Return the cells of each row that was run, in the order of the rows."""
        return [self._line(row) for row in ROWS if row in self.figures or row in self.failed]

    def _line(self, row: str) -> tuple[str, ...]:
        figures = self.figures[row]
        counts = [f"{figures.get(name, 0):.0f}" for name in _FIGURES[:-1]]
        status = "failed" if row in self.failed else "passed"
        return (row, ROWS[row].name, status, *counts, f"{figures.get('seconds', 0):.2f}")


def page_of(lines: list[tuple[str, ...]]) -> str:
    """Write the page."""
    headings = (*HEADINGS[:2], "workflows", *HEADINGS[2:])
    cells = [headings, ("---",) * len(headings)]
    for row, name, *rest in lines:
        files = " ".join(f"[{slug}](../workflows/{slug}.yaml)" for slug in ROWS[row].workflows)
        cells.append((row, name, files, *rest))
    return PAGE.format(table="\n".join(f"| {' | '.join(line)} |" for line in cells))
