"""scheduler: a moment of a schedule came, so its workflow starts a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics, Tracer

from ventuno.bootstrap import aws_services
from ventuno.runtime.schedules import MomentCame, moment_came

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()
metrics = Metrics()


@metrics.log_metrics(raise_on_empty_metrics=False)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: what a schedule sends, see MomentCame; answer: {"fired": what came of it}."""
    del context
    moment = MomentCame.model_validate(event)
    logger.append_keys(schedule=moment.schedule)
    fired = moment_came(moment, aws_services())
    metrics.add_metric(f"Moments{fired.title()}", "Count", 1)
    return {"fired": fired.value}
