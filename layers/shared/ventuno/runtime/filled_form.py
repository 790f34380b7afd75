"""A form with what somebody filled in: how it is shown again, and what it answers.

Inputs are named by the place of their field, because a field's name is any text an author writes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ventuno.actions.form_fields import FormFieldType, options_of
from ventuno.pages.form_controls import Control, Option, Search
from ventuno.pages.form_page import FormView
from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.number import NumberType
from ventuno.runs.claim_check import to_text
from ventuno.runtime.record_lookup import found_records, record_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ventuno.actions.form_fields import FormField
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.runtime.forms import FoundForm
    from ventuno.runtime.services import Services


@dataclass(frozen=True)
class FilledForm:
    """A form, the values by input, and what records were searched by; at first what is stored in the form."""

    form: FoundForm
    services: Services
    values: Mapping[str, tuple[str, ...]] | None = None
    searches: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def edition(self) -> str:
        """Identify what is asked, whatever is filled in."""
        asked: list[JsonValue] = [
            one.model_dump(mode="json", exclude={"value"}) for one in self.form.settings.fields
        ]
        return hashlib.sha256(to_text(asked).encode()).hexdigest()[:16]

    def filled_with(self, posted: Mapping[str, Sequence[str]]) -> FilledForm:
        """Fill in what was posted; a search that was typed and not made yet is made first."""
        values: dict[str, tuple[str, ...]] = {}
        searches: dict[str, str] = {}
        pressed = posted.get("action", [""])[0]
        for key, asked in self._keyed():
            values[key] = tuple(value for value in posted.get(key, ()) if value)
            if asked.type is FormFieldType.RECORD:
                text, before = (_first(posted, f"{key}-{name}") for name in ("search", "searched"))
                wanted = text != before and not values[key]
                if text and (wanted or pressed == f"find:{key}"):
                    searches[key] = text
        return replace(self, values=values, searches=searches)

    def with_problems(self, problems: Mapping[str, str]) -> FilledForm:
        """Add what is wrong, by the names of the fields."""
        return replace(self, problems=problems)

    def answer(self) -> JsonObject:
        """Return what is answered, by the names of the fields, not checked yet."""
        return {asked.name: _answered(asked, self._of(key, asked)) for key, asked in self._keyed()}

    def view(self, notice: str | None = None) -> FormView:
        """Return what is shown. Raises: StoreUnavailableError, QueryBudgetError"""
        until: Any = (self.form.state.waiting_for or {}).get("until")
        return FormView(
            title=self.form.step.name or "Form",
            controls=[self._control(key, asked) for key, asked in self._keyed()],
            edition=self.edition,
            closes=f"{until[:10]} {until[11:16]} UTC" if until else None,
            notice=notice,
        )

    def _keyed(self) -> Iterator[tuple[str, FormField]]:
        yield from ((f"f{index}", asked) for index, asked in enumerate(self.form.settings.fields))

    def _of(self, key: str, asked: FormField) -> tuple[str, ...]:
        return tuple(_stored(asked.value)) if self.values is None else self.values[key]

    def _control(self, key: str, asked: FormField) -> Control:
        problem = self.problems.get(asked.name)
        control = Control(
            key=key,
            kind=asked.type.value,
            label=asked.label,
            required=asked.required,
            placeholder=asked.placeholder or "",
            values=self._of(key, asked),
            options=tuple(Option(value, _words(value)) for value in options_of(asked, self.services.objects)),
            problem=_sentence(problem) if problem else None,
        )
        return self._with_records(control, asked) if asked.type is FormFieldType.RECORD else control

    def _with_records(self, control: Control, asked: FormField) -> Control:
        """Add the record that is chosen, and those that a search finds."""
        name = asked.settings.object_name or ""
        chosen = record_option(name, control.value, self.services) if control.value else None
        text = self.searches.get(control.key)
        search = Search(text or "", name, None if text is None else found_records(name, text, self.services))
        values = (chosen.value,) if chosen else ()
        return replace(control, values=values, options=(chosen,) if chosen else (), search=search)


def _first(posted: Mapping[str, Sequence[str]], name: str) -> str:
    return posted.get(name, [""])[0].strip()


def _stored(value: JsonValue) -> Iterator[str]:
    """Read the value that a form has from the beginning, or that was kept."""
    match value:
        case None | "":
            return
        case {"id": str(record_id)}:
            yield record_id
        case list():
            yield from (str(one) for one in value)
        case _:
            yield str(value)


def _answered(asked: FormField, values: tuple[str, ...]) -> JsonValue:
    if not values:
        return None
    match asked.type:
        case FormFieldType.MULTI_SELECT:
            return list(values)
        case FormFieldType.RECORD:
            return {"id": values[0]}
        case FormFieldType.NUMBER:
            return _number(values[0])
    return values[0]


def _number(text: str) -> JsonValue:
    """Read a number; what is none stays text, which the check refuses."""
    try:
        return NumberType().comparable(text)
    except FieldValueError:
        return text


def _words(option: str) -> str:
    """Write an option for people: IN_PROGRESS as In progress."""
    return option.replace("_", " ").capitalize() if option.isupper() else option


def _sentence(problem: str) -> str:
    return problem if problem[:1].isupper() else f"This {problem}"
