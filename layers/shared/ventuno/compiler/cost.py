"""What runs of a machine cost on AWS, from its figures and public prices: an estimate to compare versions by.

It is the longest path; how many items loops have is up to who asks. A call takes 100 ms of a 512 MB function
on arm64, reads 1 KB and writes 2 KB of run state; starting and closing a run read 1 and write 4 such rows.
Units: US dollars, us-east-1, November 2026.
Source: https://aws.amazon.com/step-functions/pricing/, https://aws.amazon.com/lambda/pricing/,
https://aws.amazon.com/dynamodb/pricing/on-demand/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from ventuno.compiler.figures import USD_PER_1000_TRANSITIONS

PER_REQUEST: Final = 0.20e-6
PER_GB_SECOND: Final = 0.0000133334
PER_WRITE_UNIT: Final = 0.625e-6
PER_READ_UNIT: Final = 0.125e-6
_GB_SECONDS_A_CALL: Final = 0.5 * 0.1
_READS, _WRITES = 1, 2
"""A call's units: one strongly consistent read, one row of 2 KB written."""
_RUN_READS, _RUN_WRITES, _RUN_CALLS = 1, 4, 2
"""A run's own: it is stored and closed, by a call each."""
RUNS: Final = 1000


class Work(Protocol):
    """What one run does: how many states it enters, and how often it calls a function for its steps."""

    @property
    def transitions(self) -> int:
        """States entered."""

    @property
    def calls(self) -> int:
        """Calls of functions."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars for a thousand runs, by service, unless `times` made it another number."""

    step_functions: float
    functions: float
    tables: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.step_functions + self.functions + self.tables

    def times(self, runs: int) -> Cost:
        """Tell what so many runs cost."""
        factor = runs / RUNS
        return Cost(self.step_functions * factor, self.functions * factor, self.tables * factor)

    def to_dict(self) -> dict[str, float]:
        """Return the wire form, rounded to hundredths of a cent."""
        told = {
            "stepFunctions": self.step_functions,
            "functions": self.functions,
            "tables": self.tables,
            "total": self.total,
        }
        return {name: round(dollars, 4) for name, dollars in told.items()}


def cost_of(work: Work) -> Cost:
    """Estimate what a thousand runs cost."""
    calls = work.calls + _RUN_CALLS
    reads, writes = work.calls * _READS + _RUN_READS, work.calls * _WRITES + _RUN_WRITES
    return Cost(
        step_functions=work.transitions * USD_PER_1000_TRANSITIONS,
        functions=RUNS * calls * (PER_REQUEST + _GB_SECONDS_A_CALL * PER_GB_SECOND),
        tables=RUNS * (reads * PER_READ_UNIT + writes * PER_WRITE_UNIT),
    )
