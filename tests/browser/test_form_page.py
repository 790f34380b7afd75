"""A form's page in Chromium on the running stack: filled in with keys alone, sent twice, taken once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.builders import Json, step, written
from tests.e2e.runs import statuses
from tests.e2e.test_control_flow import until
from ventuno.definition.loading import definition_from
from ventuno.records.context import Actor, WriteContext
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e
FIELDS: list[Json] = [
    {"name": "reason", "label": "Why does {{trigger.name}} need it?", "type": "TEXT", "required": True},
    {"name": "seats", "label": "Seats", "type": "NUMBER", "required": True},
    {"name": "day", "label": "First day", "type": "DATE"},
    {
        "name": "stage",
        "label": "Stage",
        "type": "SELECT",
        "settings": {"selectedFieldId": "opportunity.stage"},
    },
    {"name": "company", "label": "Company", "type": "RECORD", "settings": {"objectName": "company"}},
]


def waiting(product: Product, name: str) -> tuple[str, str]:
    """Start a run that asks; return its id and the address of the page."""
    slug = f"form-{uuid.uuid4().hex[:12]}"
    given: Json = {"fields": FIELDS, "expiresAfter": {"days": 7}}
    after = {"objectName": "company", "objectRecord": {"name": "{{ask.reason}}"}}
    authored = written(
        step("ask", "FORM", "make", given), step("make", "CREATE_RECORD", given=after), name=slug
    )
    address = product.activated(slug, definition_from(authored))
    run_id = str(product.post(address, {"name": name})["workflowRunId"])
    until(product, run_id, lambda infos: infos["ask"]["status"] == "PENDING")
    link = product.services.runs.load_all(run_id).by_place[Place("ask")].link
    return run_id, f"{product.api_url}/forms/{run_id}~ask~~{link}"


def focused(browser: Chrome) -> WebElement:
    return browser.switch_to.active_element


def press(browser: Chrome, *keys: str) -> None:
    for key in keys:
        focused(browser).send_keys(key)


def tab_to(browser: Chrome, name: str, value: str | None = None) -> WebElement:
    """Press Tab until an input has the focus, as somebody without a mouse does."""
    for _ in range(40):
        press(browser, Keys.TAB)
        here = focused(browser)
        if here.get_attribute("name") == name and value in (None, here.get_attribute("value")):
            return here
    raise AssertionError(f"no {name} is reached with the Tab key")


def sees(browser: Chrome, text: str) -> bool:
    """Wait until the page that is loading says something; raises when it never does."""
    passing = (NoSuchElementException, StaleElementReferenceException)
    wait = WebDriverWait(browser, 15, poll_frequency=0.05, ignored_exceptions=passing)
    return bool(wait.until(lambda page: text in page.find_element(By.TAG_NAME, "main").text, text))


def test_a_form_is_filled_in_with_keys_alone_and_a_second_submit_is_refused_on_a_page(
    product: Product, browser: Chrome, tmp_path: Path
) -> None:
    acme = f"Acme {uuid.uuid4().hex[:8]}"
    write = WriteContext(Actor("API", "test"))
    product.services.records.create("company", {"name": acme}, write)
    run_id, address = waiting(product, "<b>Ada</b>")

    browser.get(address)
    assert sees(browser, "Why does <b>Ada</b> need it?")
    tab_to(browser, "f0")
    press(browser, "Growth", Keys.ENTER)
    assert sees(browser, "The form was not sent")
    browser.save_screenshot(str(tmp_path / "problems.png"))
    seats: Any = browser.find_element(By.NAME, "f1")
    assert seats.get_attribute("aria-invalid") == "true"

    tab_to(browser, "f1")
    press(browser, "12")
    tab_to(browser, "f3")
    press(browser, "N")
    tab_to(browser, "f4-search")
    press(browser, acme.split()[1], Keys.ENTER)
    assert sees(browser, "1 company found")
    browser.save_screenshot(str(tmp_path / "found.png"))
    tab_to(browser, "f4")
    press(browser, Keys.ARROW_UP)  # from "None", which is ticked
    assert browser.find_element(By.NAME, "f0").get_attribute("value") == "Growth"
    tab_to(browser, "action", "submit")
    press(browser, Keys.ENTER)
    assert sees(browser, "Thank you")
    view = product.finished(run_id)

    browser.get(address)
    assert sees(browser, "already")
    browser.save_screenshot(str(tmp_path / "closed.png"))
    result = view["state"]["stepInfos"]["ask"]["result"]
    assert (result["reason"], result["seats"], result["stage"]) == ("Growth", 12, "NEW")
    assert result["company"]["name"] == acme
    assert statuses(view) == {"ask": "SUCCESS", "make": "SUCCESS"}


def test_two_windows_submit_one_answer(product: Product, browser: Chrome) -> None:
    run_id, address = waiting(product, "Ada")
    windows = []
    for answer in ("first", "second"):
        browser.switch_to.new_window("tab")
        browser.get(address)
        browser.find_element(By.NAME, "f0").send_keys(answer)
        browser.find_element(By.NAME, "f1").send_keys("1")
        windows.append(browser.current_window_handle)
    for window, told in zip(windows, ("Thank you", "already"), strict=True):
        browser.switch_to.window(window)
        browser.find_element(By.CSS_SELECTOR, "button.main").click()
        assert sees(browser, told)
    view = product.finished(run_id)

    assert view["state"]["stepInfos"]["ask"]["result"]["reason"] == "first"


def test_the_page_reads_without_a_mouse_a_script_or_colours(product: Product, browser: Chrome) -> None:
    _, address = waiting(product, "Ada")
    browser.get("data:text/html,<title>off</title><script>document.title = 'on'</script>")
    assert browser.title == "off"
    browser.get(address)
    inputs = browser.find_elements(By.CSS_SELECTOR, "input:not([type=hidden]), select, fieldset")
    names = {element.accessible_name for element in inputs}
    style: Any = browser.find_element(By.CSS_SELECTOR, "button.main").value_of_css_property("min-height")

    assert "" not in names
    assert {"Why does Ada need it?", "First day (optional)", "Company (optional)"} <= names
    assert style == "44px"  # the policy lets the page's own style through
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
