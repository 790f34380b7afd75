"""Compare the machines of many random graphs with the run rules: `make fuzz N=5000 SEED=100000`.

Ends with exit code 1 at the first case that is not proven, and prints its seed and its smallest form.
"""

from __future__ import annotations

import sys
from time import perf_counter

from tests.graphs.proving import prove

_BEAT = 1_000


def main(arguments: list[str]) -> int:
    """Prove the cases of so many seeds."""
    count, first = (int(argument) for argument in arguments)
    started = perf_counter()
    for done, seed in enumerate(range(first, first + count), start=1):
        try:
            prove(seed)
        except AssertionError as error:
            print(f"not proven: {error}")  # noqa: T201 - what the command is for
            return 1
        if done % _BEAT == 0 or done == count:
            seconds = perf_counter() - started
            print(f"{done} cases agree, {seconds:.1f} s")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
