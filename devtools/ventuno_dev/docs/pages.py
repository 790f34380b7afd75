"""The generated pages, one line each: the file's name and the function that writes its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno_dev.docs.actions import actions_page
from ventuno_dev.docs.cli import cli_page
from ventuno_dev.docs.expressions import expressions_page
from ventuno_dev.docs.filters import filters_page
from ventuno_dev.docs.findings import findings_page

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES: dict[str, Callable[[], str]] = {
    "actions.md": actions_page,
    "cli.md": cli_page,
    "expressions.md": expressions_page,
    "filters.md": filters_page,
    "findings.md": findings_page,
}
