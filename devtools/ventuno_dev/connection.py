"""Connect to a deployed stack: its services, built as the functions build theirs, and where its API is.

Import this module only when a stack is needed: it brings boto3 along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import boto3

from ventuno import bootstrap
from ventuno.runtime.call_counter import CallCounter
from ventuno_dev.stack.outputs import stack_outputs
from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from ventuno.runtime.services import Services
    from ventuno_dev.stack.outputs import StackOutputs
    from ventuno_dev.stack.target import Target


@dataclass(frozen=True, slots=True)
class Connection:
    """What a command needs of a stack. `api_url` has no final slash and answers from this machine."""

    services: Services
    api_url: str


class Connect(Protocol):
    """Opens the connection of a command; tests give one that leads to memory."""

    def __call__(self, target: Target, stage: str) -> Connection:
        """Connect to a stage of a target. Raises: NotRunningError"""


def connect(target: Target, stage: str = "dev") -> Connection:
    """Connect to a stage of a target.

    Raises: NotRunningError if nothing answers there or the stage is not deployed
    """
    outputs = stack_outputs(target, stage)
    calls = CallCounter()
    clients = bootstrap.Clients(calls, _session(target), **_options(target))
    return Connection(bootstrap.services_for(_environment(target, outputs), clients, calls), outputs.api_url)


def _environment(target: Target, outputs: StackOutputs) -> bootstrap.Environment:
    return bootstrap.Environment(
        stage=outputs.stage,
        workspace_id=outputs.workspace_id,
        records_table=outputs.records_table,
        runs_table=outputs.runs_table,
        workflows_table=outputs.workflows_table,
        payload_bucket=outputs.payload_bucket,
        state_machine_prefix=outputs.state_machine_prefix,
        step_runner_arn=outputs.step_runner_arn,
        run_role_arn=outputs.run_role_arn,
        batch_run_role_arn=outputs.batch_run_role_arn,
        schedule_group=outputs.schedule_group,
        schedule_role_arn=outputs.schedule_role_arn,
        scheduler_arn=outputs.scheduler_arn,
        undelivered_events_arn=outputs.undelivered_events_arn,
        code_runner_arn=outputs.code_runner_arn,
        runs_per_minute=outputs.runs_per_minute,
        runs_per_hour=outputs.runs_per_hour,
        loopback_allowed="true" if target.kind is TargetKind.EMBEDDED else "false",
    )


def _session(target: Target) -> boto3.Session:
    """Open a session; on a local target the credentials are dummies, never the user's."""
    if target.kind is TargetKind.AWS:
        return boto3.Session(region_name=target.region)
    return boto3.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - emulators accept anything
        region_name=target.region,
    )


def _options(target: Target) -> dict[str, Any]:
    return {} if target.endpoint_url is None else {"endpoint_url": target.endpoint_url}
