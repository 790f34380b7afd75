from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.integration.stack.conftest import Recorded
from ventuno_dev.stack import endpoints, function_logs, lifecycle, outputs, pidfile
from ventuno_dev.stack.clients import Clients
from ventuno_dev.stack.deploy import Deployment, Outcome
from ventuno_dev.stack.errors import DeployError, StackError
from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.stack.conftest import Local
    from ventuno_dev.stack.lifecycle import Up

pytestmark = pytest.mark.emulator


def called(url: str) -> Any:  # noqa: ANN401 - whatever the function answered
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own stack
        return json.loads(answer.read())


def code_of(result: Up) -> dict[str, str]:
    with Clients(result.target) as clients:
        functions = clients.functions.list_functions()["Functions"]
    return {one["FunctionName"]: f"{one['CodeSha256']} {one['LastModified']}" for one in functions}


def test_up_starts_deploys_and_answers_with_our_code(local: Local) -> None:
    progress = Recorded()
    result = local.up(progress)

    assert (result.started, result.outcome) == (True, Outcome.CREATED)
    assert "create complete Runs" in progress.details
    assert called(f"{result.outputs.api_url}/webhooks/a/b?c=d") == [
        "hello",
        "trigger_webhook",
        "dev",
        "/webhooks/a/b",
    ]
    assert called(f"{result.outputs.api_url}/health") == ["hello", "api", "dev", "/health"]


def test_a_second_up_does_nothing(local: Local) -> None:
    first, progress = local.up(), Recorded()
    before = code_of(first)
    second = local.up(progress)

    assert (second.started, second.outcome) == (False, Outcome.UNCHANGED)
    assert (progress.steps, progress.details) == ([], [])
    assert code_of(second) == before
    assert second.outputs == first.outputs


def test_a_changed_function_is_the_only_one_that_is_updated(local: Local) -> None:
    before = code_of(local.up())
    local.change("functions/api/app.py", 'def lambda_handler(event, context): return ["new"]')
    progress = Recorded()
    result = local.up(progress)
    after = code_of(result)

    assert result.outcome is Outcome.UPDATED
    assert [step.split(" (")[0] for step in progress.steps] == ["upload Api"]
    assert {name for name in after if after[name] != before[name]} == {"ventuno-dev-api"}
    assert called(f"{result.outputs.api_url}/health") == ["new"]


def test_a_change_of_the_shared_package_reaches_every_function(local: Local) -> None:
    local.up()
    local.change("layers/shared/ventuno/__init__.py", 'GREETING = "good day"\n')
    result = local.up()

    assert called(f"{result.outputs.api_url}/webhooks/a")[0] == "good day"
    assert called(f"{result.outputs.api_url}/health")[0] == "good day"


def test_after_a_restart_the_same_stack_answers_and_interrupted_runs_are_swept(local: Local) -> None:
    first = local.up()
    address = {"PK": {"S": "RUN#1"}, "SK": {"S": "META"}}
    with Clients(first.target) as clients:
        clients.dynamodb.put_item(TableName=first.outputs.runs_table, Item=address)
    assert local.down()
    second = local.up()
    with Clients(second.target) as clients:
        kept = clients.dynamodb.get_item(TableName=second.outputs.runs_table, Key=address)
        lines = function_logs.Reader.of_stage(clients, "dev", "run_events", 0).read()

    assert (second.started, second.outcome) == (True, Outcome.UNCHANGED)
    assert second.outputs == first.outputs
    assert kept["Item"] == address
    assert [line.message.rstrip() for line in lines if "sweep" in line.message] == [
        'called with {"sweep": true, "graceSeconds": 0}'
    ]


def test_an_emulator_that_was_killed_is_started_again(local: Local) -> None:
    local.up()
    record = pidfile.running(local.data)
    assert record
    psutil.Process(record.pid).kill()
    psutil.Process(record.pid).wait(10)
    result = local.up()

    assert result.started
    assert called(f"{result.outputs.api_url}/health")[0] == "hello"


def test_a_running_stack_does_not_move_to_another_port(local: Local) -> None:
    local.up()

    with pytest.raises(StackError, match="ventuno down"):
        endpoints.embedded(local.project, local.data, local.port + 1)


def test_a_resource_that_fails_is_named_with_its_reason_and_the_next_up_repairs_it(local: Local) -> None:
    template = local.project / "template.yaml"
    right = template.read_text()
    template.write_text(right.replace("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 5"))

    with pytest.raises(DeployError, match=r"Events \(AWS::SQS::Queue\): .*MessageRetentionPeriod"):
        local.up()
    template.write_text(right)
    assert local.up().outcome is Outcome.CREATED


def test_a_template_that_is_refused_as_a_whole_is_an_error_with_the_reason(local: Local) -> None:
    template = local.project / "template.yaml"
    template.write_text(template.read_text().replace("    Default: INFO\n", ""))

    with pytest.raises(DeployError, match=r"refused the template: .*LogLevel"):
        local.up()


def test_parameters_that_were_set_otherwise_keep_their_values(local: Local) -> None:
    target = endpoints.embedded(local.project, local.data, local.port)
    lifecycle.up(target, Deployment(parameters={"LogLevel": "DEBUG"}), Recorded())
    local.change("functions/api/app.py", 'def lambda_handler(event, context): return ["new"]')
    result = local.up()

    assert (result.outcome, result.outputs.log_level) == (Outcome.UPDATED, "DEBUG")


def test_an_update_that_fails_leaves_the_deployed_stack_answering(local: Local) -> None:
    local.up()
    template = local.project / "template.yaml"
    right = template.read_text()
    template.write_text(right.replace("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 5"))

    with pytest.raises(DeployError, match="MessageRetentionPeriod"):
        local.up()
    template.write_text(right)
    again = local.up()
    assert again.outcome is Outcome.UNCHANGED
    assert called(f"{again.outputs.api_url}/health")[0] == "hello"


def test_a_stack_elsewhere_is_deployed_to_and_not_started(local: Local, tmp_path: Path) -> None:
    host = local.up().target
    elsewhere = replace(host, kind=TargetKind.ENDPOINT, data=tmp_path / "other")
    result = lifecycle.up(elsewhere, Deployment(stage="two"), Recorded())

    assert (result.started, result.outcome) == (False, Outcome.CREATED)
    assert called(f"{result.outputs.api_url}/health") == ["hello", "api", "two", "/health"]
    assert pidfile.read(elsewhere.data) is None


def test_the_outputs_are_those_of_the_template(local: Local) -> None:
    result = local.up()
    found = outputs.stack_outputs(endpoints.embedded(local.project, local.data), "dev", verify=True)

    assert found == result.outputs
    assert found.state_machine_prefix.endswith(":stateMachine:dev-")
    assert ":role/ventuno/" in found.run_role_arn
    assert ":role/ventuno/" in found.batch_run_role_arn
    assert (found.stage, found.workspace_id, found.log_level) == ("dev", "default", "INFO")
