"""What states need of the simulation around them, and what a Task asks of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ventuno_dev.asl.history import History
    from ventuno_dev.asl.processes import Branch, Token
    from ventuno_dev.asl.visit import Surroundings


@dataclass(frozen=True, slots=True)
class TaskCall:
    """What a Task asks of the world. Units: `at` is in virtual seconds.

    `arguments` is the whole of Arguments; `payload` is its Payload, for calls of a Lambda function.
    """

    state: str
    resource: str
    arguments: Any
    context: dict[str, Any]
    iteration: tuple[int, ...]
    token: str | None
    at: float

    @property
    def payload(self) -> Any:  # noqa: ANN401 - any JSON
        """What the function is given."""
        return self.arguments["Payload"] if isinstance(self.arguments, dict) else self.arguments


class World(Protocol):
    """What states need of the simulation."""

    @property
    def now(self) -> float:
        """The current virtual second."""

    def instant(self) -> datetime:
        """Return the current instant."""

    def call(self, call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        """Do a Task's work. Raises: StateError"""

    def duration(self, call: TaskCall) -> float:
        """Tell how many virtual seconds a Task takes."""

    def is_timer(self, call: TaskCall) -> bool:
        """Tell whether a Task that waits for a token waits for its timeout too."""

    def open_token(self, token: Token) -> str:
        """Register a task token and return its name."""

    def read_items(self, arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON
        """Read the items of a Distributed Map."""

    def add_child(self, history: History) -> int:
        """Register a child execution and return its number."""

    def scope(self, defined: Mapping[str, Any], given: Any, around: Surroundings) -> Branch:  # noqa: ANN401
        """Run the states of a scope; the branch returns its output."""
