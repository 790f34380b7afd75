"""The desk that acceptance tests sit at, and the table of their rows at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.acceptance.desk import ACCOUNT, Desk, key_of
from tests.e2e.acceptance.report import HEADINGS, PROPERTY, Table, page_of
from tests.e2e.acceptance.rows import ROWS
from tests.peers.mail_server import MailServer, mail_server
from tests.peers.web_server import Peer, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product

OPTION = "--acceptance-page"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the page to write."""
    parser.addoption(OPTION, metavar="FILE", help="Write the acceptance table as this page.")


def pytest_configure(config: pytest.Config) -> None:
    """Let the table listen to the reports."""
    config.pluginmanager.register(_Reporter(config), "acceptance-table")


class _Reporter:
    def __init__(self, config: pytest.Config) -> None:
        self._page = config.getoption(OPTION, None)
        self._table = Table()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._table.take(report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        lines = self._table.lines()
        if not lines:
            return
        widths = [max(len(cell) for cell in column) for column in zip(HEADINGS, *lines, strict=True)]
        terminalreporter.section("acceptance")
        for line in (HEADINGS, *lines):
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            terminalreporter.write_line("  ".join(cells).rstrip())
        if self._page and len(lines) == len(ROWS):
            Path(self._page).write_text(page_of(lines), "utf-8")


@pytest.fixture(scope="session")
def key(product: Product) -> str:
    """An administrator's key."""
    return key_of(product)


@pytest.fixture
def told(request: pytest.FixtureRequest) -> dict[str, object]:
    """What goes into the table for the test's row."""
    line: dict[str, object] = {"row": request.node.get_closest_marker("row").args[0]}
    request.node.user_properties.append((PROPERTY, line))
    return line


@pytest.fixture
def desk(product: Product, key: str, told: dict[str, object]) -> Iterator[Desk]:
    """A desk; what the test's runs came to goes into the table."""
    opened = Desk(product, key)
    yield opened
    opened.close()
    told.update(opened.figures())


@pytest.fixture(scope="session")
def mail(product: Product) -> Iterator[MailServer]:
    """The mail server that all workflows of these tests send by."""
    with mail_server() as server:
        mailbox = product.services.outside.mailbox
        mailbox.add_account(server.account(id=ACCOUNT, security="NONE"))
        yield server
        mailbox.remove_account(ACCOUNT)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A server on this machine, in place of those of other companies."""
    with running() as started:
        yield started
