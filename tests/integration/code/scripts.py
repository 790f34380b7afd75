"""Run a script and look at what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ventuno.sandbox.call import CodeCall

if TYPE_CHECKING:
    from ventuno.adapters.local_code import LocalCodeRunner
    from ventuno.sandbox.call import CodeOutcome


def run(
    runner: LocalCodeRunner,
    body: str,
    params: Any = None,  # noqa: ANN401 - any JSON
    seconds: float = 10,
) -> CodeOutcome:
    """Run `main` with this body."""
    return runner.run(
        CodeCall(f"export const main = async (params) => {body}", params or {}, seconds, "key/")
    )


def result(outcome: CodeOutcome) -> Any:  # noqa: ANN401 - any JSON
    assert outcome.failure is None, outcome.failure
    return json.loads(str(outcome.text))


def failure(outcome: CodeOutcome) -> str:
    assert outcome.failure is not None, outcome.text
    return outcome.failure.message
