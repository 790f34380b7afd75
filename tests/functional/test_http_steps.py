"""HTTP_REQUEST inside a run: sent with one key however often it is tried, and no secret left behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, step
from tests.fakes.http import answer
from tests.fakes.secrets import MemorySecretStore
from tests.fakes.world import World
from ventuno import errors
from ventuno.adapters.memory.runs import MemoryRunStore
from ventuno.engine.statuses import StepStatus
from ventuno.outgoing.exchange import header
from ventuno.runtime.show_run import show_run

if TYPE_CHECKING:
    from ventuno.runs.model import Run, StepState

CANARY = "canary-in-a-coal-mine"
GIVEN = {
    "url": "https://a.example/",
    "method": "POST",
    "headers": {"Authorization": "Bearer {{secrets.KEY}}"},
    "query": {"key": "{{secrets.KEY}}"},
    "body": {"name": "{{trigger.name}}", "secret": "{{secrets.KEY}}"},
}


class Dying(MemoryRunStore):
    """A run store whose process dies when it is about to store a step for the first time."""

    died = False

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        if not self.died:
            self.died = True
            raise KeyboardInterrupt
        return super().save_step(run, state)


def with_secret(**parts: Any) -> World:  # noqa: ANN401 - fields of World
    return World(secrets=MemorySecretStore(KEY=CANARY), **parts)


def keys(world: World) -> list[str | None]:
    return [header(request.headers, "idempotency-key") for request in world.http.sent]


def test_a_call_that_died_before_it_was_stored_sends_the_same_key_again() -> None:
    world = with_secret(runs=Dying())
    run = world.begin(step("a", "HTTP_REQUEST", given=GIVEN))
    with pytest.raises(KeyboardInterrupt):
        world.call(run)
    world.call(run)

    assert keys(world) == [f"{run.id}/a/"] * 2


def test_a_finished_request_is_not_sent_again(world: World) -> None:
    run = world.begin(step("a", "HTTP_REQUEST", given={"url": "https://a.example/"}))
    world.call(run)
    world.call(run)

    assert len(world.http.sent) == 1


def test_an_authors_retries_send_the_same_key_and_keep_each_error() -> None:
    world = with_secret()
    world.http.answers = [answer({"busy": True}, 503), answer({"ok": True})]
    run = world.begin(step("a", "HTTP_REQUEST", given=GIVEN, retryOnFailure=1))
    with pytest.raises(errors.RetryLaterError):
        world.call(run)
    world.call(run)
    state = world.states(run.id)["a"]

    assert keys(world) == [f"{run.id}/a/"] * 2
    assert state.status is StepStatus.SUCCESS
    assert [attempt.error for attempt in state.history] == [{"status": 503, "body": {"busy": True}}]


def test_a_failed_request_shows_status_and_body_and_a_path_leads_to_them_in_the_view(world: World) -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = {"a": deep}
    world.http.answers = [answer(deep, 422)]
    run = world.begin(step("a", "HTTP_REQUEST", given={"url": "https://a.example/"}))
    with pytest.raises(errors.StepFailedError, match="422"):
        world.call(run)
    view: Any = show_run(run.id, world.services)

    assert view["state"]["stepInfos"]["a"]["error"] == {"status": 422, "body": deep}


def test_the_run_view_shows_what_was_sent_and_answered() -> None:
    world = with_secret()
    world.http.answers = [answer({"id": 7}, 201)]
    run = world.begin(step("a", "HTTP_REQUEST", given=GIVEN))
    world.call(run)
    view: Any = show_run(run.id, world.services)
    details = view["stepLogs"]["a"]["details"]

    assert (details["method"], details["status"]) == ("POST", 201)
    assert details["url"] == "https://a.example/?key=[redacted]"
    assert view["state"]["stepInfos"]["a"]["result"] == {"id": 7}


@pytest.mark.parametrize("size", [1, 30_000], ids=["a small answer", "an answer kept in the bucket"])
@pytest.mark.parametrize("status", [200, 500])
def test_a_secret_is_in_no_store_view_or_record(status: int, size: int) -> None:
    world = with_secret()
    echo = {CANARY: [f"Bearer {CANARY}" for _ in range(size)], "url": f"/?key={CANARY}"}
    world.http.answers = [answer(echo, status, x_echo=CANARY)]
    given = {"objectName": "company", "objectRecord": {"name": "{{a.url}}"}}
    run = world.begin(step("a", "HTTP_REQUEST", "b", GIVEN), {**create("b"), "settings": {"input": given}})
    if status < 400:
        world.call(run, "a")
        world.call(run, "b")
    else:
        with pytest.raises(errors.StepFailedError, match="500") as caught:
            world.call(run, "a")
        assert CANARY not in str(caught.value)

    stores = (world.runs, world.workflows, world.payloads, world.records, world.machines, world.metadata)
    assert CANARY not in json.dumps(show_run(run.id, world.services))
    for store in stores:
        assert CANARY not in repr(vars(store)), type(store).__name__
    assert CANARY in world.http.sent[0].url, "the server itself must have got it"


def test_the_log_of_a_request_that_rides_with_a_pure_step_is_shown_too(world: World) -> None:
    given = {"url": "https://a.example/"}
    run = world.begin(create("first", "a"), step("a", then="b"), step("b", "HTTP_REQUEST", given=given))
    world.call(run, "a", ("b",))
    view: Any = show_run(run.id, world.services)

    assert view["stepLogs"]["b"]["details"]["status"] == 200
