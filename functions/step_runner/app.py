"""step_runner: run one step of one run. Called by the Task states of every compiled workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Tracer

from ventuno.bootstrap import aws_services
from ventuno.runtime.step_request import answer_step, log_keys

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()


@tracer.capture_lambda_handler(capture_response=False)
@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: {"run", "version", "step", "rides"?} or {"try": {"step", "values"}}; answer: as `answer_step`.

    Or, from `api`: {"sendDraft": id, "again"?}.

    Raises: StepError, ApiError.
    """
    del context
    logger.append_keys(**log_keys(event))
    return answer_step(event, aws_services())
