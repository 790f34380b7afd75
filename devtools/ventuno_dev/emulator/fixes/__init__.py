"""The fixes, in the order they are applied: replacements of functions come before wrappers around them.

Each fix has a test that fails without it (`--without NAME`).
"""

from collections.abc import Iterable

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.fixes import (
    api_function_error,
    api_payload_limit,
    dynamodb_conditions,
    dynamodb_leading_keys,
    events_async,
    lambda_dead_letters,
    lambda_log_streams,
    lambda_worker,
    scheduler_resources,
    scheduler_times,
    ses_resources,
    sfn_assign,
    sfn_callback_failure,
    sfn_distributed_map,
    sfn_final_status,
    sfn_heartbeat,
    sfn_idempotent_start,
    sfn_interrupts,
    sfn_machine_timeout,
    sfn_map,
    sfn_nested_history,
    sfn_parallel,
    sfn_retry,
    sfn_start_delay,
    sfn_status_events,
    sfn_succeed_output,
    sfn_task_limits,
    stream_batches,
)

FIXES: tuple[Fix, ...] = (
    lambda_worker.FIX,
    lambda_log_streams.FIX,
    lambda_dead_letters.FIX,
    events_async.FIX,
    stream_batches.FIX,
    dynamodb_conditions.FIX,
    dynamodb_leading_keys.FIX,
    scheduler_times.FIX,
    scheduler_resources.FIX,
    ses_resources.FIX,
    api_function_error.FIX,
    api_payload_limit.FIX,
    sfn_start_delay.FIX,
    sfn_status_events.FIX,
    sfn_assign.FIX,
    sfn_nested_history.FIX,
    sfn_parallel.FIX,
    sfn_map.FIX,
    sfn_distributed_map.FIX,
    sfn_final_status.FIX,
    sfn_interrupts.FIX,
    sfn_succeed_output.FIX,
    sfn_retry.FIX,
    sfn_machine_timeout.FIX,
    sfn_heartbeat.FIX,
    sfn_callback_failure.FIX,
    sfn_task_limits.FIX,
    sfn_idempotent_start.FIX,
)


def apply_all(without: Iterable[str]) -> None:
    """Apply every fix except those named. Raises: ValueError for a name that no fix has."""
    left_out = frozenset(without)
    unknown = sorted(left_out - {fix.name for fix in FIXES})
    if unknown:
        raise ValueError(f"no fix is named {', '.join(unknown)}; --list-fixes prints the names")
    for fix in FIXES:
        if fix.name not in left_out:
            fix.apply()


def listing() -> str:
    """Describe every fix, for `--list-fixes`."""
    return "\n\n".join(
        f"{fix.name}\n  now: {fix.problem}\n  AWS: {fix.aws}\n  see: {fix.source}" for fix in FIXES
    )
