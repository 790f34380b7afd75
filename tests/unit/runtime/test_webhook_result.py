"""Webhooks that answer with a step's result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, branches, create, passes, step, written
from tests.fakes.world import World
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.runtime.validation import findings_of
from ventuno.runtime.webhook import WebhookAnswer, WebhookCall, accept_webhook

if TYPE_CHECKING:
    from collections.abc import Callable


def hook(*steps: Json, answer: str = "a", seconds: int = 25) -> Json:
    respond = {"mode": "RESULT", "from": answer, "timeoutSeconds": seconds}
    return written(*steps, trigger={"type": "WEBHOOK", "settings": {"respond": respond}}, name="Hook")


class Working(World):
    """A world in which something happens while a caller waits; `waited` counts the looks in between."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []
        self.meanwhile: Callable[[str], object] = lambda _: None

    @property
    def services(self) -> Any:  # noqa: ANN401 - the services of World with another pause
        return replace(super().services, pause=self._pause)

    def _pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.advance(seconds)
        if len(self.waited) == 3:
            self.meanwhile(self.machines.started[-1].name)

    def does(self, step_id: str = "a", rides: tuple[str, ...] = ()) -> None:
        self.meanwhile = lambda run_id: self.call(self.runs.load(run_id, []).run, step_id, rides)

    def end(self, status: RunStatus) -> None:
        self.meanwhile = lambda run_id: self.runs.close(run_id, 0, status, None, "2026-03-01T12:00:01.000Z")


@pytest.fixture
def working() -> Working:
    return Working()


def send(world: World, **headers: str) -> WebhookAnswer:
    path = f"/webhooks/workflows/default/{world.workflow().id}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return accept_webhook(WebhookCall("POST", path, named, {}, b'{"name": "Acme"}'), world.services)


def test_the_answer_is_the_steps_result(working: Working) -> None:
    working.publish(hook(create()))
    working.does()
    answer = send(working)

    assert answer.status == 200
    assert isinstance(answer.body, dict)
    assert answer.body["name"] == "Acme"
    assert answer.body["id"] == working.companies()[0]["id"]
    assert len(working.waited) == 3


def test_the_same_call_again_gets_the_same_result_without_another_run(working: Working) -> None:
    working.publish(hook(create()))
    working.does()
    answers = [send(working, idempotency_key="1") for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(working.companies()) == 1


def test_a_step_that_rides_with_another_answers_too(working: Working) -> None:
    working.publish(
        hook(create("a", "f"), step("f", "FILTER", given=passes("{{a.name}}", "Acme")), answer="f")
    )
    working.does(rides=("f",))

    assert send(working) == WebhookAnswer(200, {"matchesFilter": True})


def test_a_step_that_rides_with_the_trigger_answers_at_once(working: Working) -> None:
    working.publish(hook(step("f", "FILTER", "a", passes("{{trigger.name}}", "Other")), create(), answer="f"))

    assert send(working) == WebhookAnswer(200, {"matchesFilter": False})
    assert working.waited == []


def test_a_result_that_does_not_come_in_time_is_202_with_the_run(working: Working) -> None:
    working.publish(hook(create(), seconds=2))
    answer = send(working)

    assert answer.status == 202
    assert answer.body == {
        "workflowName": "Hook",
        "success": True,
        "workflowRunId": working.machines.started[0].name,
    }
    assert sum(working.waited) <= 2
    assert len(working.waited) < 20


@pytest.mark.parametrize("status", [RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.STOPPED])
def test_a_run_that_ends_without_the_result_is_502(working: Working, status: RunStatus) -> None:
    working.publish(hook(step("i", "IF_ELSE", given=branches("a", None)), create()))
    working.end(status)

    with pytest.raises(errors.RunResultError) as caught:
        send(working)
    assert (caught.value.status, caught.value.code) == (502, "NO_RESULT")


def test_a_step_that_fails_is_502_at_once_and_tells_the_caller_nothing_of_the_error(
    working: Working,
) -> None:
    missing: Json = {
        "objectName": "company",
        "objectRecordId": "8f14e45f-ceea-467f-a8f0-2b1d4c7c2121",
        "objectRecord": {"name": "secret"},
    }
    working.publish(hook(step("a", "UPDATE_RECORD", given=missing)))

    def fail(run_id: str) -> None:
        with pytest.raises(errors.StepFailedError):
            working.call(working.runs.load(run_id, []).run)

    working.meanwhile = fail
    with pytest.raises(errors.RunResultError) as caught:
        send(working)
    assert len(working.waited) == 3
    assert "8f14e45f" not in str(caught.value)


@pytest.mark.parametrize(
    ("respond", "code", "path"),
    [
        ({"mode": "RESULT", "from": "b"}, "DANGLING_REFERENCE", "$.trigger.settings.respond.from"),
        ({"mode": "RESULT"}, "INVALID_TRIGGER_PARAMS", "$.trigger.settings.respond.from"),
        ({"mode": "LATER", "from": "a"}, "INVALID_TRIGGER_PARAMS", "$.trigger.settings.respond.mode"),
        (
            {"mode": "RESULT", "from": "a", "timeoutSeconds": 26},
            "INVALID_TRIGGER_PARAMS",
            "$.trigger.settings.respond.timeoutSeconds",
        ),
        (
            {"mode": "RESULT", "from": "in_loop"},
            "INVALID_TRIGGER_PARAMS",
            "$.trigger.settings.respond.from",
        ),
    ],
)
def test_an_answer_that_cannot_be_given_is_found(respond: Json, code: str, path: str) -> None:
    loop = step("loop", "ITERATOR", given={"items": "{{trigger.items}}", "initialLoopStepIds": ["in_loop"]})
    steps = [create("a", "loop"), loop, step("in_loop", then="loop")]
    trigger = {"type": "WEBHOOK", "settings": {"respond": respond}}
    found = findings_of(definition_from(written(*steps, trigger=trigger)))

    assert [(finding.code, finding.path) for finding in found] == [(code, path)]
