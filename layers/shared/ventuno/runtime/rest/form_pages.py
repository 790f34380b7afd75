"""The public page of a form, for people without a key.

A request from another site cannot act for the person: there is no cookie or other credential that a browser
adds by itself, and who knows the address could send the request anyway. So the page needs no further token.
Source: decisions, Actions (FORM), Access
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from ventuno import errors
from ventuno.pages.form_page import form_page
from ventuno.pages.look import HEADERS, HTML, message_page
from ventuno.runtime.answer_form import answer_found
from ventuno.runtime.filled_form import FilledForm
from ventuno.runtime.forms import keep_values, linked_form
from ventuno.runtime.http import OUR_FAULT, as_api_error
from ventuno.runtime.rest.route import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno.json_value import JsonObject
    from ventuno.runtime.rest.route import Request
    from ventuno.runtime.services import Services

INPUTS: Final[JsonObject] = {
    "type": "object",
    "description": "The inputs of the page as a browser sends them",
    "additionalProperties": {"type": "string"},
}
_MAX_BYTES: Final = 256 * 1024
_MAX_INPUTS: Final = 5_000
_FORM: Final = "application/x-www-form-urlencoded"
_CHANGED: Final = "The form was changed while you filled it in. Check it, and send it again."
_KEPT: Final = "Your answers are kept. Open this address again to go on; nothing was submitted yet."
_TITLES: Final = {
    400: "The form cannot be read",
    404: "There is no such form",
    409: "This form is closed",
    413: "The answers are too large",
    415: "The form cannot be read",
    503: "Please try again in a moment",
}


def show_form(request: Request, services: Services) -> Answer:
    """Show the form to fill in."""

    def work() -> Answer:
        form = linked_form(request.place["link"], services)
        form.refuse_if_closed(services)
        return _page(200, form_page(FilledForm(form, services).view()))

    return _told(work)


def send_form(request: Request, services: Services) -> Answer:
    """Take what was filled in: submit it, keep it for later, or find a record to choose."""

    def work() -> Answer:
        form = linked_form(request.place["link"], services)
        form.refuse_if_closed(services)
        return _taken(FilledForm(form, services), _posted(request), services)

    return _told(work)


def _taken(filled: FilledForm, posted: Mapping[str, Sequence[str]], services: Services) -> Answer:
    if posted.get("edition") != [filled.edition]:
        return _page(409, form_page(filled.view(_CHANGED)))
    filled = filled.filled_with(posted)
    action = posted.get("action", ["submit"])[0]
    if action.startswith("find:") or (action == "submit" and filled.searches):
        return _page(200, form_page(filled.view()))
    if action == "save":
        keep_values(filled.form, filled.answer(), services)
        return _page(200, form_page(filled.view(_KEPT)))
    try:
        answer_found(filled.form, filled.answer(), services)
    except errors.FormAnswerError as error:
        return _page(400, form_page(filled.with_problems(error.problems).view()))
    thanks = message_page("Thank you", "Your answers were submitted. You can close this page.")
    return _page(200, thanks)


def _posted(request: Request) -> dict[str, list[str]]:
    """Read the inputs. Raises: UnsupportedMediaTypeError, PayloadTooLargeError, BadRequestError"""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise errors.UnsupportedMediaTypeError(f"send the form as {_FORM}, as a browser does")
    if len(request.body) > _MAX_BYTES:
        raise errors.PayloadTooLargeError(f"the answers may have {_MAX_BYTES} bytes")
    try:
        text = request.body.decode("ascii")
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_INPUTS)
    except ValueError as error:
        raise errors.BadRequestError("what was sent is not a form that was filled in") from error


def _told(work: Callable[[], Answer]) -> Answer:
    """Do the work, and say on a page what it is refused for; what is our own fault goes on to the log."""
    try:
        return work()
    except errors.VentunoError as error:
        told = as_api_error(error)
        if told.status == OUR_FAULT:
            raise
        title = _TITLES.get(told.status, "This did not work")
        return _page(told.status, message_page(title, *(_sentence(text) for text in told.messages)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _page(status: int, page: Any) -> Answer:  # noqa: ANN401 - text, which is JSON to the type of bodies
    return Answer(status, page, HTML, HEADERS)
