"""The public page of a form: filled in without a script, told what is wrong, sent once."""

from __future__ import annotations

import importlib
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.functional.rest.test_rest_forms import COMPANY, NOTE, SEATS, STAGE, TOKEN, ask, asks, company
from ventuno.access.model import Role

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api
    from ventuno.runs.model import Run

DAY = {"name": "day", "label": "Day", "type": "DATE"}
MARKUP = """</title></style><script>alert(1)</script><img src=x onerror=alert(1)>"'&"""


class Page(HTMLParser):
    """What a page consists of, as a browser reads it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        found = [attributes for name, attributes in self.tags if name == tag]
        return [one for one in found if wanted.items() <= one.items()]

    def filled(self) -> dict[str, str]:
        """Return what a browser would send as it stands."""
        inputs = [one for one in self.all("input") if one.get("type") != "radio" or "checked" in one]
        return {str(one["name"]): str(one.get("value", "")) for one in inputs}


def address(api: Api, run: Run, iteration: str = "") -> str:
    _, body = api("GET", "/forms", role=Role.RUNNER)
    (form,) = (form for form in body["forms"] if form["runId"] == run.id and form["iteration"] == iteration)
    return str(form["address"])


def opened(api: Api, where: str) -> tuple[int, Page, dict[str, str]]:
    return visited(api, "GET", where)


def sent(api: Api, where: str, **filled: Any) -> tuple[int, Page]:  # noqa: ANN401 - text, or a list of it
    """Open a form, fill some inputs and send it."""
    _, page, _ = opened(api, where)
    status, answer, _ = visited(api, "POST", where, urlencode(page.filled() | filled, doseq=True))
    return status, answer


def visited(
    api: Api, method: str, where: str, body: str = "", **headers: str
) -> tuple[int, Page, dict[str, str]]:
    event = {
        "version": "2.0",
        "rawPath": where,
        "rawQueryString": "",
        "headers": {"content-type": "application/x-www-form-urlencoded", **headers},
        "requestContext": {"http": {"method": method, "path": where}, "stage": "$default"},
        "body": body,
        "isBase64Encoded": False,
    }
    context = importlib.import_module("tests.functional.deployment").LambdaContext()
    answer = api.function.lambda_handler(event, context)
    given = {**answer.get("headers", {}), **{k: v[0] for k, v in answer.get("multiValueHeaders", {}).items()}}
    return answer["statusCode"], Page(answer["body"]), given


def result(api: Api, run: Run) -> Any:  # noqa: ANN401 - any JSON
    _, view = api("GET", f"/runs/{run.id}", role=Role.VIEWER)
    return view["state"]["stepInfos"]["ask"].get("result")


def test_a_form_is_filled_in_and_sent_and_the_second_time_refused_on_a_page(api: Api) -> None:
    run = asks(api.world, [SEATS, NOTE, DAY, STAGE])
    where = address(api, run)
    first, thanks = sent(api, where, f0="3", f1="x", f2="2026-03-18", f3="NEW")
    edition = {"edition": "0" * 16}
    second, closed, _ = visited(api, "POST", where, urlencode({"f0": "4"} | edition))

    assert (first, second) == (200, 409)
    assert "Thank you" in thanks.text
    assert "already" in closed.text
    assert result(api, run) == {"seats": 3, "note": "x", "day": "2026-03-18", "stage": "NEW"}


def test_the_page_needs_no_script_and_allows_none(api: Api) -> None:
    status, page, headers = opened(api, address(api, asks(api.world, [NOTE])))
    policy = headers["Content-Security-Policy"]

    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.all("script") == []
    assert {part.strip().split()[0] for part in policy.split(";")} == {
        "default-src",
        "style-src",
        "form-action",
        "base-uri",
        "frame-ancestors",
    }
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "text",
    [
        MARKUP,
        "\x00\x1b[31m\x7f",
        "]]> --> <!--",
        "&lt;script&gt;&#60;script>",
        "\u2028\u202e</textarea>",
        "javascript:x",
    ],
    ids=ascii,
)
def test_no_text_of_authors_payloads_records_or_people_becomes_markup(api: Api, text: str) -> None:
    fields = [
        {**NOTE, "label": "{{trigger.text}}", "placeholder": "{{trigger.text}}", "value": "{{trigger.text}}"},
        COMPANY,
        SEATS,
    ]
    run = asks(api.world, fields, {"text": f"x{text}"})
    plain, _ = (
        len(opened(api, address(api, asks(api.world, fields, {"text": "x"})))[1].tags),
        company(api.world, "A"),
    )
    company(api.world, f"zebra {text}".strip()[:200])
    status, page, _ = opened(api, address(api, run))
    _, found = sent(api, address(api, run), **{"f1-search": "zebra", "action": "find:f1"})
    _, wrong = sent(api, address(api, run), f2=text or "x")

    assert status == 200
    assert len(page.tags) == plain
    for shown in (page, found, wrong):
        assert shown.all("script") == shown.all("img") == []
        assert not [name for _, attributes in shown.tags for name in attributes if name.startswith("on")]


def test_what_is_wrong_stands_beside_its_field_and_in_a_list_of_links(api: Api) -> None:
    run = asks(api.world, [SEATS, NOTE])
    status, page = sent(api, address(api, run), f0="many", f1="kept as it was typed")
    (seats,) = page.all("input", name="f0")

    assert status == 400
    assert (seats["aria-invalid"], seats["aria-describedby"], seats["value"]) == (
        "true",
        "f0-problem",
        "many",
    )
    assert page.all("p", id="f0-problem")
    assert page.all("a", href="#f0")
    assert page.all("div", role="alert")
    assert page.all("input", name="f1")[0]["value"] == "kept as it was typed"
    assert result(api, run) is None


def test_every_input_has_a_label(api: Api) -> None:
    run = asks(api.world, [SEATS, NOTE, DAY, STAGE, COMPANY])
    _, page, _ = opened(api, address(api, run))
    named = {label["for"] for label in page.all("label") if "for" in label}
    seen = [one for one in page.all("input") if one["type"] != "hidden"] + page.all("select")

    assert {one["id"] for one in seen} == named
    assert "Note (optional)" in page.text
    assert page.all("html", lang="en")


def test_a_record_is_found_by_its_words_chosen_and_sent(api: Api) -> None:
    run, acme = asks(api.world, [COMPANY, NOTE]), company(api.world, "Acme Rockets")
    company(api.world, "Other")
    where = address(api, run)
    status, page = sent(api, where, **{"f0-search": "rock", "action": "find:f0", "f1": "typed before"})
    choices = [one["value"] for one in page.all("input", type="radio")]
    done, _ = sent(api, where, f0=acme)

    assert (status, choices) == (200, [acme, ""])
    assert "1 company found" in page.text
    assert page.all("input", name="f1")[0]["value"] == "typed before"
    assert done == 200
    assert result(api, run)["company"]["name"] == "Acme Rockets"


def test_a_search_that_was_typed_and_sent_with_the_enter_key_is_made_and_nothing_is_submitted(
    api: Api,
) -> None:
    run = asks(api.world, [COMPANY])
    status, page = sent(api, address(api, run), **{"f0-search": "nobody", "action": "submit"})

    assert (status, result(api, run)) == (200, None)
    assert "No company found" in page.text


def test_answers_are_kept_for_later(api: Api) -> None:
    run, acme = asks(api.world, [SEATS, NOTE, COMPANY]), company(api.world, "Acme")
    where = address(api, run)
    status, page = sent(api, where, f0="soon", f1="half", f2=acme, action="save")
    _, again, _ = opened(api, where)

    assert status == 200
    assert "kept" in page.text
    assert [again.all("input", name=name)[0]["value"] for name in ("f0", "f1")] == ["soon", "half"]
    assert again.all("input", type="radio", value=acme, checked="checked")
    assert result(api, run) is None


def test_several_options_are_ticked(api: Api) -> None:
    options = [
        {"value": value, "label": value, "position": at, "color": "red"} for at, value in enumerate("AB")
    ]
    declared = {
        "name": "ticket",
        "plural": "tickets",
        "fields": [{"name": "tags", "type": "MULTI_SELECT", "options": options}],
    }
    made = api("POST", "/metadata/objects", declared, role=Role.ADMIN)
    tags = {
        "name": "tags",
        "label": "Tags",
        "type": "MULTI_SELECT",
        "settings": {"selectedFieldId": "ticket.tags"},
    }
    run = asks(api.world, [tags])
    where = address(api, run)
    _, page, _ = opened(api, where)
    status, _ = sent(api, where, f0=["A", "B"])

    assert made[0] == 201, made
    assert len(page.all("input", type="checkbox", name="f0")) == 2
    assert (status, result(api, run)) == (200, {"tags": ["A", "B"]})


def test_a_form_that_was_changed_meanwhile_is_shown_again_and_not_submitted(api: Api) -> None:
    run = asks(api.world, [NOTE])
    where = address(api, run)
    _, page, _ = opened(api, where)
    api("PUT", f"/runs/{run.id}/forms/ask", [SEATS], role=Role.EDITOR)
    status, again, _ = visited(api, "POST", where, urlencode(page.filled() | {"f0": "3"}))

    assert status == 409
    assert "changed while" in again.text
    assert again.all("label", **{"for": "f0"})
    assert result(api, run) is None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_form_of_a_stopped_run_or_past_its_time_is_a_page_that_says_so(api: Api, method: str) -> None:
    stopped, expired = (asks(api.world, {"fields": [NOTE], "expiresAfter": {"hours": 1}}) for _ in range(2))
    where = [address(api, run) for run in (stopped, expired)]
    api("POST", f"/runs/{stopped.id}/stop", role=Role.RUNNER)
    api.world.clock.advance(3_600)
    pages = [visited(api, method, one) for one in where]

    assert [status for status, *_ in pages] == [409, 409]
    assert "STOPPED" in pages[0][1].text
    assert "expired" in pages[1][1].text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_the_whole_address_opens_a_form_and_no_other_tells_anything(api: Api, method: str) -> None:
    run = asks(api.world, [NOTE])
    whole = address(api, run)
    place, _, secret = whole.rpartition("~")
    wrong = [
        whole[:-1],
        f"{place}~{secret[::-1]}x",
        f"{place}~",
        f"/forms/{run.id}",
        whole.replace("~ask~", "~make~"),
        whole.replace("~ask~", "~nothing~"),
        whole.replace(run.id, "nothing"),
        whole.replace("~ask~~", "~ask~0~"),
        f"{place}~{TOKEN}",
        "/forms/%00",
        "/forms/" + "x" * 5_000,
    ]
    answers = [visited(api, method, where) for where in wrong]

    assert {status for status, *_ in answers} == {404}
    assert len({page.text for _, page, _ in answers}) == 1


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("{}", {"content-type": "application/json"}, 415),
        ("f0=" + "x" * 300_000, {}, 413),
        ("&".join(f"a{n}=1" for n in range(6_000)), {}, 400),
        ("f0=%ff", {}, 400),
        ("é=1", {}, 400),
        ("", {}, 409),
    ],
    ids=["JSON", "large", "many", "no text", "no form", "nothing"],
)
def test_what_no_browser_sends_is_refused_on_a_page(
    api: Api, body: str, headers: dict[str, str], status: int
) -> None:
    run = asks(api.world, [NOTE])
    answered, page, _ = visited(api, "POST", address(api, run), body, **headers)

    assert (answered, result(api, run)) == (status, None)
    assert page.all("h1")


def test_the_page_of_an_iteration_answers_that_iteration(api: Api) -> None:
    run = asks(api.world, [NOTE])
    ask(api.world, run, "other", "3")
    status, _ = sent(api, address(api, run, "3"), f0="x")

    assert status == 200
    assert result(api, run) is None
    assert [form["iteration"] for form in api("GET", "/forms", role=Role.RUNNER)[1]["forms"]] == [""]


def test_the_task_token_is_on_no_page(api: Api) -> None:
    run = asks(api.world, [NOTE])
    _, page, headers = opened(api, address(api, run))

    assert TOKEN not in page.text + json.dumps([page.tags, headers])
