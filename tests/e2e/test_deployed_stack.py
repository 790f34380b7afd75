"""The deployed stack as a whole: it answers, and every function knows its place."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own stack
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize(("path", "status"), [("/health", 200), ("/webhooks/nobody/knows", 404)])
def test_the_api_answers_without_a_key_where_it_is_public(
    stack: RunningStack, path: str, status: int
) -> None:
    assert status_of(f"{stack.api_url}{path}") == status


def test_a_sweep_leaves_runs_alone_that_nothing_happened_to(stack: RunningStack) -> None:
    answer = stack.clients.functions.invoke(
        FunctionName=stack.outputs.run_events_arn, Payload=b'{"sweep": true}'
    )

    assert answer.get("FunctionError") is None
    swept = json.loads(answer["Payload"].read())
    assert (swept["closed"], swept["resumed"]) == (0, 0)


def test_a_minute_schedule_and_a_rule_call_run_events(stack: RunningStack) -> None:
    rules = stack.clients.events.list_rule_names_by_target(TargetArn=stack.outputs.run_events_arn)[
        "RuleNames"
    ]
    pattern = json.loads(stack.clients.events.describe_rule(Name=rules[0])["EventPattern"])

    assert len(rules) == 1
    assert pattern["detail"]["stateMachineArn"] == [{"prefix": stack.outputs.state_machine_prefix}]
