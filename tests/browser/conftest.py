"""A real browser before the shared stack. Without Chromium and its driver on PATH these tests are left out.

`.ci/run` installs both, so there they are never left out.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import product, stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

__all__ = ["browser", "product", "stack"]


@pytest.fixture(scope="session")
def driver() -> Iterator[Chrome]:
    """One browser for all tests, with scripts switched off: no page of ours may need one."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # noqa: PLC0415 - only these tests need it

    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip(
            "there is no chromium with chromedriver on PATH; Debian: apt install chromium chromium-driver"
        )
    options = ChromeOptions()
    options.binary_location = chromium
    for argument in ("headless", "no-sandbox", "disable-dev-shm-usage", "window-size=800,1400", "lang=en"):
        options.add_argument(f"--{argument}")
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    started = Chrome(options, ChromeService(chromedriver))
    yield started
    started.quit()


@pytest.fixture
def browser(driver: Chrome) -> Chrome:
    """The browser, showing nothing."""
    driver.get("about:blank")
    return driver
