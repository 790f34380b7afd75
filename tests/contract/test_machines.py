"""Machines: what use cases rely on, of the fake that tests use and of the adapter on moto."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from tests.builders import create, defined
from tests.fakes.machines import FakeMachines
from ventuno import errors
from ventuno.actions.registry import KINDS
from ventuno.adapters.aws.machines import MachineSetup, StepFunctionsMachines, execution_arn
from ventuno.compiler.compile import compile_definition
from ventuno.compiler.contract import STEP_RUNNER_PLACEHOLDER, Capability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_stepfunctions import SFNClient

    from ventuno.execution_ports import Machines

SETUP = MachineSetup(
    arn_prefix="arn:aws:states:us-east-1:123456789012:stateMachine:test-",
    run_role_arn="arn:aws:iam::123456789012:role/ventuno/run",
    batch_run_role_arn="arn:aws:iam::123456789012:role/ventuno/batch-run",
    step_runner_arn="arn:aws:lambda:us-east-1:123456789012:function:ventuno-test-step-runner",
)
TEXT = compile_definition(defined(create()), KINDS).text


def stubbed() -> SFNClient:
    """Make a client that is given its answers by the test."""
    return boto3.client(
        "stepfunctions",
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - requests never leave the process
    )


@pytest.fixture(scope="module")
def client() -> Iterator[SFNClient]:
    with mock_aws():
        yield boto3.client("stepfunctions", region_name="us-east-1")


@pytest.fixture(params=["fake", "moto"])
def machines(request: pytest.FixtureRequest, client: SFNClient) -> Machines:
    return FakeMachines() if request.param == "fake" else StepFunctionsMachines(lambda: client, SETUP)


def test_a_machine_is_created_under_its_name(machines: Machines, request: pytest.FixtureRequest) -> None:
    arn = machines.create(f"test-{request.node.name[:40]}", TEXT, Capability.STEPS, {"ventuno:stage": "test"})

    assert arn.startswith(SETUP.arn_prefix)


def test_creating_a_machine_again_gives_the_same_one(machines: Machines) -> None:
    arns = {machines.create("test-again-v1", TEXT, Capability.STEPS, {}) for _ in range(2)}

    assert arns == {SETUP.arn_prefix + "again-v1"}


def test_a_deleted_machine_is_gone_and_deleting_it_again_changes_nothing(machines: Machines) -> None:
    arn = machines.create("test-gone-v1", TEXT, Capability.STEPS, {})
    for _ in range(2):
        machines.delete(arn)

    with pytest.raises(errors.MachineMissingError):
        machines.start(arn, "run-1", "{}")


def test_an_execution_is_started_once_by_its_name(machines: Machines) -> None:
    arn = machines.create("test-once-v1", TEXT, Capability.STEPS, {})
    machines.start(arn, "run-1", '{"run": "run-1"}')
    machines.start(arn, "run-1", '{"run": "run-1"}')
    found = machines.describe(arn, "run-1")

    assert found is not None
    assert (found.status, found.error, found.cause) == ("RUNNING", None, None)


def test_an_execution_nobody_started_is_none(machines: Machines) -> None:
    arn = machines.create("test-none-v1", TEXT, Capability.STEPS, {})

    assert machines.describe(arn, "run-1") is None
    assert machines.entered_states(arn, "run-1") == []


def test_a_machine_that_does_not_exist_cannot_be_started(machines: Machines) -> None:
    with pytest.raises(errors.MachineMissingError):
        machines.start(SETUP.arn_prefix + "nothing", "run-1", "{}")


def test_the_functions_arn_is_filled_in_and_the_tags_are_set(client: SFNClient) -> None:
    arn = StepFunctionsMachines(lambda: client, SETUP).create(
        "test-arn-v1", TEXT, Capability.STEPS, {"ventuno:stage": "test"}
    )
    stored = client.describe_state_machine(stateMachineArn=arn)
    (task,) = json.loads(stored["definition"])["States"].values()

    assert task["Arguments"]["FunctionName"] == SETUP.step_runner_arn
    assert (stored["roleArn"], stored["type"]) == (SETUP.run_role_arn, "STANDARD")
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [
        {"key": "ventuno:stage", "value": "test"}
    ]


@pytest.mark.parametrize(
    ("capability", "role"),
    [(Capability.STEPS, SETUP.run_role_arn), (Capability.BATCHES, SETUP.batch_run_role_arn)],
)
def test_a_machine_runs_under_the_role_of_its_capability(
    client: SFNClient, capability: Capability, role: str
) -> None:
    name = f"test-{capability.lower()}-v1"
    arn = StepFunctionsMachines(lambda: client, SETUP).create(name, TEXT, capability, {})

    assert client.describe_state_machine(stateMachineArn=arn)["roleArn"] == role


def test_a_machine_left_by_an_activation_cut_off_gets_the_new_definition() -> None:
    client = stubbed()
    expected = {
        "stateMachineArn": SETUP.arn_prefix + "left-v1",
        "definition": TEXT.replace(STEP_RUNNER_PLACEHOLDER, SETUP.step_runner_arn),
        "roleArn": SETUP.run_role_arn,
    }
    with Stubber(client) as answers:
        answers.add_client_error("create_state_machine", "StateMachineAlreadyExists")
        answers.add_response(
            "update_state_machine", {"updateDate": datetime(2026, 3, 1, tzinfo=UTC)}, expected
        )
        arn = StepFunctionsMachines(lambda: client, SETUP).create("test-left-v1", TEXT, Capability.STEPS, {})

        answers.assert_no_pending_responses()
    assert arn == SETUP.arn_prefix + "left-v1"


def test_an_execution_is_named_below_its_machine() -> None:
    assert execution_arn(SETUP.arn_prefix + "flow-v1", "run-1") == (
        "arn:aws:states:us-east-1:123456789012:execution:test-flow-v1:run-1"
    )


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("create_state_machine", lambda machines: machines.create("test-x-v1", TEXT, Capability.STEPS, {})),
        ("start_execution", lambda machines: machines.start(SETUP.arn_prefix + "x", "run-1", "{}")),
        ("describe_execution", lambda machines: machines.describe(SETUP.arn_prefix + "x", "run-1")),
        ("get_execution_history", lambda machines: machines.entered_states(SETUP.arn_prefix + "x", "run-1")),
    ],
)
@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailable"])
def test_a_service_that_refuses_for_now_is_unavailable(
    operation: str,
    call: Any,  # noqa: ANN401 - one of the lambdas above
    code: str,
) -> None:
    client = stubbed()
    with Stubber(client) as answers:
        answers.add_client_error(operation, code)
        with pytest.raises(errors.StoreUnavailableError, match="for now"):
            call(StepFunctionsMachines(lambda: client, SETUP))


def test_a_service_that_refuses_for_good_names_the_setup() -> None:
    client = stubbed()
    with Stubber(client) as answers:
        answers.add_client_error("start_execution", "AccessDeniedException", "no such right")
        with pytest.raises(errors.ConfigurationError, match="no such right"):
            StepFunctionsMachines(lambda: client, SETUP).start(SETUP.arn_prefix + "x", "run-1", "{}")


def test_a_definition_the_service_refuses_is_a_finding() -> None:
    client = stubbed()
    with Stubber(client) as answers:
        answers.add_client_error("create_state_machine", "InvalidDefinition", "no such state")
        with pytest.raises(errors.DefinitionError, match="no such state"):
            StepFunctionsMachines(lambda: client, SETUP).create("test-x-v1", TEXT, Capability.STEPS, {})
