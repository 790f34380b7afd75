"""Facts that must hold for every resource of template.yaml, whichever are added later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ventuno.definition.durations import ONE_YEAR_SECONDS
from ventuno.mail.draft import DRAFT_DAYS
from ventuno.records.layout import record_key
from ventuno.records.standard.person import PERSON
from ventuno.runtime.start_run import RETENTION_SECONDS
from ventuno_dev.stack import template

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATE = template.load(PROJECT)
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]

# Actions that AWS offers no resource level for.
# Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
# and …/list_awsstepfunctions.html and …/list_awssecretsmanager.html
WITHOUT_RESOURCE_LEVEL = {
    *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    *("states:SendTaskSuccess", "states:SendTaskFailure"),
    "secretsmanager:ListSecrets",
}
# A `*` inside an ARN is allowed after these beginnings only, with the reason.
OPEN_ENDED = {
    "${PayloadBucket.Arn}/versions/": "objects are named by version",
    "${PayloadBucket.Arn}/runs/": "objects are named by run",
    "${PayloadBucket.Arn}/drafts/": "objects are named by draft",
    "${PayloadBucket.Arn}/files/": "objects are named by file",
    ":identity/": "accounts name the identities that they send from",
    ":configuration-set/": "an identity may have one",
    "${Records.Arn}/stream/": "a stream's name is the time it was made",
    "stateMachine:${Stage}-": "machines are made at run time, each named after its stage",
    "execution:${Stage}-": "as the machines",
    "secret:ventuno/${Stage}/secrets/": "secrets are named by their users; AWS adds a random end",
    "schedule/${Schedules}/": "schedules are made at run time, all in the stage's group",
    "foundation-model/": "authors choose the model; which there are is decided by the account",
    "inference-profile/": "as the models",
}
RETAINED_TYPES = {"AWS::DynamoDB::Table", "AWS::S3::Bucket"}


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {key: value["Properties"] for key, value in RESOURCES.items() if value["Type"] == kind}


FUNCTIONS = named("AWS::Serverless::Function")
ROLES = named("AWS::IAM::Role")


def reference(value: Any) -> str:  # noqa: ANN401 - any intrinsic
    """Return the logical id that a Ref or GetAtt points to, else the text itself."""
    if isinstance(value, dict):
        target = value.get("Ref") or value.get("Fn::GetAtt") or value.get("Fn::Sub")
        return target[0] if isinstance(target, list) else str(target)
    return str(value)


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - IAM takes one or many
    return value if isinstance(value, list) else [value]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    for role, properties in ROLES.items():
        for policy in properties.get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, statement


@pytest.mark.parametrize("name", FUNCTIONS)
class TestEveryFunction:
    def test_keeps_its_logs_in_a_group_of_its_own_for_a_set_time(self, name: str) -> None:
        group = RESOURCES[reference(FUNCTIONS[name]["LoggingConfig"]["LogGroup"])]["Properties"]

        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        function_name = FUNCTIONS[name]["FunctionName"]["Fn::Sub"]
        assert group["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/{function_name}"}

    def test_has_a_role_that_no_other_function_has(self, name: str) -> None:
        roles = [reference(function["Role"]) for function in FUNCTIONS.values()]

        assert roles.count(reference(FUNCTIONS[name]["Role"])) == 1

    def test_says_for_itself_how_long_it_may_run(self, name: str) -> None:
        assert 0 < FUNCTIONS[name]["Timeout"] <= 900

    def test_names_its_service_after_its_folder(self, name: str) -> None:
        service = FUNCTIONS[name]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]

        assert FUNCTIONS[name]["CodeUri"] == f"functions/{service}/"
        assert FUNCTIONS[name]["FunctionName"] == {
            "Fn::Sub": f"ventuno-${{Stage}}-{service.replace('_', '-')}"
        }


def test_all_functions_are_traced_and_know_where_their_data_is() -> None:
    shared = TEMPLATE["Globals"]["Function"]

    assert shared["Tracing"] == "Active"
    assert shared["Runtime"] == "python3.13"
    assert shared["Architectures"] == ["arm64"]
    assert shared["Environment"]["Variables"].keys() >= {
        *("STAGE", "WORKSPACE_ID", "RECORDS_TABLE", "RUNS_TABLE", "WORKFLOWS_TABLE"),
        *("PAYLOAD_BUCKET", "STATE_MACHINE_PREFIX", "POWERTOOLS_LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE"),
    }


def test_the_layer_is_built_by_the_makefile_beside_it() -> None:
    layers = [key for key, value in RESOURCES.items() if value["Type"] == "AWS::Serverless::LayerVersion"]
    recipe = (PROJECT / "layers/shared/Makefile").read_text()

    assert [RESOURCES[layer]["Metadata"]["BuildMethod"] for layer in layers] == ["makefile"]
    assert all(f"\nbuild-{layer}:" in recipe for layer in layers)


def test_functions_with_libraries_of_their_own_are_built_by_the_same_makefile() -> None:
    folders = [Path(function["CodeUri"]) for function in FUNCTIONS.values()]
    own = [PROJECT / folder for folder in folders if (PROJECT / folder / "requirements.txt").is_file()]
    built = [
        PROJECT / FUNCTIONS[name]["CodeUri"]
        for name in FUNCTIONS
        if RESOURCES[name].get("Metadata", {}).get("BuildMethod") == "makefile"
    ]

    assert built == own
    assert len({(folder / "Makefile").read_text() for folder in own}) == 1


def test_secrets_are_read_by_who_runs_steps_and_who_checks_signatures_alone() -> None:
    readers = {role for role, one in statements() if "secretsmanager:GetSecretValue" in listed(one["Action"])}

    assert readers == {"StepRunnerRole", "TriggerWebhookRole"}


def test_requests_to_this_machine_are_off_unless_a_local_stack_asks_for_them() -> None:
    assert TEMPLATE["Parameters"]["LoopbackAllowed"]["Default"] == "false"


def test_no_statement_allows_all_actions_of_a_service() -> None:
    wide = [(role, action) for role, one in statements() for action in listed(one["Action"]) if "*" in action]

    assert wide == []


def test_only_actions_without_a_resource_level_are_allowed_on_every_resource() -> None:
    on_everything = {
        action
        for _, one in statements()
        if "*" in listed(one["Resource"])
        for action in listed(one["Action"])
    }

    assert on_everything == WITHOUT_RESOURCE_LEVEL


def test_an_open_ended_resource_is_one_of_the_explained_kinds() -> None:
    texts = {reference(resource) for _, one in statements() for resource in listed(one["Resource"])} - {"*"}
    unexplained = {
        text for text in texts if "*" in text and not any(text.endswith(f"{known}*") for known in OPEN_ENDED)
    }

    assert unexplained == set()


def test_the_role_that_runs_authors_code_may_do_nothing() -> None:
    assert "Policies" not in ROLES["CodeRunnerRole"]
    assert FUNCTIONS["CodeRunner"]["Tracing"] == "PassThrough", "tracing needs a permission"


def test_no_role_has_a_managed_policy() -> None:
    assert [role for role, properties in ROLES.items() if "ManagedPolicyArns" in properties] == []


def test_only_the_roles_of_runs_and_schedules_may_be_passed_and_each_to_its_own_service() -> None:
    passing = [
        (role, [reference(passed) for passed in listed(one["Resource"])], one["Condition"])
        for role, one in statements()
        if "iam:PassRole" in listed(one["Action"])
    ]

    machines = {"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}}
    schedules = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    assert passing == [
        ("ApiRole", ["RunRole", "BatchRunRole"], machines),
        ("ApiRole", ["ScheduleRole"], schedules),
    ]


def test_each_capability_of_a_machine_has_a_role_with_no_more_than_it_needs() -> None:
    granted = {
        name: [(one["Action"], one["Resource"]) for role, one in statements() if role == name]
        for name in ("RunRole", "BatchRunRole")
    }

    steps = ("lambda:InvokeFunction", {"Fn::GetAtt": ["StepRunner", "Arn"]})
    stage = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}"
    assert granted["RunRole"] == [steps]
    assert granted["BatchRunRole"] == [
        steps,
        ("states:StartExecution", {"Fn::Sub": f"{stage}:stateMachine:${{Stage}}-*"}),
        (
            ["states:DescribeExecution", "states:StopExecution"],
            {"Fn::Sub": f"{stage}:execution:${{Stage}}-*"},
        ),
    ]
    assert {ROLES[name]["Path"] for name in granted} == {"/ventuno/"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_trusted_to_one_service(role: str) -> None:
    trust = ROLES[role]["AssumeRolePolicyDocument"]["Statement"]

    assert len(trust) == 1
    assert list(trust[0]["Principal"]) == ["Service"]
    service = trust[0]["Principal"]["Service"]
    guarded = "aws:SourceAccount" in json.dumps(trust[0].get("Condition", {}))
    assert guarded or service == "lambda.amazonaws.com", "another account could have the service act for it"


@pytest.mark.parametrize("name", [key for key, value in RESOURCES.items() if value["Type"] in RETAINED_TYPES])
def test_whatever_holds_data_outlives_its_stack(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("name", named("AWS::DynamoDB::Table"))
def test_each_table_is_on_demand_recoverable_encrypted_and_forgets_in_time(name: str) -> None:
    table = RESOURCES[name]["Properties"]

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["PK", "SK"]


@pytest.mark.parametrize(
    ("table", "index", "keys", "projection"),
    [
        ("Records", "byObject", ["listPk", "listSk"], "ALL"),
        ("Records", "keysByObject", ["listPk", "listSk"], "KEYS_ONLY"),
        ("Runs", "byWorkflow", ["workflowPk", "workflowSk"], "ALL"),
        ("Runs", "byStatus", ["statusPk", "statusSk"], "KEYS_ONLY"),
    ],
)
def test_an_index_has_the_keys_that_the_adapters_query(
    table: str, index: str, keys: list[str], projection: str
) -> None:
    indexes = RESOURCES[table]["Properties"]["GlobalSecondaryIndexes"]
    found = next(one for one in indexes if one["IndexName"] == index)

    assert [key["AttributeName"] for key in found["KeySchema"]] == keys
    assert found["Projection"]["ProjectionType"] == projection


def test_changes_of_records_are_streamed_with_both_images() -> None:
    assert RESOURCES["Records"]["Properties"]["StreamSpecification"] == {
        "StreamViewType": "NEW_AND_OLD_IMAGES"
    }


def test_the_bucket_is_private_encrypted_and_answers_over_tls_only() -> None:
    bucket = RESOURCES["PayloadBucket"]["Properties"]
    denied = RESOURCES["PayloadBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]

    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert "BucketEncryption" in bucket
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_payloads_of_old_runs_and_drafts_expire_and_versions_and_files_do_not() -> None:
    rules = RESOURCES["PayloadBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    expiring = {rule.get("Prefix"): rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}

    assert expiring == {"runs/": (RETENTION_SECONDS + ONE_YEAR_SECONDS) / 86_400, "drafts/": DRAFT_DAYS + 10}


def test_every_asynchronous_path_ends_in_a_dead_letter_queue() -> None:
    rule_targets = [target for rule in named("AWS::Events::Rule").values() for target in rule["Targets"]]
    schedule_targets = [schedule["Target"] for schedule in named("AWS::Scheduler::Schedule").values()]
    made_at_run_time = {"Scheduler"}
    called = {reference(target["Arn"]) for target in rule_targets + schedule_targets} | made_at_run_time

    for target in rule_targets + schedule_targets:
        assert reference(target["DeadLetterConfig"]["Arn"]) in named("AWS::SQS::Queue")
        assert "RetryPolicy" in target
    for function in called:
        destination = FUNCTIONS[function]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert reference(destination["Destination"]) in named("AWS::SQS::Queue")


def test_every_stream_is_retried_from_its_first_failure_a_limited_time_and_then_a_dead_letter() -> None:
    mappings = named("AWS::Lambda::EventSourceMapping")

    assert mappings
    for mapping in mappings.values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["BisectBatchOnFunctionError"] is True
        assert 0 < mapping["MaximumRetryAttempts"] <= 100
        assert reference(mapping["DestinationConfig"]["OnFailure"]["Destination"]) in named("AWS::SQS::Queue")


def test_the_stream_of_records_is_filtered_to_base_rows() -> None:
    pattern = RESOURCES["RecordStream"]["Properties"]["FilterCriteria"]["Filters"][0]["Pattern"]

    assert json.loads(pattern) == {"dynamodb": {"Keys": {"PK": {"S": [{"prefix": "REC#"}]}}}}
    assert record_key(PERSON, "1").pk.startswith("REC#")


def test_every_dead_letter_queue_is_encrypted_and_raises_an_alarm() -> None:
    alarms = [
        reference(dimension["Value"])
        for alarm in named("AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Dimensions"]
    ]

    for queue, properties in named("AWS::SQS::Queue").items():
        assert queue in alarms
        assert properties["SqsManagedSseEnabled"] is True


def test_the_public_surface_is_two_routes() -> None:
    routes = {
        route["RouteKey"]: reference(RESOURCES[integration(route)]["Properties"]["IntegrationUri"])
        for route in named("AWS::ApiGatewayV2::Route").values()
    }

    assert routes == {"ANY /webhooks/{proxy+}": "TriggerWebhook", "$default": "Api"}


def integration(route: dict[str, Any]) -> str:
    return reference(route["Target"]).removeprefix("integrations/${").removesuffix("}")


def test_access_logs_hold_no_address_since_that_is_a_webhooks_secret() -> None:
    stage = RESOURCES["DefaultStage"]["Properties"]
    logged = json.loads(stage["AccessLogSettings"]["Format"])

    assert {"$context.path", "$context.protocol"}.isdisjoint(logged.values())
    assert "path" not in stage["AccessLogSettings"]["Format"].lower()
    assert logged["route"] == "$context.routeKey"


def test_every_log_group_forgets() -> None:
    kept = {key: group.get("RetentionInDays") for key, group in named("AWS::Logs::LogGroup").items()}

    assert set(map(json.dumps, kept.values())) == {'{"Ref": "LogRetentionDays"}'}


def test_no_name_of_one_stage_begins_the_name_of_another() -> None:
    pattern = TEMPLATE["Parameters"]["Stage"]["AllowedPattern"]

    assert "-" not in pattern.replace("a-z", "").replace("0-9", "")
