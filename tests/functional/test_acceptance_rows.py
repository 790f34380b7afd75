"""The acceptance table is complete: every shipped workflow is in it or an example, every row has a test."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.acceptance.rows import EXAMPLES, ROWS

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests" / "e2e" / "acceptance"


def test_every_shipped_workflow_is_of_a_row_or_an_example() -> None:
    named = [slug for row in ROWS.values() for slug in row.workflows]
    shipped = {path.stem for path in (PROJECT / "workflows").glob("*.yaml")}

    assert {*named, *EXAMPLES} == shipped
    assert not {*named} & {*EXAMPLES}


def test_every_row_has_a_test() -> None:
    tested = {
        row
        for path in TESTS.glob("test_*.py")
        for row in re.findall(r'mark\.row\("(A\d+)"\)', path.read_text())
    }

    assert tested == set(ROWS)
