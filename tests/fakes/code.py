"""FakeCode: takes code as it is, answers calls in order, and remembers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ventuno.sandbox.call import CodeOutcome, Prepared

if TYPE_CHECKING:
    from ventuno.sandbox.call import CodeCall


@dataclass
class FakeCode:
    """A runner that runs nothing; `prepared` holds what code becomes, where it does not stay as it is."""

    outcomes: list[CodeOutcome] = field(default_factory=list)
    calls: list[CodeCall] = field(default_factory=list)
    prepared: dict[str, Prepared] = field(default_factory=dict)

    def run(self, call: CodeCall) -> CodeOutcome:
        self.calls.append(call)
        return self.outcomes.pop(0) if self.outcomes else CodeOutcome("{}", None)

    def prepare(self, code: str) -> Prepared:
        return self.prepared.get(code, Prepared(code))
