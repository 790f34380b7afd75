"""A CODE step's script, warm, in milliseconds; and the code of a step at activation.

`code.call_warm` is what the sandbox adds to a Lambda call: a frame, a fresh context, the answer.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner
from ventuno.sandbox.call import CodeCall

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES: Final = 300
CODE: Final = (
    "export const main = async (params) => ({ total: params.lines.reduce((sum, l) => sum + l.n, 0) })"
)
TYPED: Final = "export const main = async (params: {n: number}): Promise<number> => params.n"
SMALL: Final[dict[str, Any]] = {"lines": [{"n": number} for number in range(30)]}
LARGE: Final[dict[str, Any]] = {"lines": [{"n": number, "text": "x" * 100} for number in range(10_000)]}


def _measured(name: str, work: Callable[[], object], samples: int) -> None:
    taken = []
    for _ in range(samples):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    sys.stdout.write(f"{name} {statistics.median(taken):.4f} ms {samples}\n")


def main() -> None:
    """Print the lines."""
    runner = LocalCodeRunner(GuardedHttpClient())
    _measured("code.call_first", lambda: runner.run(CodeCall(CODE, SMALL, 10)), 1)
    _measured("code.call_warm", lambda: runner.run(CodeCall(CODE, SMALL, 10)), SAMPLES)
    _measured("code.call_warm_1mb", lambda: runner.run(CodeCall(CODE, LARGE, 10)), SAMPLES // 10)
    _measured("code.prepare_javascript", lambda: runner.prepare(CODE), SAMPLES)
    _measured("code.prepare_typescript_first", lambda: runner.prepare(TYPED), 1)
    _measured("code.prepare_typescript", lambda: runner.prepare(TYPED), SAMPLES)
    runner.close()


main()
