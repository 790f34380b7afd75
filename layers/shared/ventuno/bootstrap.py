"""The only place that reads the environment and builds clients; everything is built once, on first use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from ventuno import errors
from ventuno.adapters.aws.bedrock import CONFIG as MODEL_CONFIG
from ventuno.adapters.aws.bedrock import BedrockModels
from ventuno.adapters.aws.code import CONFIG as CODE_CONFIG
from ventuno.adapters.aws.code import LambdaCodeRunner
from ventuno.adapters.aws.drafts import CONFIG as DRAFTS_CONFIG
from ventuno.adapters.aws.drafts import LambdaDraftSender
from ventuno.adapters.aws.machines import MachineSetup, StepFunctionsMachines
from ventuno.adapters.aws.payloads import S3PayloadStore
from ventuno.adapters.aws.schedules import EventBridgeSchedules, ScheduleSetup
from ventuno.adapters.aws.secrets import SecretsManagerStore
from ventuno.adapters.aws.ses import CONFIG as SES_CONFIG
from ventuno.adapters.aws.ses import SesServer
from ventuno.adapters.aws.trials import CONFIG as TRIALS_CONFIG
from ventuno.adapters.aws.trials import LambdaTrials
from ventuno.adapters.dynamodb.effects import DynamoEffects
from ventuno.adapters.dynamodb.functions import DynamoFunctionStore
from ventuno.adapters.dynamodb.limits import DynamoLimitStore
from ventuno.adapters.dynamodb.mailbox import DynamoMailbox, MailboxTables
from ventuno.adapters.dynamodb.metadata import DynamoMetadataStore
from ventuno.adapters.dynamodb.records import DynamoRecordStore
from ventuno.adapters.dynamodb.runs import DynamoRunStore
from ventuno.adapters.dynamodb.workflows import DynamoWorkflowStore
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.mail import MailServers
from ventuno.adapters.models import ProviderModels
from ventuno.adapters.openai_models import OpenAiModels
from ventuno.adapters.system import SystemClock, SystemIds
from ventuno.mail.account import AccountKind
from ventuno.outside import Outside
from ventuno.records.custom.live import LiveObjectModel
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import STANDARD_OBJECTS
from ventuno.runtime.call_counter import CallCounter
from ventuno.runtime.services import LONGEST_CHAIN, Services
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.outside import MailServer, SecretStore
    from ventuno.ports import Clock, PayloadStore


@dataclass(frozen=True, slots=True)
class Environment:
    """What a process must be told of its deployment; the names are the template's."""

    stage: str
    workspace_id: str
    records_table: str
    runs_table: str
    workflows_table: str
    payload_bucket: str
    state_machine_prefix: str
    step_runner_arn: str = ""
    run_role_arn: str = ""
    longest_chain: str = ""
    schedule_group: str = ""
    schedule_role_arn: str = ""
    scheduler_arn: str = ""
    undelivered_events_arn: str = ""
    code_runner_arn: str = ""
    loopback_allowed: str = ""
    scripts_per_minute: str = ""
    runs_per_minute: str = ""
    runs_per_hour: str = ""

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Environment:
        """Read the environment of a function.

        Raises: ConfigurationError naming every variable that is missing
        """
        fields = cls.__dataclass_fields__
        needed = [name.upper() for name, field in fields.items() if isinstance(field.default, str) is False]
        missing = [name for name in needed if not variables.get(name)]
        if missing:
            raise errors.ConfigurationError(
                f"the environment lacks {', '.join(missing)}; deploy with template.yaml"
            )
        return cls(**{name: variables.get(name.upper(), "") for name in fields})


_CONFIG = Config(
    connect_timeout=2,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 4},
    max_pool_connections=16,
    parameter_validation=False,  # a twentieth of a call's time; the service checks them anyway
)


class Clients:
    """One boto3 client per service, made when it is first needed; every request is counted."""

    def __init__(self, calls: CallCounter, session: boto3.Session | None = None, **options: Any) -> None:  # noqa: ANN401 - boto3's own
        self._session = session or boto3.Session()
        self._options = {"config": _CONFIG, **options}
        self._calls = calls
        self._made: dict[str, Any] = {}

    def get(self, service: str, config: Config | None = None) -> Any:  # noqa: ANN401 - the client class depends on the name
        """Return the client of a service, made with `config` in place of the usual one."""
        if service not in self._made:
            make: Any = self._session.client  # its overloads name every service; here the name is a value
            options = {**self._options, "config": config} if config else self._options
            client = make(service, **options)
            client.meta.events.register("before-send", self._count_for(service))
            self._made[service] = client
        return self._made[service]

    def _count_for(self, service: str) -> Any:  # noqa: ANN401 - botocore's handler signature
        def count(event_name: str, **_: Any) -> None:  # noqa: ANN401
            self._calls.add(service, event_name.rpartition(".")[2])

        return count


def services_for(environment: Environment, clients: Clients, calls: CallCounter) -> Services:
    """Wire the AWS adapters together."""
    clock, ids, dynamodb = SystemClock(), SystemIds(), clients.get("dynamodb")
    metadata = DynamoMetadataStore(dynamodb, environment.workflows_table)
    objects = LiveObjectModel(STANDARD_OBJECTS, metadata, clock)
    setup = MachineSetup(
        environment.state_machine_prefix, environment.run_role_arn, environment.step_runner_arn
    )
    payloads = S3PayloadStore(lambda: clients.get("s3"), environment.payload_bucket)
    return Services(
        runs=DynamoRunStore(dynamodb, environment.runs_table),
        limits=DynamoLimitStore(dynamodb, environment.runs_table),
        workflows=DynamoWorkflowStore(dynamodb, environment.workflows_table),
        functions=DynamoFunctionStore(dynamodb, environment.workflows_table),
        metadata=metadata,
        objects=objects,
        records=RecordService(
            objects, DynamoRecordStore(dynamodb, environment.records_table), clock, ids.new_id
        ),
        payloads=payloads,
        machines=StepFunctionsMachines(lambda: clients.get("stepfunctions"), setup),
        schedules=EventBridgeSchedules(lambda: clients.get("scheduler"), _schedule_setup(environment)),
        trials=LambdaTrials(lambda: clients.get("lambda", TRIALS_CONFIG), environment.step_runner_arn),
        outside=_outside(environment, clients, clock, payloads),
        clock=clock,
        ids=ids,
        calls=calls,
        stage=environment.stage,
        workspace_id=environment.workspace_id,
        longest_chain=int(environment.longest_chain or LONGEST_CHAIN),
        scripts_per_minute=int(environment.scripts_per_minute or 0),
        stage_limits=Limits(_limit(environment.runs_per_minute), _limit(environment.runs_per_hour)),
    )


def _outside(environment: Environment, clients: Clients, clock: Clock, payloads: PayloadStore) -> Outside:
    dynamodb, loopback_allowed = clients.get("dynamodb"), environment.loopback_allowed == "true"
    secrets = SecretsManagerStore(lambda: clients.get("secretsmanager"), environment.stage, clock)
    http = GuardedHttpClient(loopback_allowed=loopback_allowed)
    return Outside(
        http=http,
        secrets=secrets,
        code=LambdaCodeRunner(lambda: clients.get("lambda", CODE_CONFIG), environment.code_runner_arn),
        mail=MailServers(
            {
                AccountKind.SES: lambda: SesServer(lambda: clients.get("sesv2", SES_CONFIG)),
                AccountKind.SMTP: lambda: _smtp(secrets, loopback_allowed=loopback_allowed),
            }
        ),
        mailbox=DynamoMailbox(
            dynamodb, MailboxTables(environment.workflows_table, environment.runs_table), payloads, clock
        ),
        drafts=LambdaDraftSender(lambda: clients.get("lambda", DRAFTS_CONFIG), environment.step_runner_arn),
        effects=DynamoEffects(dynamodb, environment.runs_table, clock),
        files=payloads,
        models=ProviderModels(
            BedrockModels(lambda: clients.get("bedrock-runtime", MODEL_CONFIG)), OpenAiModels(http)
        ),
    )


def _smtp(secrets: SecretStore, *, loopback_allowed: bool) -> MailServer:
    from ventuno.adapters.smtp import SmtpServer  # noqa: PLC0415 - smtplib is for the few calls that need it

    return SmtpServer(secrets, loopback_allowed=loopback_allowed)


def _limit(text: str) -> int | None:
    """Read a limit of the template, where 0 is none."""
    return int(text or 0) or None


def _schedule_setup(environment: Environment) -> ScheduleSetup:
    return ScheduleSetup(
        group=environment.schedule_group,
        target_arn=environment.scheduler_arn,
        role_arn=environment.schedule_role_arn,
        dead_letters_arn=environment.undelivered_events_arn,
    )


@cache
def aws_services() -> Services:
    """Return the services of this function, built from its environment. Raises: ConfigurationError"""
    calls = CallCounter()
    environment = Environment.read(os.environ)  # noqa: TID251 - bootstrap is where the environment is read
    return services_for(environment, Clients(calls), calls)
