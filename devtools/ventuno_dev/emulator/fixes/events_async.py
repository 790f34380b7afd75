# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Events to Lambda: EventBridge and Scheduler invoke asynchronously, with retries and destinations."""

import json

from ministack.services import eventbridge, lambda_svc

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json


def _apply() -> None:
    dispatch = eventbridge._dispatch_to_lambda

    def dispatch_to_lambda(arn: str, payload: str) -> None:
        record, config, _ = lambda_svc._get_func_record_for_ref(arn)
        if not record or not config:
            dispatch(arn, payload)  # which logs what is missing
            return
        lambda_svc.invoke_async_with_retry(
            lambda_svc._execution_record_for_config(record, config), _event(payload)
        )

    eventbridge._dispatch_to_lambda = dispatch_to_lambda


def _event(payload: str) -> Json:
    try:
        return json.loads(payload)
    except ValueError:
        return {"body": payload}


FIX = Fix(
    name="events-async",
    problem="A rule's or schedule's Lambda target is called once; a failed event is lost.",
    aws="EventBridge invokes Lambda asynchronously: two retries, then the dead-letter queue or destination.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
    apply=_apply,
)
