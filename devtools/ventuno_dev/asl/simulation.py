"""One execution of a machine from its start to its end, with the world given as callbacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ventuno_dev.asl.errors import TIMEOUT, StateError
from ventuno_dev.asl.fields import check_fields
from ventuno_dev.asl.history import Entered, History
from ventuno_dev.asl.processes import Process
from ventuno_dev.asl.states import run_scope, told
from ventuno_dev.asl.timeline import MachineTimeline
from ventuno_dev.asl.visit import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ventuno_dev.asl.processes import Branch, Token
    from ventuno_dev.asl.world import TaskCall

START = datetime(2026, 1, 1, tzinfo=UTC)


class TokenError(Exception):
    """A task token was sent back twice, after its deadline, or never existed."""


def _no_items(arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON
    raise StateError("States.ItemReaderFailed", f"nothing reads items here: {arguments}")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything of an execution but the machine, its input and its Tasks.

    Units: `duration` returns virtual seconds. `is_timer` tells of a Task that waits for a token whether its
    timeout is an end it waits for too, rather than a deadline. With a `seed`, acts of one instant happen in
    shuffled order.
    """

    name: str = "run"
    start_time: datetime = START
    seed: int | None = None
    duration: Callable[[TaskCall], float] = lambda call: 0.0  # noqa: ARG005 - a Task that takes no time
    is_timer: Callable[[TaskCall], bool] = lambda call: False  # noqa: ARG005 - a timeout is a failure
    read_items: Callable[[Any], Sequence[Any]] = _no_items


@dataclass(frozen=True, slots=True)
class MachineRun:
    """How an execution stands: RUNNING, SUCCEEDED, FAILED or TIMED_OUT.

    `transitions` counts those of child executions too; `history_events` the main execution's only.
    Units: `virtual_seconds` since the start
    """

    status: str
    output: Any
    error: str | None
    cause: str | None
    virtual_seconds: float
    entered: tuple[Entered, ...]
    transitions: int
    history_events: int
    events: Mapping[str, int] = field(default_factory=dict)


class Simulation:
    """An execution that is moved on by `run`; callbacks may use its methods while it runs."""

    def __init__(
        self,
        machine: Mapping[str, Any],
        given: Any,  # noqa: ANN401 - any JSON
        task: Callable[[TaskCall], Any],
        conditions: Conditions | None = None,
    ) -> None:
        check_fields(machine)
        self._conditions = conditions or Conditions()
        self._task = task
        self._timeline = MachineTimeline(self._conditions.seed)
        self._tokens: dict[str, Token] = {}
        self._histories = [History()]
        self._status, self._output, self._failure = "RUNNING", None, StateError("")
        self._histories[0].event("ExecutionStarted")
        around = Surroundings(self._context(given), self._histories[0])
        self._process = Process(self._timeline, self.scope(machine, given, around), self._done)
        if "TimeoutSeconds" in machine:
            self._timeline.later(machine["TimeoutSeconds"], self._time_out, deadline=True)

    def run(self, until: float | None = None, *, deadlines: bool = True) -> MachineRun:
        """Move on until the end, an instant, or until nothing moves.

        With `deadlines` off, a task token nobody sends back leaves the execution RUNNING, and no time passes.
        """
        while self._status == "RUNNING" and self._timeline.step(until, deadlines=deadlines):
            pass
        return self.state()

    def state(self) -> MachineRun:
        """Tell how the execution stands."""
        ended_badly = self._status not in ("RUNNING", "SUCCEEDED")
        main = self._histories[0]
        return MachineRun(
            status=self._status,
            output=self._output,
            error=self._failure.name if ended_badly else None,
            cause=self._failure.cause if ended_badly else None,
            virtual_seconds=self._timeline.now,
            entered=tuple(entered for history in self._histories for entered in history.entered),
            transitions=sum(history.transitions for history in self._histories),
            history_events=main.events.total(),
            events=dict(main.events),
        )

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen from outside, some seconds after the start."""
        self._timeline.later(seconds - self._timeline.now, act)

    def send_success(self, token: str, output: Any) -> None:  # noqa: ANN401 - any JSON
        """Send a task token back. Raises: TokenError"""
        self._open(token).answer(output, None)

    def send_failure(self, token: str, error: str, cause: str = "") -> None:
        """Fail the Task that waits for a token. Raises: TokenError"""
        self._open(token).answer(None, StateError(error, cause))

    # --- what states need of the world ----------------------------------------------------------------

    @property
    def now(self) -> float:
        """The current virtual second."""
        return self._timeline.now

    def instant(self) -> datetime:
        """Return the current instant."""
        return self._conditions.start_time + timedelta(seconds=self._timeline.now)

    def call(self, call: TaskCall) -> Any:  # noqa: ANN401 - any JSON
        """Do a Task's work. Raises: StateError"""
        return self._task(call)

    def duration(self, call: TaskCall) -> float:
        """Tell how many virtual seconds a Task takes."""
        return self._conditions.duration(call)

    def is_timer(self, call: TaskCall) -> bool:
        """Tell whether a Task waits for its timeout too."""
        return self._conditions.is_timer(call)

    def open_token(self, token: Token) -> str:
        """Register a task token and return its name."""
        name = f"token-{len(self._tokens) + 1}"
        self._tokens[name] = token
        return name

    def read_items(self, arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON
        """Read the items of a Distributed Map."""
        return self._conditions.read_items(arguments)

    def add_child(self, history: History) -> int:
        """Register a child execution and return its number."""
        self._histories.append(history)
        return len(self._histories) - 1

    def scope(self, defined: Mapping[str, Any], given: Any, around: Surroundings) -> Branch:  # noqa: ANN401
        """Run the states of a scope; the branch returns its output."""
        return run_scope(self, defined, given, around)

    # --- the end --------------------------------------------------------------------------------------

    def _context(self, given: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        name = self._conditions.name
        return {
            "Execution": {
                "Id": f"arn:aws:states:us-east-1:123456789012:execution:simulated:{name}",
                "Input": given,
                "Name": name,
                "RoleArn": "arn:aws:iam::123456789012:role/simulated",
                "StartTime": told(self._conditions.start_time),
                "RedriveCount": 0,
            },
            "StateMachine": {
                "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:simulated",
                "Name": "simulated",
            },
        }

    def _open(self, token: str) -> Token:
        found = self._tokens.get(token)
        if found is None or not found.open:
            raise TokenError(f"{token} is no open task token")
        return found

    def _done(self, output: Any, error: StateError | None) -> None:  # noqa: ANN401 - any JSON
        if error is not None:
            self._end("FAILED", error)
            return
        self._status, self._output = "SUCCEEDED", output
        self._histories[0].event("ExecutionSucceeded")

    def _time_out(self) -> None:
        if self._status == "RUNNING":
            self._end("TIMED_OUT", StateError(TIMEOUT, "the execution took longer than it may"))

    def _end(self, status: str, failure: StateError) -> None:
        event = {"FAILED": "ExecutionFailed", "TIMED_OUT": "ExecutionTimedOut"}
        self._status, self._failure = status, failure
        self._histories[0].event(event[status])
        self._process.cancel()


def simulate(
    machine: Mapping[str, Any],
    given: Any,  # noqa: ANN401 - any JSON
    task: Callable[[TaskCall], Any],
    conditions: Conditions | None = None,
) -> MachineRun:
    """Run a machine to its end. Raises: UnsupportedMachineError"""
    return Simulation(machine, given, task, conditions).run()
