"""Builds the AWS adapters, one method each.

A method imports what it builds: a function's cold start then pays for the adapters of its first call alone.
"""
# ruff: noqa: PLC0415 - that is what this module is for

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.adapters.system import SystemClock, SystemIds
from ventuno.later import later

if TYPE_CHECKING:
    from ventuno import outside, ports
    from ventuno.bootstrap import Clients, Environment
    from ventuno.execution_ports import Machines, Schedules, Trials
    from ventuno.logic.store import FunctionStore
    from ventuno.records.custom.store import MetadataStore
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.service import RecordService


class Adapters:
    """The adapters of one deployment. `dynamodb` is the client that nearly every call needs."""

    def __init__(self, environment: Environment, clients: Clients) -> None:
        self._environment = environment
        self._clients = clients
        self.clock = SystemClock()
        self.ids = SystemIds()
        self.dynamodb: Any = clients.get("dynamodb")
        self.metadata = later(self._metadata)
        self.objects = later(self._objects)
        self.payloads = later(self._payloads)
        self.http = later(self._http)
        self.secrets = later(self._secrets)

    def runs(self) -> ports.RunStore:
        """Build the store of runs."""
        from ventuno.adapters.dynamodb.runs import DynamoRunStore

        return DynamoRunStore(self.dynamodb, self._environment.runs_table)

    def forms(self) -> ports.FormStore:
        """Build the store of forms."""
        from ventuno.adapters.dynamodb.forms import DynamoFormStore

        return DynamoFormStore(self.dynamodb, self._environment.runs_table)

    def workflows(self) -> ports.WorkflowStore:
        """Build the store of workflows, their versions and keys."""
        from ventuno.adapters.dynamodb.workflows import DynamoWorkflowStore

        return DynamoWorkflowStore(self.dynamodb, self._environment.workflows_table)

    def functions(self) -> FunctionStore:
        """Build the store of logic functions."""
        from ventuno.adapters.dynamodb.functions import DynamoFunctionStore

        return DynamoFunctionStore(self.dynamodb, self._environment.workflows_table)

    def limits(self) -> ports.LimitStore:
        """Build the counters of limits."""
        from ventuno.adapters.dynamodb.limits import DynamoLimitStore

        return DynamoLimitStore(self.dynamodb, self._environment.runs_table)

    def records(self) -> RecordService:
        """Build the records."""
        from ventuno.adapters.dynamodb.records import DynamoRecordStore
        from ventuno.records.service import RecordService

        store = DynamoRecordStore(self.dynamodb, self._environment.records_table)
        return RecordService(self.objects, store, self.clock, self.ids.new_id)

    def machines(self) -> Machines:
        """Build what creates and starts state machines."""
        from ventuno.adapters.aws.machines import MachineSetup, StepFunctionsMachines

        told = self._environment
        setup = MachineSetup(
            told.state_machine_prefix, told.run_role_arn, told.batch_run_role_arn, told.step_runner_arn
        )
        return StepFunctionsMachines(lambda: self._clients.get("stepfunctions"), setup)

    def schedules(self) -> Schedules:
        """Build what creates schedules."""
        from ventuno.adapters.aws.schedules import EventBridgeSchedules, ScheduleSetup

        told = self._environment
        setup = ScheduleSetup(
            group=told.schedule_group,
            target_arn=told.scheduler_arn,
            role_arn=told.schedule_role_arn,
            dead_letters_arn=told.undelivered_events_arn,
        )
        return EventBridgeSchedules(lambda: self._clients.get("scheduler"), setup)

    def trials(self) -> Trials:
        """Build what has single steps tried."""
        from ventuno.adapters.aws.trials import CONFIG, LambdaTrials

        return LambdaTrials(lambda: self._clients.get("lambda", CONFIG), self._environment.step_runner_arn)

    def code(self) -> outside.CodeRunner:
        """Build what runs scripts."""
        from ventuno.adapters.aws.code import CONFIG, LambdaCodeRunner

        return LambdaCodeRunner(
            lambda: self._clients.get("lambda", CONFIG), self._environment.code_runner_arn
        )

    def mail(self) -> outside.MailServer:
        """Build the mail servers, one per kind of account; smtplib is imported for SMTP's alone."""
        from ventuno.adapters.aws.ses import CONFIG, SesServer
        from ventuno.adapters.mail import MailServers
        from ventuno.mail.account import AccountKind

        return MailServers(
            {
                AccountKind.SES: lambda: SesServer(lambda: self._clients.get("sesv2", CONFIG)),
                AccountKind.SMTP: self._smtp,
            }
        )

    def mailbox(self) -> outside.Mailbox:
        """Build the store of accounts and drafts."""
        from ventuno.adapters.dynamodb.mailbox import DynamoMailbox, MailboxTables

        tables = MailboxTables(self._environment.workflows_table, self._environment.runs_table)
        return DynamoMailbox(self.dynamodb, tables, self.payloads, self.clock)

    def drafts(self) -> outside.DraftSender:
        """Build what has drafts sent."""
        from ventuno.adapters.aws.drafts import CONFIG, LambdaDraftSender

        return LambdaDraftSender(
            lambda: self._clients.get("lambda", CONFIG), self._environment.step_runner_arn
        )

    def effects(self) -> outside.EffectStore:
        """Build the store of effects that happen once."""
        from ventuno.adapters.dynamodb.effects import DynamoEffects

        return DynamoEffects(self.dynamodb, self._environment.runs_table, self.clock)

    def models(self) -> outside.Models:
        """Build the language models of both providers."""
        from ventuno.adapters.aws.bedrock import CONFIG, BedrockModels
        from ventuno.adapters.models import ProviderModels
        from ventuno.adapters.openai_models import OpenAiModels

        bedrock = BedrockModels(lambda: self._clients.get("bedrock-runtime", CONFIG))
        return ProviderModels(bedrock, OpenAiModels(self.http))

    def _metadata(self) -> MetadataStore:
        from ventuno.adapters.dynamodb.metadata import DynamoMetadataStore

        return DynamoMetadataStore(self.dynamodb, self._environment.workflows_table)

    def _objects(self) -> ObjectModel:
        from ventuno.records.custom.live import LiveObjectModel
        from ventuno.records.standard.registry import STANDARD_OBJECTS

        return LiveObjectModel(STANDARD_OBJECTS, self.metadata, self.clock)

    def _payloads(self) -> ports.PayloadStore:
        from ventuno.adapters.aws.payloads import S3PayloadStore

        return S3PayloadStore(lambda: self._clients.get("s3"), self._environment.payload_bucket)

    def _http(self) -> outside.HttpClient:
        from ventuno.adapters.http import GuardedHttpClient

        return GuardedHttpClient(loopback_allowed=self._environment.loopback_allowed == "true")

    def _secrets(self) -> outside.SecretStore:
        from ventuno.adapters.aws.secrets import SecretsManagerStore

        return SecretsManagerStore(
            lambda: self._clients.get("secretsmanager"), self._environment.stage, self.clock
        )

    def _smtp(self) -> outside.MailServer:
        from ventuno.adapters.smtp import SmtpServer

        return SmtpServer(self.secrets, loopback_allowed=self._environment.loopback_allowed == "true")
