"""The deployed stack's outputs, cached in the data folder and trusted only while nothing can have changed.

A cached entry of the embedded emulator holds while the same emulator process runs: whoever deploys to it
through this tool renews the entry. Any other target is asked each time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ventuno_dev.stack import endpoints, health, pidfile
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.errors import NotRunningError
from ventuno_dev.stack.target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno_dev.stack.target import Target


@dataclass(frozen=True, slots=True)
class StackOutputs:
    """Where the parts of a deployed stack are. `api_url` has no final slash and answers from this machine."""

    api_url: str
    api_id: str
    records_table: str
    runs_table: str
    workflows_table: str
    payload_bucket: str
    state_machine_prefix: str
    step_runner_arn: str
    code_runner_arn: str
    run_role_arn: str
    batch_run_role_arn: str
    run_events_arn: str
    schedule_group: str
    schedule_role_arn: str
    scheduler_arn: str
    undelivered_events_arn: str
    stage: str
    workspace_id: str
    runs_per_minute: str
    runs_per_hour: str
    log_level: str


def stack_outputs(target: Target, stage: str = "dev", *, verify: bool = False) -> StackOutputs:
    """Return the outputs of a stage's stack; with `verify` the stack itself is asked, whatever is cached.

    Raises: NotRunningError if nothing answers there or the stage is not deployed
    """
    cached = None if verify else _cached(target, stage)
    if cached:
        return cached
    if not _answers(target):
        raise NotRunningError(_absent(target))
    from ventuno_dev.stack import cloudformation  # noqa: PLC0415 - with boto3, only if the cache does not do
    from ventuno_dev.stack.clients import Clients  # noqa: PLC0415 - as above

    with Clients(target) as clients:
        stack = cloudformation.describe(clients, f"ventuno-{stage}")
    if stack is None or "ApiId" not in stack.outputs:
        raise NotRunningError(
            f"stage {stage} is not deployed at {target.name}: run `ventuno up --stage {stage}`"
        )
    return remember(target, stage, stack.outputs)


def remember(target: Target, stage: str, outputs: Mapping[str, str]) -> StackOutputs:
    """Turn a stack's outputs into ours and cache them for the running emulator."""
    result = _parsed(target, outputs)
    runner = _runner(target)
    if runner:
        state = _state(target)
        state[stage] = {"runner": runner, "outputs": asdict(result)}
        file = DataFolder(target.data).state
        scratch = file.with_suffix(".tmp")
        scratch.write_text(json.dumps(state, indent=2))
        scratch.replace(file)
    return result


def _parsed(target: Target, outputs: Mapping[str, str]) -> StackOutputs:
    return StackOutputs(
        api_url=endpoints.api_url(target, outputs["ApiId"], outputs["ApiUrl"]),
        api_id=outputs["ApiId"],
        records_table=outputs["RecordsTable"],
        runs_table=outputs["RunsTable"],
        workflows_table=outputs["WorkflowsTable"],
        payload_bucket=outputs["PayloadBucket"],
        state_machine_prefix=outputs["StateMachinePrefix"],
        step_runner_arn=outputs["StepRunnerArn"],
        code_runner_arn=outputs["CodeRunnerArn"],
        run_role_arn=outputs["RunRoleArn"],
        batch_run_role_arn=outputs["BatchRunRoleArn"],
        run_events_arn=outputs["RunEventsArn"],
        schedule_group=outputs["ScheduleGroup"],
        schedule_role_arn=outputs["ScheduleRoleArn"],
        scheduler_arn=outputs["SchedulerArn"],
        undelivered_events_arn=outputs["UndeliveredEventsArn"],
        stage=outputs["Stage"],
        workspace_id=outputs["WorkspaceId"],
        runs_per_minute=outputs["RunsPerMinute"],
        runs_per_hour=outputs["RunsPerHour"],
        log_level=outputs["LogLevel"],
    )


def _cached(target: Target, stage: str) -> StackOutputs | None:
    runner, entry = _runner(target), _state(target).get(stage, {})
    if not runner or entry.get("runner") != runner:
        return None
    try:
        return StackOutputs(**entry["outputs"])
    except (KeyError, TypeError):
        return None


def _state(target: Target) -> dict[str, Any]:
    try:
        state = json.loads(DataFolder(target.data).state.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _runner(target: Target) -> list[float] | None:
    """Identify the emulator process that the target is, if it runs."""
    record = pidfile.running(target.data) if target.kind is TargetKind.EMBEDDED else None
    return [record.pid, record.created, record.port] if record else None


def _answers(target: Target) -> bool:
    """Whether the stack is there; what another checkout runs on the same port is not this one's."""
    if target.kind is TargetKind.EMBEDDED and _runner(target) is None:
        return False
    return target.endpoint_url is None or health.is_healthy(target.endpoint_url, timeout_seconds=5)


def _absent(target: Target) -> str:
    if target.kind is TargetKind.EMBEDDED:
        return "the local stack is not running: run `ventuno up`"
    return f"nothing answers at {target.name}: start it, or unset AWS_ENDPOINT_URL to use the built-in stack"
