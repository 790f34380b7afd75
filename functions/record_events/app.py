"""record_events: writes of records, told by their table's stream, start the workflows that listen to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from ventuno.adapters.dynamodb.stream import write_from
from ventuno.bootstrap import aws_services
from ventuno.runtime.dispatch_event import Dispatcher

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()
metrics = Metrics()


@metrics.log_metrics(raise_on_empty_metrics=False)
@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: a batch of a DynamoDB stream, base rows only; answer: {"batchItemFailures": [{…}]}."""
    dispatcher = Dispatcher(aws_services())

    def dispatch(record: DynamoDBRecord) -> None:
        dispatcher.dispatch(write_from(record.raw_event))

    processor = _processor()
    answer = process_partial_response(event, dispatch, processor, context)
    if processor.exceptions:
        logger.error("the batch is delivered again from here", exc_info=processor.exceptions[0][1])
    for refusal in dispatcher.done.refusals:
        logger.warning("a workflow did not take an event", reason=refusal)
    for name, count in dispatcher.done.counts.items():
        metrics.add_metric(f"RecordEvents{name.title()}", "Count", count)
    return dict(answer)


def _processor() -> BatchProcessor:
    """A batch whose writes all fail is answered like any other, so that Lambda goes on from the first."""
    return BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
