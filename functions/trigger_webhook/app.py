"""trigger_webhook: an HTTP call to `/webhooks/workflows/{workspace}/{workflow}` starts a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics, Tracer

from ventuno.bootstrap import aws_services
from ventuno.runtime.http import answering, request_of
from ventuno.runtime.webhook import accept_webhook

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()
metrics = Metrics()


@metrics.log_metrics(raise_on_empty_metrics=False)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: an HTTP API request, payload format 2.0.

    Answer: the response, errors in the reference's body.
    """
    del context
    answer = answering(
        lambda: accept_webhook(request_of(event), aws_services()),
        lambda error: logger.error("the webhook failed", exc_info=error),
    )
    metrics.add_metric("WebhooksAccepted" if answer["statusCode"] < 400 else "WebhooksRefused", "Count", 1)  # noqa: PLR2004 - HTTP's line between success and error
    return answer
