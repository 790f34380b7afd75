"""Machines' roles under the emulator's IAM enforcement: what states need passes, anything else is denied.

The emulator runs machines without looking at their role, so calls as states make them are made under it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.integration.stack.conftest import make_local
from tests.integration.stack.test_13_each_functions_role import CANARIES, DENIED, Call, filled, names_of
from ventuno_dev.stack.clients import Clients

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.emulator

ROLES: Final = ("RUN_ROLE", "BATCH_RUN_ROLE")
STEP: Final[Call] = ("lambda", "invoke", {"FunctionName": "{STEP_RUNNER}", "Payload": "{{}}"})
OWN: Final = {"stateMachineArn": "{MACHINES}x-v1"}
CHILD: Final = {"executionArn": "{EXECUTIONS}x-v1:1"}
BATCHES: Final[tuple[Call, ...]] = (
    ("stepfunctions", "start_execution", {**OWN, "input": "{{}}"}),
    ("stepfunctions", "describe_execution", CHILD),
    ("stepfunctions", "stop_execution", CHILD),
)
NEEDS: Final = {"RUN_ROLE": (STEP,), "BATCH_RUN_ROLE": (STEP, *BATCHES)}
# What functions may do that run steps, or make machines.
FOREIGN: Final[tuple[Call, ...]] = (
    ("lambda", "invoke", {"FunctionName": "{CODE_RUNNER}"}),
    ("lambda", "invoke", {"FunctionName": "ventuno-dev-api"}),
    ("dynamodb", "get_item", {"TableName": "{RUNS}", "Key": {"PK": {"S": "p"}, "SK": {"S": "s"}}}),
    ("s3", "get_object", {"Bucket": "{BUCKET}", "Key": "runs/1"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "ventuno/dev/secrets/s"}),
    ("stepfunctions", "update_state_machine", {**OWN, "roleArn": "{RUN_ROLE}"}),
)
ANYBODY: Final = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


@dataclass(frozen=True, slots=True)
class Acting:
    """A stack whose IAM denies, and sessions under the roles of its machines."""

    endpoint: str
    names: dict[str, str]
    sessions: dict[str, boto3.Session]

    def outcomes(self, role: str, calls: tuple[Call, ...]) -> dict[str, str]:
        return {
            f"{service}.{method} {given}": self._outcome(role, service, method, filled(given, self.names))
            for service, method, given in calls
        }

    def _outcome(self, role: str, service: str, method: str, given: dict[str, Any]) -> str:
        make: Any = self.sessions[role].client
        try:
            getattr(make(service, endpoint_url=self.endpoint), method)(**given)
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "OK"


@pytest.fixture(scope="module")
def acting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acting]:
    local = make_local(tmp_path_factory.mktemp("machine-roles"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTH", "true")  # MiniStack's switch for IAM
        result = local.up()
    endpoint = str(result.target.endpoint_url)
    with Clients(result.target) as clients:
        names = names_of(result.outputs, clients)
        owner = boto3.Session("test", "test", region_name=result.target.region)
        sessions = {role: assumed(owner, endpoint, names[role]) for role in ROLES}
        yield Acting(endpoint, names, sessions)
    local.down()


def assumed(owner: boto3.Session, endpoint: str, role_arn: str) -> boto3.Session:
    """Act under a role; that its trust is in Step Functions alone is tested on the template."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": [ANYBODY]})
    name = role_arn.rpartition("/")[2]
    owner.client("iam", endpoint_url=endpoint).update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    sts = owner.client("sts", endpoint_url=endpoint)
    given = sts.assume_role(RoleArn=role_arn, RoleSessionName="states")["Credentials"]
    return boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], owner.region_name
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_machine_may_do_all_that_its_states_need(acting: Acting, role: str) -> None:
    outcomes = acting.outcomes(role, NEEDS[role])

    assert {call: outcome for call, outcome in outcomes.items() if outcome in DENIED} == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_machine_may_do_nothing_else(acting: Acting, role: str) -> None:
    outcomes = acting.outcomes(role, CANARIES + FOREIGN)

    assert {call: outcome for call, outcome in outcomes.items() if outcome not in DENIED} == {}


def test_only_a_machine_with_batches_may_start_and_end_executions(acting: Acting) -> None:
    assert set(acting.outcomes("RUN_ROLE", BATCHES).values()) <= DENIED
