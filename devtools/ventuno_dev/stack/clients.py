"""boto3 clients of one target, made when first used; boto3 itself is imported only then."""

from __future__ import annotations

from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from typing import Self

    import boto3
    from botocore.config import Config
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

    from ventuno_dev.stack.target import Target

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 70


class _Options(TypedDict):
    endpoint_url: str | None
    config: Config


class Clients:
    """The clients that the tools use. On a local target the credentials are dummies, never the user's."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of every client made so far."""
        for made in vars(self).values():
            if hasattr(made, "close"):
                made.close()

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """Deploys the stack."""
        return self._session.client("cloudformation", **self._options)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """Holds records, runs and workflows."""
        return self._session.client("dynamodb", **self._options)

    @cached_property
    def ses(self) -> SESV2Client:
        """Sends e-mail."""
        return self._session.client("sesv2", **self._options)

    @cached_property
    def events(self) -> EventBridgeClient:
        """Carries the end of executions."""
        return self._session.client("events", **self._options)

    @cached_property
    def functions(self) -> LambdaClient:
        """Runs the handlers."""
        return self._session.client("lambda", **self._options)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """Keeps what the handlers wrote."""
        return self._session.client("logs", **self._options)

    @cached_property
    def s3(self) -> S3Client:
        """Keeps artifacts and payloads."""
        return self._session.client("s3", **self._options)

    @cached_property
    def scheduler(self) -> EventBridgeSchedulerClient:
        """Fires schedules."""
        return self._session.client("scheduler", **self._options)

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Keeps secrets."""
        return self._session.client("secretsmanager", **self._options)

    @cached_property
    def sqs(self) -> SQSClient:
        """Holds the dead letters."""
        return self._session.client("sqs", **self._options)

    @cached_property
    def states(self) -> SFNClient:
        """Runs the workflows."""
        return self._session.client("stepfunctions", **self._options)

    def account(self) -> str:
        """Return the account that the credentials belong to."""
        with closing(self._session.client("sts", **self._options)) as sts:
            return str(sts.get_caller_identity()["Account"])

    @cached_property
    def _session(self) -> boto3.Session:
        import boto3  # noqa: PLC0415 - 0.15 s that `--help` must not pay

        if self.target.kind is TargetKind.AWS:
            return boto3.Session(region_name=self.target.region)
        return boto3.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - emulators accept anything
            region_name=self.target.region,
        )

    @cached_property
    def _options(self) -> _Options:
        from botocore.config import Config  # noqa: PLC0415 - as boto3

        local = self.target.kind is not TargetKind.AWS
        config = Config(
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            read_timeout=READ_TIMEOUT_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 2 if local else 5},
            s3={"addressing_style": "path" if local else "auto"},
        )
        return {"endpoint_url": self.target.endpoint_url, "config": config}
