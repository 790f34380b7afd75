"""The only place that reads the environment and builds clients; everything is built once, on first use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore
from botocore.config import Config

from ventuno import errors
from ventuno.assembly import Adapters
from ventuno.later import later
from ventuno.outside import Outside
from ventuno.runtime.call_counter import CallCounter
from ventuno.runtime.services import LONGEST_CHAIN, Services
from ventuno.workflow.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    batch_run_role_arn: str = ""
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

# botocore writes its own from 36 parts, twice for every call: a sixth of the time that a call takes here.
_NAMED = Config(user_agent=f"Ventuno Botocore/{botocore.__version__}")


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
            named = (config or self._options["config"]).merge(_NAMED)
            client = make(service, **{**self._options, "config": named})
            client.meta.events.register("before-send", self._count_for(service))
            self._made[service] = client
        return self._made[service]

    def _count_for(self, service: str) -> Any:  # noqa: ANN401 - botocore's handler signature
        def count(event_name: str, **_: Any) -> None:  # noqa: ANN401
            self._calls.add(service, event_name.rpartition(".")[2])

        return count


def services_for(environment: Environment, clients: Clients, calls: CallCounter) -> Services:
    """Wire the AWS adapters together; what few calls need is imported and built when it is first used."""
    adapters = Adapters(environment, clients)
    return Services(
        runs=later(adapters.runs),
        forms=later(adapters.forms),
        limits=later(adapters.limits),
        workflows=later(adapters.workflows),
        functions=later(adapters.functions),
        metadata=adapters.metadata,
        objects=adapters.objects,
        records=later(adapters.records),
        payloads=adapters.payloads,
        machines=later(adapters.machines),
        schedules=later(adapters.schedules),
        trials=later(adapters.trials),
        outside=Outside(
            http=adapters.http,
            secrets=adapters.secrets,
            code=later(adapters.code),
            mail=later(adapters.mail),
            mailbox=later(adapters.mailbox),
            drafts=later(adapters.drafts),
            effects=later(adapters.effects),
            files=adapters.payloads,
            models=later(adapters.models),
        ),
        clock=adapters.clock,
        ids=adapters.ids,
        calls=calls,
        stage=environment.stage,
        workspace_id=environment.workspace_id,
        longest_chain=int(environment.longest_chain or LONGEST_CHAIN),
        scripts_per_minute=int(environment.scripts_per_minute or 0),
        stage_limits=Limits(_limit(environment.runs_per_minute), _limit(environment.runs_per_hour)),
    )


def _limit(text: str) -> int | None:
    """Read a limit of the template, where 0 is none."""
    return int(text or 0) or None


@cache
def aws_services() -> Services:
    """Return the services of this function, built from its environment. Raises: ConfigurationError"""
    calls = CallCounter()
    environment = Environment.read(os.environ)  # noqa: TID251 - bootstrap is where the environment is read
    return services_for(environment, Clients(calls), calls)
