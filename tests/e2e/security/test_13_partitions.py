"""13. Each function's role: whoever may write workflows may write none of the API keys beside them.

The policies are those of the deployed stack, given to a user whom the emulator makes keep to them.
"""

from __future__ import annotations

import json
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e

WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")
WRITING_SOME = ("record-events", "run-events", "scheduler", "trigger-webhook")
"""The functions that change workflows, but for `api`, which also makes and deletes API keys."""


def policies(stack: RunningStack, function: str) -> list[dict[str, Any]]:
    """Read the statements of a function's role."""
    iam = clients_of(stack, "iam")
    functions = clients_of(stack, "lambda")
    name = f"ventuno-{stack.outputs.stage}-{function}"
    role = functions.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=one)["PolicyDocument"] for one in names]
    return [statement for document in documents for statement in document["Statement"]]


def clients_of(stack: RunningStack, service: str, **keys: str) -> Any:  # noqa: ANN401 - any client
    given = keys or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    make: Any = boto3.client
    return make(service, endpoint_url=stack.endpoint, region_name=stack.target.region, **given)


@pytest.fixture(params=WRITING_SOME)
def writer(request: pytest.FixtureRequest, stack: RunningStack) -> Iterator[DynamoDBClient]:
    """The table as a function may use it."""
    iam, user = clients_of(stack, "iam"), f"like-{request.param}-{uuid.uuid4().hex[:8]}"
    document = {"Version": "2012-10-17", "Statement": policies(stack, request.param)}
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="same", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    yield clients_of(
        stack, "dynamodb", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
    )
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=user, PolicyName="same")
    iam.delete_user(UserName=user)


def refused(client: DynamoDBClient, table: str, partition: str) -> list[bool]:
    """Try to write an item in every way there is, and tell which is denied."""
    key = {"PK": {"S": partition}, "SK": {"S": "canary"}}
    put: Any = [{"Put": {"TableName": table, "Item": key}}]
    change = {"UpdateExpression": "SET a = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    update: Any = [{"Update": {"TableName": table, "Key": key, **change}}]
    return [
        _denied(client, partial(client.update_item, TableName=table, Key=key)),
        _denied(client, partial(client.put_item, TableName=table, Item=key)),
        _denied(client, partial(client.transact_write_items, TransactItems=put)),
        _denied(client, partial(client.transact_write_items, TransactItems=update)),
        _denied(client, partial(client.delete_item, TableName=table, Key=key)),
    ]


def _denied(client: DynamoDBClient, call: Callable[[], object]) -> bool:
    try:
        call()
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return True
    return False


@pytest.mark.parametrize("partition", ["KEYS", f"KEY#{'0' * 64}", "WORKFLOWS"])
def test_no_function_but_api_writes_api_keys_or_slugs(
    stack: RunningStack, writer: DynamoDBClient, partition: str
) -> None:
    assert all(refused(writer, stack.outputs.workflows_table, partition))


def test_each_function_writes_the_partitions_of_workflows_that_it_has_to(
    stack: RunningStack, writer: DynamoDBClient
) -> None:
    table, partition = stack.outputs.workflows_table, f"WORKFLOW#{uuid.uuid4()}"
    tried = refused(writer, table, partition)
    stack.clients.dynamodb.delete_item(TableName=table, Key={"PK": {"S": partition}, "SK": {"S": "canary"}})

    assert not all(tried)


def test_every_other_function_writes_no_workflows_at_all(stack: RunningStack) -> None:
    for function in ("step-runner", "code-runner"):
        for statement in policies(stack, function):
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            ours = stack.outputs.workflows_table in json.dumps(statement["Resource"])
            assert not (ours and set(actions) & set(WRITES)), (function, statement)
