# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Log streams: one per execution environment, as on AWS, instead of one per call."""

from contextvars import ContextVar
from typing import Any

from ministack.services import cloudwatch_logs, lambda_svc

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

Record = dict[str, Any]

_result: ContextVar[Record | None] = ContextVar("ventuno_lambda_result", default=None)


def _apply() -> None:
    execute = lambda_svc._execute_function_warm
    emit = lambda_svc._emit_lambda_logs

    def execute_and_keep(record: Record, event: Json, request_id: str) -> Record:
        result: Record = execute(record, event, request_id)
        _result.set(result)
        return result

    def emit_lambda_logs(
        record: Record,
        request_id: str,
        text: str,
        error: bool,  # noqa: FBT001 - MiniStack's signature
        duration_ms: int,
        **rest: Json,
    ) -> None:
        result = _result.get()
        _result.set(None)
        if not result or "log_stream" not in result:
            emit(record, request_id, text, error, duration_ms, **rest)
            return
        _write(record.get("config") or record, request_id, result, duration_ms)

    lambda_svc._execute_function_warm = execute_and_keep
    lambda_svc._emit_lambda_logs = emit_lambda_logs


def _write(config: Record, request_id: str, result: Record, duration_ms: int) -> None:
    group_name = (config.get("LoggingConfig") or {}).get(
        "LogGroup"
    ) or f"/aws/lambda/{config['FunctionName']}"
    now = int(cloudwatch_logs.time.time() * 1000)
    group = _group(group_name, now)
    stream = group["streams"].setdefault(result["log_stream"], _new_stream(now))
    version = config.get("Version", "$LATEST")
    lines = [
        f"START RequestId: {request_id} Version: {version}",
        *str(result.get("log", "")).splitlines(),
        f"END RequestId: {request_id}",
        _report(config, request_id, result, duration_ms),
    ]
    events = [{"timestamp": now, "message": line, "ingestionTime": now} for line in lines]
    cloudwatch_logs._append_log_events(stream, events)
    cloudwatch_logs._fanout_to_subscription_filters(group_name, result["log_stream"], events)


def _report(config: Record, request_id: str, result: Record, duration_ms: int) -> str:
    parts = (
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms} ms",
        f"Billed Duration: {duration_ms} ms",
        f"Memory Size: {config.get('MemorySize', 128)} MB",
        f"Max Memory Used: {result.get('memory_mb', 0)} MB",
    )
    return "\t".join(parts)


def _group(name: str, now: int) -> Record:
    group: Record | None = cloudwatch_logs._log_groups.get(name)
    if group is None:
        group = {
            "arn": cloudwatch_logs._make_group_arn(name),
            "creationTime": now,
            "retentionInDays": None,
            "tags": {},
            "subscriptionFilters": {},
            "streams": {},
        }
        cloudwatch_logs._log_groups[name] = group
    return group


def _new_stream(now: int) -> Record:
    return {
        "events": [],
        "uploadSequenceToken": "1",
        "creationTime": now,
        "firstEventTimestamp": None,
        "lastEventTimestamp": None,
        "lastIngestionTime": None,
    }


FIX = Fix(
    name="lambda-log-streams",
    problem="Every call opens a log stream of its own, without bound.",
    aws="A log stream belongs to an execution environment and holds all its calls.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
    apply=_apply,
)
