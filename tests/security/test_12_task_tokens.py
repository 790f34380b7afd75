"""Security 12: a task token never leaves the server: no answer of any call and no log holds it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.builders import step, written
from tests.functional.rest.conftest import Api, api
from ventuno.access.model import Role
from ventuno.runtime.forms import forms_of
from ventuno.runtime.rest.routes import ROUTES
from ventuno.runtime.run_step import run_step
from ventuno.runtime.show_run import show_run
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from ventuno.runs.model import Run

__all__ = ["api"]
TOKEN: Final = "task-token-that-never-leaves"  # noqa: S105 - no secret
NOTE: Final = {"name": "note", "label": "Note", "type": "TEXT"}
READING: Final = [route for route in ROUTES if route.method == "GET"]


@pytest.fixture
def run(api: Api) -> Run:
    """Begin a run that waits for a form, with a token that is in the store."""
    following = {"objectName": "company", "objectRecord": {"name": "{{ask | json}}"}}
    api.world.publish(
        written(step("ask", "FORM", "make", [NOTE]), step("make", "CREATE_RECORD", given=following))
    )
    begun = api.world.start({"name": "Acme"}).run
    waiting = {"run": begun.id, "version": str(begun.version), "step": "ask", "token": TOKEN}
    run_step(StepEvent.model_validate(waiting), api.world.services)
    assert api.world.states(begun.id)["ask"].token == TOKEN
    return begun


def places(api: Api, run: Run) -> dict[str, str]:
    """Name what a route's address leaves open: whatever there is, by each name that routes use."""
    (form,) = forms_of(run.id, api.world.services)
    workflow = api.world.workflow()
    return {
        "run": run.id,
        "step": "ask",
        "iterator": "ask",
        "link": str(form["address"]).rpartition("/")[2],
        "slug": workflow.slug,
        "number": "1",
        "plural": "companies",
    }


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RUNNER, Role.EDITOR, Role.ADMIN])
def test_no_call_that_reads_tells_a_token_to_any_role(api: Api, run: Run, role: Role) -> None:
    named = places(api, run)
    answers = {}
    for route in READING:
        address = route.path
        for name, value in named.items():
            address = address.replace(f"<{name}>", value)
        answers[address] = api.answered("GET", address, role=role)
    told = [address for address, answer in answers.items() if answer["statusCode"] == 200]

    seen = {f"/runs/{run.id}", "/runs", f"/forms/{named['link']}", f"/workflows/{named['slug']}/export"}
    assert seen <= {*told}
    assert [address for address, answer in answers.items() if TOKEN in json.dumps(answer)] == []


def test_neither_the_answer_of_a_form_nor_its_refusals_tell_the_token(
    api: Api, run: Run, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    address = f"/runs/{run.id}/forms/ask"
    calls: list[tuple[str, Any]] = [
        ("POST", {"other": 1}),
        ("PUT", [NOTE]),
        ("POST", {"note": "x"}),
        ("POST", {}),
    ]
    answers = [api.answered(method, address, body, role=Role.EDITOR) for method, body in calls]
    written_out = capsys.readouterr()

    assert [answer["statusCode"] for answer in answers] == [400, 200, 200, 409]
    assert list(api.world.machines.answers) == [TOKEN], "it went back to the machine"
    assert TOKEN not in json.dumps(answers)
    assert "ApiRequests" in written_out.out
    assert TOKEN not in written_out.out + written_out.err + caplog.text


def test_no_later_step_reads_the_token(api: Api, run: Run) -> None:
    api("POST", f"/runs/{run.id}/forms/ask", {"note": "x"}, role=Role.RUNNER)
    api.world.call(run, "make")
    view: Any = show_run(run.id, api.world.services)

    assert view["state"]["stepInfos"]["make"]["result"]["name"] == '{"note":"x"}'
    assert TOKEN not in json.dumps(view)
