"""code_runner: run the code of one step where it can reach nothing. Called by step_runner and api.

Its role has no permissions, not even for logs: what a script says goes back with the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.code_bootstrap import code_runner
from ventuno.sandbox.serving import serve

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Event: {"run": …} or {"prepare": …}; answer: what came of it."""
    del context
    return dict(serve(event, code_runner()))
