# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Stream batches: DynamoDB streams to Lambda, with partial answers, limited retries and destinations.

Each mapping works in its own thread, one batch at a time, so a slow function delays no other mapping.
"""

import contextvars
import threading
import time
from dataclasses import dataclass
from typing import Any

from ministack.core.concurrency import esm_wake
from ministack.services import dynamodb, lambda_svc

from ventuno_dev.emulator.fix import Fix

BACKOFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
DEFAULT_BATCH_SIZE = 100
NO_LIMIT = -1

Record = dict[str, Any]
Mapping = dict[str, Any]


@dataclass(slots=True)
class _Reader:
    """How one mapping stands: whether it works, how often it failed at its position, how far it halved."""

    busy: bool = False
    failures: int = 0
    limit: int | None = None
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class _Batch:
    mapping: Mapping
    function: Record
    table: str
    position: int
    records: list[Record]


class _Poller:
    """Looks at all mappings and starts the batches that are due."""

    def __init__(self) -> None:
        self._readers: dict[str, _Reader] = {}

    def poll(self) -> bool:
        """Start due batches. Never reports work done: a finished batch wakes the loop itself."""
        for account, region, mapping in lambda_svc._iter_all_esms():
            if not mapping.get("Enabled", True) or ":dynamodb:" not in mapping.get("EventSourceArn", ""):
                continue
            context = contextvars.copy_context()
            context.run(self._start, context, account, region, mapping)
        return False

    def _start(self, context: contextvars.Context, account: str, region: str, mapping: Mapping) -> None:
        lambda_svc._request_account_id.set(account)
        lambda_svc._request_region.set(region)
        reader = self._readers.setdefault(mapping["UUID"], _Reader())
        if reader.busy or reader.not_before > time.monotonic():
            return
        batch = _next_batch(mapping, reader.limit)
        if batch is None:
            return
        reader.busy = True
        threading.Thread(
            target=context.copy().run, args=(self._work, reader, batch), daemon=True, name="ventuno-stream"
        ).start()

    def _work(self, reader: _Reader, batch: _Batch) -> None:
        try:
            self._deliver(reader, batch)
        finally:
            reader.busy = False
            esm_wake.set()

    def _deliver(self, reader: _Reader, batch: _Batch) -> None:
        wanted = lambda_svc._apply_filter_criteria(batch.records, batch.mapping)
        result = lambda_svc._execute_function(batch.function, {"Records": wanted}) if wanted else {}
        done = _done(batch, wanted, result)
        if done == len(batch.records):
            batch.mapping["LastProcessingResult"] = f"OK - {done} records"
            _advance(batch, done)
            reader.failures, reader.limit, reader.not_before = 0, None, 0.0
            return
        if done:
            _advance(batch, done)
            reader.failures = 0
        self._fail(reader, batch, done, result)

    def _fail(self, reader: _Reader, batch: _Batch, done: int, result: Record) -> None:
        mapping, rest = batch.mapping, batch.records[done:]
        mapping["LastProcessingResult"] = "FAILED"
        reader.failures += 1
        condition = _given_up(mapping, rest, reader.failures)
        if condition:
            lambda_svc._send_ddb_stream_failure_record(
                mapping, batch.function, rest, mapping["EventSourceArn"], result, condition
            )
            _advance(batch, len(batch.records))
            reader.failures, reader.limit = 0, None
            return
        if mapping.get("BisectBatchOnFunctionError") and len(rest) > 1:
            reader.limit = len(rest) // 2
            reader.failures -= 1  # AWS: splitting does not count as a retry
        reader.not_before = time.monotonic() + BACKOFF_SECONDS[min(reader.failures, len(BACKOFF_SECONDS)) - 1]


def _next_batch(mapping: Mapping, limit: int | None) -> _Batch | None:
    table_name = mapping["EventSourceArn"].split("/stream/")[0].rpartition("/")[2]
    table = dynamodb._tables.get(table_name)
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None or not table or table.get("LatestStreamArn") != mapping["EventSourceArn"]:
        return None
    position = _position(mapping, table_name)
    size = min(int(mapping.get("BatchSize", DEFAULT_BATCH_SIZE)), limit or DEFAULT_BATCH_SIZE * 100)
    records = dynamodb.stream_records_since(table_name, position, size)
    return _Batch(mapping, function, table_name, position, list(records)) if records else None


def _position(mapping: Mapping, table: str) -> int:
    horizon = dynamodb.stream_start_position(table)
    with lambda_svc._dynamodb_stream_positions_lock:
        positions = lambda_svc._dynamodb_stream_positions
        if mapping["UUID"] not in positions:
            newest = mapping.get("StartingPosition", "LATEST") == "LATEST"
            positions[mapping["UUID"]] = dynamodb.stream_end_position(table) if newest else horizon
        position = int(positions[mapping["UUID"]])
    return position if position > horizon else int(horizon)


def _advance(batch: _Batch, count: int) -> None:
    with lambda_svc._dynamodb_stream_positions_lock:
        if batch.mapping["UUID"] in lambda_svc._dynamodb_stream_positions:
            lambda_svc._dynamodb_stream_positions[batch.mapping["UUID"]] = batch.position + count


def _done(batch: _Batch, wanted: list[Record], result: Record) -> int:
    """Count the records, from the first, that need not be delivered again."""
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in (batch.mapping.get("FunctionResponseTypes") or []) or not wanted:
        return len(batch.records)
    body = result.get("body")
    reported = body.get("batchItemFailures") or [] if isinstance(body, dict) else []
    failed = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in reported]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in batch.records]
    if any(identifier not in numbers for identifier in failed):
        return 0  # AWS: an unknown or empty identifier fails the whole batch
    return min((numbers.index(identifier) for identifier in failed), default=len(batch.records))


def _given_up(mapping: Mapping, records: list[Record], failures: int) -> str | None:
    attempts = mapping.get("MaximumRetryAttempts", NO_LIMIT)
    if attempts is not None and NO_LIMIT < int(attempts) < failures:
        return "RetryAttemptsExhausted"
    age = mapping.get("MaximumRecordAgeInSeconds") or NO_LIMIT
    oldest = min(float(record["dynamodb"]["ApproximateCreationDateTime"]) for record in records)
    # Record times are wall clock, given by MiniStack in the same way.
    return "MaxRecordAgeExceeded" if 0 < int(age) < lambda_svc.time.time() - oldest else None


def _apply() -> None:
    lambda_svc._poll_dynamodb_streams = _Poller().poll


FIX = Fix(
    name="stream-batches",
    problem="Partial answers and MaximumRetryAttempts are ignored: failures are lost or repeat for ever.",
    aws="With ReportBatchItemFailures, Lambda retries from the lowest reported record, if allowed.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html",
    apply=_apply,
)
