"""Concurrent branches without threads: each is a generator that yields what it waits for.

A branch resumes in an act of the timeline, never inside another branch, so a shuffled timeline shows every
order that equal times allow.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeAlias

from ventuno_dev.asl.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ventuno_dev.asl.timeline import MachineTimeline, Timer

Branch: TypeAlias = "Generator[Effect, Any, Any]"


class Effect(ABC):
    """What a branch waits for; it calls `resume` or `fail` of the process once, later."""

    @abstractmethod
    def begin(self, process: Process) -> None:
        """Start to wait."""

    @abstractmethod
    def cancel(self) -> None:
        """Give up waiting."""


class Process:
    """One running branch; `done` gets its output, or the error that ended it."""

    def __init__(
        self, timeline: MachineTimeline, branch: Branch, done: Callable[[Any, StateError | None], None]
    ) -> None:
        self.timeline = timeline
        self._branch = branch
        self._done = done
        self._effect: Effect | None = None
        self._timer: Timer | None = timeline.later(0.0, lambda: self._step(None, None))

    def resume(self, value: Any, after: float = 0.0) -> None:  # noqa: ANN401 - any value
        """Let the branch go on with a value."""
        self._timer = self.timeline.later(after, lambda: self._step(value, None))

    def fail(self, error: StateError, after: float = 0.0) -> None:
        """Raise an error where the branch waits."""
        self._timer = self.timeline.later(after, lambda: self._step(None, error))

    def cancel(self) -> None:
        """End the branch where it stands, and everything it waits for."""
        if self._effect is not None:
            self._effect.cancel()
        if self._timer is not None:
            self.timeline.cancel(self._timer)
        self._branch.close()

    def _step(self, value: Any, error: StateError | None) -> None:  # noqa: ANN401 - any value
        self._effect = None
        try:
            effect = self._branch.throw(error) if error is not None else self._branch.send(value)
        except StopIteration as stop:
            self._done(stop.value, None)
        except StateError as failure:
            self._done(None, failure)
        else:
            self._effect = effect
            effect.begin(self)


class Sleep(Effect):
    """Wait for some virtual seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def begin(self, process: Process) -> None:
        """Resume after the time."""
        process.resume(None, self._seconds)

    def cancel(self) -> None:
        """Do nothing: the process drops its timer itself."""


class Gather(Effect):
    """Run branches, at most `limit` at once and started in order; give their outputs in order.

    More than `tolerated` failures cancel the rest and fail with the first error. A failure that is
    tolerated leaves None.
    """

    def __init__(self, branches: list[Callable[[], Branch]], limit: int, tolerated: int = 0) -> None:
        self._branches: Iterator[tuple[int, Callable[[], Branch]]] = enumerate(branches)
        self._outputs: list[Any] = [None] * len(branches)
        self._limit = limit
        self._tolerated = tolerated
        self._failures = 0
        self._running: dict[int, Process] = {}
        self._parent: Process | None = None

    def begin(self, process: Process) -> None:
        """Start the first branches."""
        self._parent = process
        self._fill(process)

    def cancel(self) -> None:
        """Cancel the running branches."""
        running, self._running = self._running, {}
        for process in running.values():
            process.cancel()

    def _fill(self, parent: Process) -> None:
        while len(self._running) < self._limit:
            index, branch = next(self._branches, (-1, None))
            if branch is None:
                break
            self._running[index] = Process(parent.timeline, branch(), self._done_of(index, parent))
        if not self._running:
            parent.resume(self._outputs)

    def _done_of(self, index: int, parent: Process) -> Callable[[Any, StateError | None], None]:
        def done(output: Any, error: StateError | None) -> None:  # noqa: ANN401 - any JSON
            self._running.pop(index, None)
            self._outputs[index] = output
            self._failures += error is not None
            if error is not None and self._failures > self._tolerated:
                self.cancel()
                parent.fail(error)
            else:
                self._fill(parent)

        return done


class Token(Effect):
    """Wait for a task token to be sent back, or for its deadline, which as a `timer` is waited for too."""

    def __init__(self, seconds: float | None, timed_out: StateError) -> None:
        self._seconds = seconds
        self._timed_out = timed_out
        self.timer = False
        self._process: Process | None = None
        self._deadline: Timer | None = None
        self._answer: tuple[Any, StateError | None] | None = None

    @property
    def open(self) -> bool:
        """Whether the token can still be sent back."""
        return self._answer is None

    def begin(self, process: Process) -> None:
        """Wait, unless the answer came while the token was being handed out."""
        self._process = process
        if self._answer is not None:
            self._resume(*self._answer)
        elif self._seconds is not None:
            self._deadline = process.timeline.later(
                self._seconds, lambda: self.answer(None, self._timed_out), deadline=not self.timer
            )

    def cancel(self) -> None:
        """Close the token."""
        self._answer = (None, self._timed_out)
        self._forget_deadline()

    def answer(self, output: Any, error: StateError | None) -> None:  # noqa: ANN401 - any JSON
        """Send the token back, once."""
        if self._answer is not None:
            return
        self._answer = (output, error)
        self._forget_deadline()
        self._resume(output, error)

    def _forget_deadline(self) -> None:
        if self._deadline is not None and self._process is not None:
            self._process.timeline.cancel(self._deadline)

    def _resume(self, output: Any, error: StateError | None) -> None:  # noqa: ANN401 - any JSON
        if self._process is not None and error is not None:
            self._process.fail(error)
        elif self._process is not None:
            self._process.resume(output)
