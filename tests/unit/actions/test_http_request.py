"""HTTP_REQUEST: what is sent, what becomes of the answer, and where secrets go and do not go."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.http import FakeHttp, answer
from tests.fakes.secrets import MemorySecretStore
from ventuno import errors
from ventuno.actions.base import StepCall
from ventuno.actions.http_request import HttpRequestAction, HttpRequestSettings
from ventuno.actions.step_log import StepLog
from ventuno.outgoing.exchange import header
from ventuno.records.context import Actor

if TYPE_CHECKING:
    from tests.fakes.world import World
    from ventuno.outgoing.exchange import HttpRequest, HttpResponse

SECRET = "sesame-open-up"  # noqa: S105 - a canary
URL = "https://a.example/"


def call_of(world: World, http: FakeHttp, **values: Any) -> StepCall:  # noqa: ANN401 - any JSON
    services = world.services
    return StepCall(
        objects=services.objects,
        records=services.records,
        actor=Actor("WORKFLOW", "Workflow"),
        key="run/a/",
        causation=("run",),
        values=values,
        now=world.clock.now(),
        outside=replace(services.outside, http=http, secrets=MemorySecretStore(KEY=SECRET)),
        log=StepLog(),
    )


def perform(
    world: World,
    given: dict[str, Any],
    *answers: HttpResponse | Exception,
    **values: Any,  # noqa: ANN401 - any JSON
) -> tuple[Any, HttpRequest, StepLog]:
    """Run the action on its input as it is given to it; returns result, last request and log."""
    http = FakeHttp(list(answers))
    call = call_of(world, http, **values)
    settings = HttpRequestSettings.model_validate({"url": URL, **given})
    result = HttpRequestAction().run(settings, call)
    return result, http.sent[-1], call.log


def test_the_result_is_the_body_of_the_answer(world: World) -> None:
    result, sent, _ = perform(world, {}, answer({"a": [1]}))

    assert result == {"a": [1]}
    assert (sent.method, sent.url, sent.headers, sent.body, sent.timeout_seconds) == (
        "GET",
        URL,
        (),
        None,
        30,
    )


def test_variables_are_resolved_in_headers_query_and_body(world: World) -> None:
    given = {
        "method": "POST",
        "headers": {"X-N": "{{trigger.n}}", "X-{{trigger.s}}": "1", "X-None": "{{trigger.none}}", "X-L": [1]},
        "query": {"q": "{{trigger.s}}&b", "none": None, "n": 2},
        "body": {"n": "{{trigger.n}}", "t": "n is {{trigger.n}}"},
    }
    _, sent, _ = perform(world, given, trigger={"n": 5, "s": "x"})

    assert sent.url == f"{URL}?q=x%26b&n=2"
    assert sent.body == b'{"n":5,"t":"n is 5"}'
    assert dict(sent.headers) == {
        "X-N": "5",
        "X-x": "1",
        "X-L": "[1]",
        "Content-Type": "application/json",
        "Idempotency-Key": "run/a/",
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize(("body", "sent_body"), [({}, b"{}"), ("x", b"x"), (None, None), ("", None)])
def test_a_body_is_sent_by_the_methods_that_have_one(
    world: World, method: str, body: str | dict[str, Any] | None, sent_body: bytes | None
) -> None:
    _, sent, _ = perform(world, {"method": method, "body": body})

    assert sent.body == sent_body


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_body_is_sent_by_the_others(world: World, method: str) -> None:
    _, sent, _ = perform(world, {"method": method, "body": {"a": 1}})

    assert sent.body is None


def test_every_try_carries_the_same_key_and_an_authors_own_key_wins(world: World) -> None:
    keys = [header(perform(world, {"method": "POST"})[1].headers, "idempotency-key") for _ in range(2)]
    _, own, _ = perform(world, {"method": "POST", "headers": {"IDEMPOTENCY-KEY": "mine"}})
    _, read, _ = perform(world, {"method": "GET"})

    assert keys == ["run/a/", "run/a/"]
    assert [value for name, value in own.headers if name.lower() == "idempotency-key"] == ["mine"]
    assert header(read.headers, "idempotency-key") is None


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_status_from_400_fails_the_step_with_status_and_body(world: World, status: int) -> None:
    with pytest.raises(errors.HttpStatusError) as caught:
        perform(world, {}, answer({"why": "no"}, status))

    assert caught.value.told == {"status": status, "body": {"why": "no"}}
    assert not isinstance(caught.value, errors.StepInputError), "the author's retries are for such errors"


def test_of_a_long_error_the_beginning_is_kept(world: World) -> None:
    with pytest.raises(errors.HttpStatusError) as caught:
        perform(world, {}, answer({"a": "x" * 50_000}, 500))

    told: Any = caught.value.told
    assert told["body"].startswith('{"a": "xxx')
    assert len(told["body"]) == errors.MAX_TOLD_LENGTH


def test_accepted_statuses_are_no_failure(world: World) -> None:
    assert perform(world, {"acceptedStatuses": [404]}, answer("gone", 404))[0] == "gone"
    assert perform(world, {}, answer("moved", 304))[0] == "moved"


@pytest.mark.parametrize(
    "given",
    [
        {"timeoutSeconds": 0},
        {"timeoutSeconds": 301},
        {"acceptedStatuses": [99]},
        {"method": "TRACE"},
        {"method": "get"},
        {"url": ""},
        {"headers": "x"},
        {"bodyy": 1},
    ],
)
def test_settings_out_of_range_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        HttpRequestSettings.model_validate({"url": URL, **given})


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "{{trigger.evil}}"},
        {"{{trigger.evil}}": "x"},
        {"Content-Length": "5"},
        {"transfer-encoding": "chunked"},
        {"Host": "b.example"},
        {"X": " x"},
        {"X": "x" * 20_000},
        {"X\u00e9": "x"},
        {"": "x"},
    ],
)
def test_a_header_that_would_say_something_else_is_refused_and_nothing_is_sent(
    world: World, headers: dict[str, str]
) -> None:
    http = FakeHttp()
    call = call_of(world, http, trigger={"evil": "x\r\nX-Injected: 1"})
    settings = HttpRequestSettings.model_validate({"url": URL, "headers": headers})

    with pytest.raises(errors.StepInputError, match="header"):
        HttpRequestAction().run(settings, call)
    assert http.sent == []


WITH_SECRET: dict[str, Any] = {
    "method": "POST",
    "headers": {"X-Key": "Bearer {{secrets.KEY}}"},
    "query": {"q": "{{secrets.KEY}}"},
    "body": {"k": "{{secrets.KEY}}"},
}


def test_a_secret_is_sent_in_headers_query_and_body(world: World) -> None:
    _, sent, _ = perform(world, WITH_SECRET)

    assert header(sent.headers, "x-key") == f"Bearer {SECRET}"
    assert sent.url == f"{URL}?q={SECRET}"
    assert sent.body == f'{{"k":"{SECRET}"}}'.encode()


def test_a_secret_that_is_echoed_is_in_no_result_error_or_log(world: World) -> None:
    echo = {"said": f"<{SECRET}>", SECRET: [SECRET]}
    result, _, log = perform(world, WITH_SECRET, answer(echo, x_echo=SECRET))
    with pytest.raises(errors.HttpStatusError) as failed:
        perform(world, WITH_SECRET, answer(echo, 500))
    with pytest.raises(errors.HttpTransportError) as broken:
        perform(world, WITH_SECRET, errors.HttpTransportError(f"it said {SECRET}"))

    assert result == {"said": "<[redacted]>", "[redacted]": ["[redacted]"]}
    for left_behind in (result, failed.value.told, str(failed.value), str(broken.value), log.to_value()):
        assert SECRET not in json.dumps(left_behind)
    assert broken.value.__cause__ is None


def test_no_error_on_the_way_tells_a_secret(world: World) -> None:
    home = answer("", 307, location=f"https://{SECRET}.example/")
    for error in (
        errors.StepInputError(f"{SECRET}.example may not be called"),
        errors.HttpAnswerError(f'the answer is packed as "{SECRET}"'),
        errors.HttpTimeoutError(f"{SECRET} took too long"),
    ):
        with pytest.raises(type(error), match=r"\[redacted\]") as caught:
            perform(world, {"headers": {"X": "{{secrets.KEY}}"}}, home, error)
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_secret_too_short_to_be_kept_out_of_results_is_not_sent(world: World) -> None:
    http = FakeHttp()
    call = replace(
        call_of(world, http), outside=replace(world.outside, http=http, secrets=MemorySecretStore(PIN="1234"))
    )
    settings = HttpRequestSettings.model_validate({"url": URL, "headers": {"X": "{{secrets.PIN}}"}})

    with pytest.raises(errors.StepInputError, match="fewer than 8"):
        HttpRequestAction().run(settings, call)
    assert http.sent == []


@pytest.mark.parametrize(
    "text", ["{{secrets}}", "{{secrets.KEY.x}}", "{{secrets.KEY | upper}}", "{{secrets.a-b}}"]
)
def test_a_secret_is_named_by_one_key_and_nothing_more(world: World, text: str) -> None:
    with pytest.raises(errors.StepInputError, match="secret"):
        perform(world, {"body": text})


def test_all_results_at_once_hold_no_secrets(world: World) -> None:
    given = {"method": "POST", "headers": {"X": "{{secrets.KEY}}"}, "body": "{{this}}"}
    _, sent, _ = perform(world, given, trigger={"n": 1})

    assert sent.body == b'{"trigger":{"n":1}}'


def test_a_result_that_looks_like_a_secrets_variable_stays_text(world: World) -> None:
    given = {"method": "POST", "body": "{{trigger.text}}"}
    _, sent, _ = perform(world, given, trigger={"text": "{{secrets.KEY}}"})

    assert sent.body == b"{{secrets.KEY}}"


def test_a_missing_secret_fails_the_step_before_anything_is_sent(world: World) -> None:
    http = FakeHttp()
    settings = HttpRequestSettings.model_validate({"url": URL, "headers": {"X": "{{secrets.NONE}}"}})

    with pytest.raises(errors.SecretMissingError, match="NONE"):
        HttpRequestAction().run(settings, call_of(world, http))
    assert http.sent == []


def test_the_log_tells_the_exchange_without_credentials(world: World) -> None:
    given = {
        "method": "POST",
        "headers": {"Authorization": "Bearer abc", "X": "1"},
        "query": {"token": "abc", "page": "2"},
        "body": {"password": "abc", "name": "n"},
    }
    moved = answer("", 307, location="/b")
    _, _, log = perform(world, given, moved, answer("{}", 201, **{"Set-Cookie": "s=abc"}))
    told: Any = log.to_value()

    assert "abc" not in json.dumps(told)
    assert told["details"]["type"] == "HTTP_REQUEST"
    assert told["details"]["url"] == f"{URL}?token=[redacted]&page=2"
    assert json.loads(told["details"]["requestBody"]) == {"password": "[redacted]", "name": "n"}
    assert (told["details"]["status"], told["details"]["redirects"]) == (201, 1)
    assert told["details"]["durationMs"] == 200
