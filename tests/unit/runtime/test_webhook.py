"""Webhooks: what is refused and how, what a payload is, and that a repeated call is one run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, create, written
from ventuno import errors
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.engine.statuses import RunStatus
from ventuno.runs.claim_check import check_out
from ventuno.runtime.access import create_key
from ventuno.runtime.activate import deactivate
from ventuno.runtime.apply import apply_definition
from ventuno.runtime.sweep import GRACE_SECONDS, sweep
from ventuno.runtime.webhook import MAX_BODY_BYTES, WebhookAnswer, WebhookCall, accept_webhook

if TYPE_CHECKING:
    from tests.fakes.world import World

FORM = "application/x-www-form-urlencoded"


def hook(method: str = "POST", **settings: Any) -> Json:  # noqa: ANN401 - trigger settings
    return written(
        create(), trigger={"type": "WEBHOOK", "settings": {"httpMethod": method, **settings}}, name="Hook"
    )


def address(world: World, slug: str = "flow") -> str:
    return f"/webhooks/workflows/default/{world.workflow(slug).id}"


def send(
    world: World,
    body: bytes | str = b"{}",
    *,
    method: str = "POST",
    path: str | None = None,
    headers: dict[str, str] | None = None,
    query: str = "",
) -> WebhookAnswer:
    sent = body if isinstance(body, bytes) else body.encode()
    call = WebhookCall(method, path or address(world), headers or {}, {}, sent, query)
    return accept_webhook(call, world.services)


def run_id(answer: WebhookAnswer) -> str:
    assert isinstance(answer.body, dict)
    return str(answer.body["workflowRunId"])


def payload(world: World, answer: WebhookAnswer) -> Any:  # noqa: ANN401 - any JSON
    run = world.runs.load(run_id(answer), []).run
    return check_out(run.payload, world.payloads)


def nothing_started(world: World) -> bool:
    return not any(world.runs.by_status(status, 1, None).runs for status in RunStatus)


def test_a_post_is_answered_201_with_the_run(world: World) -> None:
    world.publish(hook())
    answer = send(world, '{"name": "Ann"}')
    (execution,) = world.machines.started

    assert answer.status == 201
    assert answer.body == {"workflowName": "Hook", "success": True, "workflowRunId": execution.name}
    assert payload(world, answer) == {"name": "Ann"}
    assert world.runs.load(execution.name, []).run.created_by == {"source": "WEBHOOK", "name": "Webhook"}


def test_a_get_is_answered_200_and_its_query_is_the_payload_as_decisions_say(world: World) -> None:
    world.publish(hook("GET"))
    answer = send(world, b"ignored", method="GET", query="name=Ann&a.b=%7B%7Bx%7D%7D&t=1&t=2&e")

    assert answer.status == 200
    assert payload(world, answer) == {"name": "Ann", "a.b": "{{x}}", "t": ["1", "2"], "e": ""}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/webhooks/workflows/default/8f14e45f-ceea-467f-a8f0-2b1d4c7c2121",
        "/webhooks/workflows/default/",
        "/webhooks/workflows/default",
        "/webhooks/workflows/other/{id}",
        "/webhooks/workflows/default/flow",
        "/webhooks/workflows/default/{id}/more",
        "/hooks/workflows/default/{id}",
        "/webhooks/workflows/default/../default/{id}",
    ],
)
def test_another_address_is_404(world: World, path: str) -> None:
    workflow = world.publish(hook())

    with pytest.raises(errors.NotFoundError) as caught:
        send(world, path=path.format(id=workflow.id))
    assert (caught.value.status, caught.value.code) == (404, "NOT_FOUND")
    assert nothing_started(world)


def test_a_workflow_that_was_never_activated_is_400(world: World) -> None:
    apply_definition("flow", definition_from(hook()), world.services)

    with pytest.raises(errors.WorkflowStatusError) as caught:
        send(world)
    assert (caught.value.status, caught.value.code) == (400, "INVALID_WORKFLOW_STATUS")


def test_a_deactivated_workflow_is_400(world: World) -> None:
    deactivate(world.publish(hook()), world.services)

    with pytest.raises(errors.WorkflowStatusError):
        send(world)


def test_a_workflow_with_another_trigger_is_400(world: World) -> None:
    world.publish(written(create(), trigger={"type": "MANUAL", "settings": {}}))

    with pytest.raises(errors.WorkflowTriggerError) as caught:
        send(world)
    assert (caught.value.status, caught.value.code) == (400, "INVALID_WORKFLOW_TRIGGER")


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [("POST", "GET"), ("GET", "POST"), ("POST", "PUT"), ("GET", "HEAD"), ("POST", "OPTIONS")],
)
def test_another_method_is_405_as_decisions_say(world: World, wanted: str, sent: str) -> None:
    world.publish(hook(wanted))

    with pytest.raises(errors.MethodNotAllowedError, match=wanted) as caught:
        send(world, method=sent)
    assert (caught.value.status, caught.value.code) == (405, "METHOD_NOT_ALLOWED")
    assert nothing_started(world)


@pytest.mark.parametrize("role", [Role.RUNNER, Role.EDITOR, Role.ADMIN])
@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
def test_a_key_opens_a_webhook_that_wants_one(world: World, role: Role, header: str) -> None:
    world.publish(hook(authentication="API_KEY"))
    _, token = create_key("caller", role, world.services)
    sent = f"Bearer {token}" if header == "authorization" else token

    assert send(world, headers={header: sent}).status == 201


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "vnt_wrong"},
        {"x-api-key": ""},
        {"authorization": "Basic {token}"},
        {"authorization": "Bearer"},
    ],
    ids=str,
)
def test_a_call_without_a_valid_key_is_401_and_starts_nothing(world: World, headers: dict[str, str]) -> None:
    world.publish(hook(authentication="API_KEY"))
    _, token = create_key("caller", Role.ADMIN, world.services)

    with pytest.raises(errors.UnauthorizedError) as caught:
        send(world, headers={name: value.format(token=token) for name, value in headers.items()})
    assert (caught.value.status, caught.value.code) == (401, "UNAUTHORIZED")
    assert nothing_started(world)


def test_a_key_that_may_only_look_is_403(world: World) -> None:
    world.publish(hook(authentication="API_KEY"))
    _, token = create_key("caller", Role.VIEWER, world.services)

    with pytest.raises(errors.ForbiddenError) as caught:
        send(world, headers={"x-api-key": token})
    assert (caught.value.status, caught.value.code) == (403, "FORBIDDEN")
    assert nothing_started(world)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        (None, "", {}),
        ("application/json", "  \r\n", {}),
        (None, '{"a": [1, 2.5, null, "é"]}', {"a": [1, 2.5, None, "é"]}),
        ("Application/JSON; charset=UTF-8", '[{"a": 1}]', [{"a": 1}]),
        ("application/vnd.api+json", '{"a": 1}', {"a": 1}),
        (FORM, "name=Ann+B&mail=a%40b.c&empty=", {"name": "Ann B", "mail": "a@b.c", "empty": ""}),
        (f"{FORM};charset=utf-8", "x=1&y=2&x=3&x=4", {"x": ["1", "3", "4"], "y": "2"}),
        ("text/plain", "{not json}", {"text": "{not json}"}),
        (None, '{"__proto__": {"a": 1}, "constructor": 2}', {"__proto__": {"a": 1}, "constructor": 2}),
        (None, '{"t": "{{trigger.x}} {% $states %}"}', {"t": "{{trigger.x}} {% $states %}"}),
        (None, json.dumps({"a": "😀\u0000"}), {"a": "😀\u0000"}),
    ],
)
def test_a_body_is_read_by_its_content_type(
    world: World, content_type: str | None, body: str, expected: object
) -> None:
    world.publish(hook())
    answer = send(world, body, headers={"content-type": content_type} if content_type else {})

    assert payload(world, answer) == expected


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{not json}"),
        ("application/json", b'"text"'),
        ("application/json", b"7"),
        ("application/json", b'{"a": 1, "a": 2}'),
        ("application/json", b'{"a": {"b": 1, "b": 1}}'),
        ("application/json", b'{"a": NaN}'),
        ("application/json", b'{"a": -Infinity}'),
        ("application/json", b'{"a": 1e999}'),
        ("application/json", b'{"a": "\\ud800"}'),
        ("application/json", b'{"a": ' + b"[" * 101 + b"]" * 101 + b"}"),
        ("application/json", b"[" * 500_000),
        ("application/json", b'{"a": ' + b"9" * 5000 + b"}"),
        ("application/json", b"\xff\xfe"),
        ("text/plain", b"\xff"),
        (FORM, b"\xff=1"),
        (FORM, b"a=&" * 20_000),
    ],
    ids=range(16),
)
def test_a_body_that_cannot_be_read_is_400_and_starts_nothing(
    world: World, content_type: str, body: bytes
) -> None:
    world.publish(hook())

    with pytest.raises(errors.BadRequestError) as caught:
        send(world, body, headers={"content-type": content_type})
    assert (caught.value.status, caught.value.code) == (400, "INVALID_INPUT")
    assert nothing_started(world)


@pytest.mark.parametrize(
    "content_type", ["application/xml", "text/html", "multipart/form-data; boundary=x", "x", "text/csv"]
)
def test_a_body_of_a_type_that_is_not_read_is_415_and_starts_nothing(world: World, content_type: str) -> None:
    world.publish(hook())

    with pytest.raises(errors.UnsupportedMediaTypeError, match="application/json") as caught:
        send(world, b'{"a": 1}', headers={"content-type": content_type})
    assert (caught.value.status, caught.value.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert nothing_started(world)


def test_a_body_over_six_megabytes_is_413(world: World) -> None:
    world.publish(hook())

    with pytest.raises(errors.PayloadTooLargeError) as caught:
        send(world, b" " * (MAX_BODY_BYTES + 1))
    assert caught.value.status == 413
    assert nothing_started(world)
    assert send(world, b" " * MAX_BODY_BYTES).status == 201


@pytest.mark.parametrize("header", ["webhook-id", "idempotency-key"])
def test_a_call_with_a_key_it_had_before_is_the_same_run(world: World, header: str) -> None:
    world.publish(hook())
    answers = [send(world, body, headers={header: "msg_1"}) for body in ('{"n": 1}', '{"n": 2}')]

    assert answers[0] == answers[1]
    assert payload(world, answers[1]) == {"n": 1}
    assert len(world.machines.started) == 1


def test_calls_without_a_key_or_with_another_are_runs_of_their_own(world: World) -> None:
    world.publish(hook())
    headers: list[dict[str, str]] = [{}, {}, {"webhook-id": ""}, {"webhook-id": "1"}, {"webhook-id": "2"}]

    assert len({run_id(send(world, headers=sent)) for sent in headers}) == 5


def test_the_same_key_at_another_workflow_is_another_run(world: World) -> None:
    world.publish(hook(), "one")
    world.publish(hook(), "two")
    ids = {
        run_id(send(world, path=address(world, slug), headers={"webhook-id": "1"})) for slug in ("one", "two")
    }

    assert len(ids) == 2


@pytest.mark.parametrize(("length", "fine"), [(256, True), (257, False)])
def test_a_key_has_at_most_256_characters(world: World, length: int, *, fine: bool) -> None:
    world.publish(hook())
    if fine:
        assert send(world, headers={"webhook-id": "x" * length}).status == 201
    else:
        with pytest.raises(errors.BadRequestError):
            send(world, headers={"webhook-id": "x" * length})


@pytest.mark.parametrize(
    "refusal", [errors.StoreUnavailableError("throttled"), errors.ConfigurationError("AccessDenied")], ids=str
)
@pytest.mark.parametrize("respond", [None, {"mode": "RESULT", "from": "a", "timeoutSeconds": 1}])
def test_a_call_is_accepted_though_its_execution_cannot_start_yet_and_a_sweep_starts_it(
    world: World, refusal: errors.VentunoError, respond: Json | None
) -> None:
    world.publish(hook(respond=respond))
    world.machines.refusal = refusal
    answer = send(world)

    assert (answer.status, world.machines.started) == (202 if respond else 201, [])
    world.machines.refusal = None
    world.clock.advance(GRACE_SECONDS)
    sweep(world.services)
    assert [one.name for one in world.machines.started] == [run_id(answer)]
