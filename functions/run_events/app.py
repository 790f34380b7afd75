"""run_events: close runs whose execution ended, and sweep for runs that lost theirs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics, Tracer

from ventuno.bootstrap import aws_services
from ventuno.runtime.close_run import ExecutionEnded, close_run
from ventuno.runtime.sweep import GRACE_SECONDS, sweep

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()
metrics = Metrics()


@metrics.log_metrics(raise_on_empty_metrics=False)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: an `aws.states` status change, or {"sweep": true, "graceSeconds"?: n}; answer: what was done."""
    del context
    if event.get("sweep"):
        done = asdict(sweep(aws_services(), int(event.get("graceSeconds", GRACE_SECONDS))))
        for name, count in done.items():
            metrics.add_metric(f"SweepRuns{name.title()}", "Count", count)
        return done
    ended = ExecutionEnded.model_validate(event["detail"])
    logger.append_keys(execution=ended.name)
    closed = close_run(ended, aws_services())
    metrics.add_metric("RunsClosed", "Count", int(closed))
    return {"closed": closed}
