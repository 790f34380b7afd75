"""The page of a form: what is asked, what is wrong with what was filled in, and three ways to send it.

The first button is the one that the Enter key presses, so it stands first and is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.pages.form_controls import Control, control_of
from ventuno.pages.html import el, els
from ventuno.pages.look import document, heading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as it is shown; `edition` tells whether it was changed since."""

    title: str
    controls: Sequence[Control]
    edition: str
    closes: str | None = None
    notice: str | None = None


def form_page(view: FormView) -> str:
    """Write the page."""
    wrong = [control for control in view.controls if control.problem]
    title = f"Error: {view.title}" if wrong else view.title
    closes = f"It can be answered until {view.closes}." if view.closes else None
    content = [
        heading(view.title),
        el("p", {"class": "quiet"}, closes) if closes else None,
        el("p", {"class": "box", "role": "status"}, view.notice) if view.notice else None,
        _summary(wrong) if wrong else None,
        _form(view),
    ]
    return document(title, content)


def _summary(wrong: Sequence[Control]) -> Element:
    lines = [
        el("li", {}, el("a", {"href": f"#{control.key}"}, f"{control.label}: {control.problem}"))
        for control in wrong
    ]
    head = el("h2", {}, "The form was not sent. Correct this, and send it again:")
    return el("div", {"class": "box bad", "role": "alert"}, head, els("ul", {}, lines))


def _form(view: FormView) -> Element:
    send = {"type": "submit", "name": "action", "value": "submit"}
    return el(
        "form",
        {"method": "post", "novalidate": True, "accept-charset": "utf-8"},
        el("button", {**send, "class": "unseen", "tabindex": "-1", "aria-hidden": "true"}, "Submit"),
        el("input", {"type": "hidden", "name": "edition", "value": view.edition}),
        *map(control_of, view.controls),
        el(
            "div",
            {"class": "actions"},
            el("button", {**send, "class": "main"}, "Submit"),
            el("button", {"type": "submit", "name": "action", "value": "save"}, "Save for later"),
        ),
    )
