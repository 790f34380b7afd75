"""The controls of a form's page: each with its label, its problem beside it, and usable with keys alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.pages.html import el, els

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ventuno.pages.html import Attributes


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a record was searched by, how the records are called, and what was found; None before a search."""

    text: str
    noun: str
    found: tuple[Option, ...] | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """A field as it is shown: `key` names its inputs, `values` is what is filled in."""

    key: str
    kind: str
    label: str
    required: bool = False
    placeholder: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    search: Search | None = None
    problem: str | None = None

    @property
    def value(self) -> str:
        """The one value, or nothing."""
        return self.values[0] if self.values else ""


def control_of(field: Control) -> Element:
    """Write a field."""
    if field.search is not None:
        return _group(field, *_records(field, field.search))
    if field.kind == "MULTI_SELECT":
        return _group(field, *(_choice(field, option, "checkbox") for option in field.options))
    control = _select(field) if field.kind == "SELECT" else el("input", _text_attributes(field))
    label = el("label", {"for": field.key, "class": "name"}, _name(field))
    return el("div", {"class": "field"}, label, control, _problem(field))


def _text_attributes(field: Control) -> Attributes:
    kind = "date" if field.kind == "DATE" else "text"
    return {
        "type": kind,
        "id": field.key,
        "name": field.key,
        "value": field.value,
        "placeholder": field.placeholder or None,
        "inputmode": "decimal" if field.kind == "NUMBER" else None,
        "autocomplete": "off",
        **_state(field),
    }


def _select(field: Control) -> Element:
    empty = el("option", {"value": ""}, field.placeholder or "Choose…")
    options = [
        el("option", {"value": option.value, "selected": option.value == field.value}, option.label)
        for option in field.options
    ]
    return el("select", {"id": field.key, "name": field.key, **_state(field)}, empty, *options)


def _records(field: Control, search: Search) -> list[Element | None]:
    """Write the records that can be chosen, and the search for others."""
    found = search.found or ()
    chosen = [option for option in field.options if option.value not in {one.value for one in found}]
    count = (
        None
        if search.found is None
        else f"{len(found) or 'No'} {search.noun} found."
        + ("" if found else " Search by other words, or by the beginnings of words.")
    )
    query, button = f"{field.key}-search", f"find:{field.key}"
    none = [] if field.required or not (chosen or found) else [Option("", "None")]
    return [
        *(_choice(field, option, "radio") for option in (*chosen, *found, *none)),
        el("p", {"role": "status", "id": f"{field.key}-found", "class": "quiet"}, count) if count else None,
        el("label", {"for": query}, f"Search for a {search.noun}"),
        el(
            "div",
            {"class": "find"},
            el(
                "input",
                {"type": "text", "id": query, "name": query, "value": search.text, "autocomplete": "off"},
            ),
            el("button", {"type": "submit", "name": "action", "value": button}, "Find"),
        ),
        el("input", {"type": "hidden", "name": f"{field.key}-searched", "value": search.text}),
    ]


def _choice(field: Control, option: Option, kind: str) -> Element:
    chosen = option.value in field.values or (not option.value and not field.values)
    box = el("input", {"type": kind, "name": field.key, "value": option.value, "checked": chosen})
    return el("label", {"class": "choice"}, box, el("span", {}, option.label))


def _group(field: Control, *content: Element | None) -> Element:
    told = {"aria-describedby": f"{field.key}-problem"} if field.problem else {}
    attributes: Attributes = {"id": field.key, "tabindex": "-1", **told}
    return els("fieldset", attributes, [el("legend", {}, _name(field)), _problem(field), *content])


def _name(field: Control) -> str:
    return field.label if field.required else f"{field.label} (optional)"


def _state(field: Control) -> Attributes:
    """Say to whoever cannot see it what is required and what is wrong."""
    return {
        "aria-required": "true" if field.required else None,
        "aria-invalid": "true" if field.problem else None,
        "aria-describedby": f"{field.key}-problem" if field.problem else None,
    }


def _problem(field: Control) -> Element | None:
    if field.problem is None:
        return None
    return el("p", {"id": f"{field.key}-problem", "class": "problem"}, field.problem)
