"""Security 1: no text of an author, webhook, form, record or HTTP response is evaluated, twice or at all.

`{{…}}` and `{%…%}` inside values stay literal, wherever a value comes from and wherever it goes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.builders import create, step, written
from tests.fakes.http import answer
from tests.fakes.mail import SALES
from ventuno.runs.places import Place
from ventuno.runtime.answer_form import answer_form
from ventuno.runtime.run_step import run_step
from ventuno.runtime.show_run import show_run
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from tests.fakes.world import World

HOSTILE: Final = {
    "a variable": "{{trigger.secret}}",
    "a variable in a variable": "{{{{trigger.secret}}}}",
    "halves of a variable": "{{trigger.secret",
    "a secret": "{{secrets.KEY}}",
    "a pipe": "{{trigger.secret | upper}}",
    "now": "{{now}}",
    "JSONata": "{% $states.context.Execution.Input %}",
    "JSONata that reads on": "{% $eval('1+1') %}",
    "a JSONPath": "$.Execution.Input",
    "an intrinsic function": "States.Format('{}', $.run)",
    "a placeholder of ours": "${StepRunnerArn}",
    "JavaScript": "${process.env}`+alert(1)+`",
    "Python": "{0.__class__.__init__.__globals__}",
    "a format": "%(secret)s %s {secret}",
    "a template": "<%= 7*7 %> #{7*7} {{7*7}} ${7*7}",
}
SECRET: Final = "never-shown"  # noqa: S105 - of no use
MARK: Final = "author-text"


def given(hostile: str) -> dict[str, Any]:
    return {"name": hostile, "secret": SECRET}


@pytest.fixture(params=[*HOSTILE.values()], ids=[*HOSTILE])
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def result(world: World, *steps: dict[str, Any], hostile: str) -> Any:  # noqa: ANN401 - any JSON
    """Run steps one after another and return the result of the last."""
    run = world.begin(*steps, payload=given(hostile))
    for each in steps:
        world.call(run, each["id"])
    view: Any = show_run(run.id, world.services)
    return view["state"]["stepInfos"][steps[-1]["id"]]["result"]


def test_text_of_a_webhook_stays_literal_in_records(world: World, hostile: str) -> None:
    made = result(world, create(), hostile=hostile)

    assert made["name"] == hostile


def test_text_of_a_record_stays_literal_in_the_next_step(world: World, hostile: str) -> None:
    copied = {"objectName": "company", "objectRecord": {"name": "{{a.name}}"}}
    made = result(world, create("a", "b"), step("b", "CREATE_RECORD", given=copied), hostile=hostile)

    assert made["name"] == hostile


def test_text_of_a_response_stays_literal_in_the_next_step(world: World, hostile: str) -> None:
    world.http.answers = [answer({"name": hostile})]
    copied = {"objectName": "company", "objectRecord": {"name": "{{a.name}}"}}
    ask = step("a", "HTTP_REQUEST", "b", {"url": "https://a.example/"})
    made = result(world, ask, step("b", "CREATE_RECORD", given=copied), hostile="x")

    assert made["name"] == hostile


def test_text_of_a_payload_stays_literal_in_requests_and_names_no_secret(world: World, hostile: str) -> None:
    world.services.outside.secrets.create("KEY", SECRET)
    sends = {
        "url": "https://a.example/",
        "method": "POST",
        "body": {"name": "{{trigger.name}}"},
        "query": {"q": "{{trigger.name}}"},
    }
    result(world, step("a", "HTTP_REQUEST", given=sends), hostile=hostile)
    (sent,) = world.http.sent

    assert json.loads(sent.body or b"") == {"name": hostile}
    assert SECRET not in sent.url


def test_text_of_a_payload_stays_literal_in_mail(world: World, hostile: str) -> None:
    world.mailbox.add_account(SALES)
    mail = {"recipients": {"to": "a@x.com"}, "subject": "{{trigger.name}}", "body": "{{trigger.name}}"}
    sent = result(world, step("a", "SEND_EMAIL", given=mail), hostile=hostile)

    assert (sent["subject"], sent["plainTextBody"].strip()) == (hostile, hostile)


def test_text_of_a_form_stays_literal(world: World, hostile: str) -> None:
    field = {"name": "note", "label": "Note", "type": "TEXT"}
    copied = {"objectName": "company", "objectRecord": {"name": "{{ask.note}}"}}
    world.publish(written(step("ask", "FORM", "b", [field]), step("b", "CREATE_RECORD", given=copied)))
    run = world.start(given("x")).run
    waiting = {"run": run.id, "version": str(run.version), "step": "ask", "token": "t"}
    run_step(StepEvent.model_validate(waiting), world.services)
    answer_form(run.id, Place("ask"), {"note": hostile}, world.services)
    world.call(run, "b")

    assert world.companies()[-1]["name"] == hostile


@pytest.mark.parametrize("authored", [text for text in HOSTILE.values() if "{{" not in text])
def test_text_of_an_author_is_in_no_machine(world: World, authored: str) -> None:
    text = f"{MARK}{authored}"
    literal = {"type": "TEXT", "stepOutputKey": "{{trigger.name}}", "operand": "IS", "value": text}
    fields = {"objectName": "company", "objectRecord": {"name": text}}
    filtering = step("f", "FILTER", "a", {"stepFilters": [literal]})
    world.publish(written(filtering, step("a", "CREATE_RECORD", given=fields), name=text))
    (machine,) = world.machines.created.values()

    assert "FunctionName" in machine.definition
    assert MARK not in machine.definition
