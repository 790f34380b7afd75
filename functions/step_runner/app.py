"""step_runner: run one step of one run. Called by the Task states of every compiled workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer

from ventuno.bootstrap import aws_services
from ventuno.runtime.draft_event import SENDS, DraftEvent, answer_draft_event
from ventuno.runtime.run_step import run_step
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()


@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: {"run", "version", "step", "rides"?}; answer: {"answers": {stepId: answer}}.

    Or, from `api`: {"sendDraft": id, "again"?}; answer: {"messageId"}.

    Raises: StepError, ApiError.
    """
    del context
    if SENDS in event:
        return answer_draft_event(DraftEvent.model_validate(event), aws_services())
    step = StepEvent.model_validate(event)
    logger.append_keys(run_id=step.run, step_id=step.step)
    return run_step(step, aws_services())
