"""Workflows over the API: from a definition to an archive, and every refusal with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import create, written
from ventuno.access.model import Role
from ventuno.runtime.rest.workflow_routes import WORKFLOW_ROUTES

if TYPE_CHECKING:
    from tests.functional.rest.conftest import Api

ONE, TWO = (
    written(
        create(),
        trigger={"type": "WEBHOOK", "settings": {"expectedBody": {"name": "Acme"}}},
        name=name,
    )
    for name in ("One", "Two")
)
BROKEN = written(create(then="nowhere"))


def done(api: Api, method: str, address: str, body: Any = "", role: str = Role.EDITOR) -> Any:  # noqa: ANN401 - JSON
    status, answered = api(method, address, body, role=role)
    assert status in (200, 201), answered
    return answered


def published(api: Api) -> None:
    done(api, "POST", "/workflows", {"slug": "flow", "definition": ONE})
    done(api, "POST", "/workflows/flow/activate")


def statuses(api: Api) -> list[str]:
    return [f"v{one['number']} {one['status']}" for one in done(api, "GET", "/workflows/flow")["versions"]]


def test_a_workflow_is_stored_activated_changed_and_put_away(api: Api) -> None:
    created = done(api, "POST", "/workflows", {"slug": "flow", "definition": ONE})
    active = done(api, "POST", "/workflows/flow/activate")
    drafted = done(api, "PUT", "/workflows/flow/draft", TWO)
    again = done(api, "PUT", "/workflows/flow/draft", TWO)

    assert (created["changed"], created["version"]["status"], created["findings"]) == (True, "DRAFT", [])
    assert (active["activeVersion"], active["statuses"]) == (1, ["ACTIVE"])
    assert (drafted["workflow"]["draftVersion"], again["changed"]) == (2, False)
    assert statuses(api) == ["v2 DRAFT", "v1 ACTIVE"]
    assert done(api, "GET", "/workflows/flow/versions/2")["definition"]["name"] == "Two"
    assert done(api, "DELETE", "/workflows/flow/draft")["draftVersion"] is None
    assert done(api, "POST", "/workflows/flow/draft", {"version": 1})["version"]["number"] == 2
    assert done(api, "POST", "/workflows/flow/deactivate")["statuses"] == ["DRAFT", "DEACTIVATED"]
    assert done(api, "POST", "/workflows/flow/archive")["statuses"] == ["ARCHIVED"]
    assert done(api, "GET", "/workflows")["workflows"] == []
    assert [one["slug"] for one in done(api, "GET", "/workflows?archived=true")["workflows"]] == ["flow"]
    assert done(api, "POST", "/workflows/flow/restore")["statuses"] == ["DRAFT", "DEACTIVATED"]


def test_a_duplicate_is_made_under_a_slug_of_its_own(api: Api) -> None:
    published(api)
    copy = done(api, "POST", "/workflows/flow/duplicate")
    named = done(api, "POST", "/workflows/flow/duplicate", {"slug": "other", "version": 1})

    assert [copy["workflow"]["slug"], named["workflow"]["slug"]] == ["flow-copy", "other"]
    assert api("POST", "/workflows/flow/duplicate", {"slug": "other"})[0] == 409


def test_a_version_is_rolled_out_and_finished(api: Api) -> None:
    published(api)
    done(api, "PUT", "/workflows/flow/draft", TWO)
    begun = done(api, "PUT", "/workflows/flow/rollout", {"percent": 10, "afterRuns": 5})
    more = done(api, "PUT", "/workflows/flow/rollout", {"percent": 50})
    finished = done(api, "POST", "/workflows/flow/rollout/finish")

    assert (begun["rollout"]["version"], begun["rollout"]["percent"], begun["rollout"]["afterRuns"]) == (
        2,
        10,
        5,
    )
    assert more["rollout"]["percent"] == 50
    assert (finished["activeVersion"], finished["rollout"]) == (2, None)
    assert statuses(api) == ["v2 ACTIVE", "v1 ARCHIVED"]


def test_a_rollout_that_is_taken_back_says_by_whom(api: Api) -> None:
    published(api)
    done(api, "PUT", "/workflows/flow/draft", TWO)
    done(api, "PUT", "/workflows/flow/rollout", {"percent": 10})
    back = done(api, "DELETE", "/workflows/flow/rollout")

    assert (back["activeVersion"], back["rollout"]) == (1, None)
    assert back["rollback"] == "v2 was taken back by editor key"


def test_limits_are_set_and_taken_off(api: Api) -> None:
    published(api)
    limited = done(api, "PUT", "/workflows/flow/limits", {"perMinute": 5, "atOnce": 2}, Role.ADMIN)
    free = done(api, "PUT", "/workflows/flow/limits", {}, Role.ADMIN)

    assert (limited["limits"], free["limits"]) == ({"perMinute": 5, "atOnce": 2}, {})


def test_a_run_beyond_the_hours_limit_is_429_and_can_be_seen(api: Api) -> None:
    published(api)
    done(api, "PUT", "/workflows/flow/limits", {"perHour": 1}, Role.ADMIN)
    done(api, "POST", "/workflows/flow/run", {"name": "Acme"}, Role.RUNNER)
    api.world.clock.advance(600)
    answer = api.answered("POST", "/workflows/flow/run", {"name": "Acme"}, role=Role.RUNNER)
    sent = {name.lower(): value for name, value in answer["headers"].items()}
    runs = done(api, "GET", "/runs?workflow=flow")["runs"]

    assert (answer["statusCode"], '"WORKFLOW_RUN_LIMIT_REACHED"' in answer["body"]) == (429, True)
    assert 3_000 <= int(sent["retry-after"]) <= 3_061
    assert sorted(run["refused"] for run in runs) == [False, True]


def test_the_webhook_gets_another_address(api: Api) -> None:
    published(api)
    before = done(api, "GET", "/workflows/flow")["webhookPath"]
    changed = done(api, "POST", "/workflows/flow/webhook-address", {"graceSeconds": 60})
    at_once = done(api, "POST", "/workflows/flow/webhook-address")

    assert len({before, changed["webhookPath"], at_once["webhookPath"]}) == 3
    assert changed["oldAddressesUntil"] == ["2026-03-01T12:01:00+00:00"]
    assert at_once["oldAddressesUntil"] == []


def test_a_draft_is_tested_and_the_test_is_listed_apart(api: Api) -> None:
    done(api, "POST", "/workflows", {"slug": "flow", "definition": ONE})
    started = done(api, "POST", "/workflows/flow/test", {"name": "Ajax"})

    assert done(api, "GET", "/runs?workflow=flow")["runs"] == []
    (listed,) = done(api, "GET", "/runs?workflow=flow&tests=true")["runs"]
    assert (listed["id"], listed["test"]) == (started["workflowRunId"], True)
    shown = done(api, "GET", f"/runs/{listed['id']}")
    assert shown["state"]["stepInfos"]["trigger"]["result"] == {"name": "Ajax"}


def test_a_definition_with_errors_is_stored_but_neither_activated_nor_tested(api: Api) -> None:
    stored = done(api, "POST", "/workflows", {"slug": "flow", "definition": BROKEN})

    assert [finding["code"] for finding in stored["findings"]] == ["DANGLING_REFERENCE"]
    for action in ("activate", "test"):
        status, body = api("POST", f"/workflows/flow/{action}")
        assert status == 400
        assert body["messages"][0].startswith("DANGLING_REFERENCE at $.steps[0]")


def test_a_definition_of_the_wrong_shape_is_refused_with_everything_that_is_wrong(api: Api) -> None:
    status, body = api("POST", "/workflows", {"slug": "flow", "definition": {**BROKEN, "foo": 1}})

    assert status == 400
    assert [message.split()[0] for message in body["messages"]] == ["UNKNOWN_KEY", "DANGLING_REFERENCE"]


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "told"),
    [
        ("POST", "/workflows", {"slug": "flow", "definition": ONE}, 409, "already"),
        ("POST", "/workflows", {"slug": "Not a slug", "definition": ONE}, 400, "slug"),
        ("POST", "/workflows", {"slug": "x", "definition": {"name": "x"}}, 400, "MISSING_TRIGGER"),
        ("POST", "/workflows", {"slug": "x"}, 400, '"slug" and "definition"'),
        ("POST", "/workflows", {"slug": 1, "definition": ONE}, 400, "body must have"),
        ("POST", "/workflows", "[1]", 400, "object"),
        ("PUT", "/workflows/flow/draft", {"nme": "x"}, 400, "UNKNOWN_KEY"),
        ("POST", "/workflows/flow/draft", {"version": 7}, 404, "v7"),
        ("POST", "/workflows/flow/draft", {"version": True}, 400, "version"),
        ("GET", "/workflows/flow/versions/9", None, 404, "v9"),
        ("GET", "/workflows/flow/versions/x", None, 404, "number"),
        ("POST", "/workflows/flow/duplicate", {"version": 7}, 404, "v7"),
        ("POST", "/workflows/flow/duplicate", {"version": 0}, 404, "v0"),
        ("POST", "/workflows/flow/duplicate", {"slug": ""}, 400, "slug"),
        ("PUT", "/workflows/flow/limits", {"perDay": None}, 400, "perDay"),
        ("PUT", "/workflows/flow/rollout", {"percent": 10}, 400, "no draft"),
        ("PUT", "/workflows/flow/rollout", {"percent": "10"}, 400, "percent"),
        ("PUT", "/workflows/flow/rollout", {"share": 10}, 400, "percent"),
        ("PUT", "/workflows/flow/rollout", {"percent": 10, "afterRuns": None}, 400, "percent"),
        ("PUT", "/workflows/flow/limits", {"perMinute": 0}, 400, "perMinute must be"),
        ("PUT", "/workflows/flow/limits", {"perDay": 5}, 400, '"perDay" is no limit'),
        ("PUT", "/workflows/flow/limits", {"atOnce": 501}, 400, "500"),
        ("PUT", "/workflows/flow/limits", {"atOnce": True}, 400, "atOnce"),
        ("POST", "/workflows/flow/webhook-address", {"graceSeconds": -1}, 400, "30 days"),
        ("POST", "/workflows/flow/webhook-address", {"graceSeconds": 10**30}, 400, "whole number"),
        ("POST", "/workflows/flow/webhook-address", {"grace": 1}, 400, "whole number"),
        ("POST", "/workflows/flow/test", "{", 400, "JSON"),
        ("GET", "/workflows?archived=maybe", None, 400, "true or false"),
        ("GET", "/workflows?x=1", None, 400, "no parameter"),
        ("POST", "/workflows/flow/activate?x=1", None, 400, "no parameter"),
        ("POST", "/workflows/none/activate", None, 404, 'no workflow "none"'),
    ],
)
def test_a_wrong_request_is_told_what_to_do(
    api: Api,
    method: str,
    address: str,
    body: Any,  # noqa: ANN401 - any JSON
    status: int,
    told: str,
) -> None:
    published(api)
    before = api.world.workflow()
    answered, error = api(method, address, body, role=Role.ADMIN)

    assert (answered, error["statusCode"]) == (status, status)
    assert told in " ".join(error["messages"])
    assert api.world.workflow() == before


@pytest.mark.parametrize("route", WORKFLOW_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_call_needs_its_role(api: Api, route: Any) -> None:  # noqa: ANN401 - a route
    published(api)
    before = api.world.workflow()
    order = [Role.VIEWER, Role.RUNNER, Role.EDITOR, Role.ADMIN]
    address = route.path.replace("<slug>", "flow").replace("<number>", "1")
    lower = order[: order.index(route.role)]

    assert api(route.method, address, {}, role=None)[0] == 401
    assert {api(route.method, address, {}, role=role)[0] for role in lower} <= {403}
    assert api.world.workflow() == before


def test_every_call_is_described(api: Api) -> None:
    document = done(api, "GET", "/open-api/management.json")
    described = {(path, method) for path, calls in document["paths"].items() for method in calls}

    for route in WORKFLOW_ROUTES:
        path = route.path.replace("<", "{").replace(">", "}")
        assert (path, route.method.lower()) in described
    names = [call["operationId"] for calls in document["paths"].values() for call in calls.values()]
    assert len(names) == len(set(names))
