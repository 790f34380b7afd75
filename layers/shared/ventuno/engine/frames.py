"""What is known of a run in progress: one frame per scope and iteration, and how it looks from outside.

A loop never overwrites anything: each iteration has a frame of its own. The reference's one `stepInfo`
per step, with its `history`, is put together from the frames when somebody looks.
Source: reference §1.1, §4.5
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ventuno.engine.reached import Reached
from ventuno.engine.statuses import StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ventuno.engine.scopes import Scope
    from ventuno.json_value import JsonObject, JsonValue

OPEN = (StepStatus.RUNNING, StepStatus.PENDING)


@dataclass(slots=True)
class Execution:
    """One execution of a step, its retries included. Units: virtual seconds since the run started."""

    step_id: str
    iteration: tuple[int, ...]
    started_at: float
    ended_at: float | None = None


@dataclass(slots=True)
class Progress:
    """Where one step stands in one iteration. `tries` counts the attempts of the current execution."""

    status: StepStatus = StepStatus.NOT_STARTED
    result: JsonValue = None
    has_result: bool = False
    error: JsonValue = None
    branch: int | None = None
    rescued: bool = False
    waiting_for: JsonObject | None = None
    attempts: list[JsonObject] = field(default_factory=list)
    tries: int = 0
    execution: Execution | None = None
    started_at: str | None = None
    ended_at: str | None = None

    def reached(self) -> Reached:
        """Return what the rules ask of a parent."""
        return Reached(self.status, self.branch, self.rescued)

    def info(self) -> JsonObject:
        """Return the reference's stepInfo, without its history."""
        told: JsonObject = {"status": self.status.value}
        if self.has_result:
            told["result"] = self.result
        if self.error is not None:
            told["error"] = self.error
        if self.waiting_for is not None:
            told["waitingFor"] = self.waiting_for
        if self.started_at is not None:
            told["startedAt"] = self.started_at
        if self.ended_at is not None:
            told["endedAt"] = self.ended_at
        return told


@dataclass
class Frame:
    """One pass through a scope.

    `loop` is the loop this is an iteration of; None outside all loops. `open` counts the steps that run
    or wait, loops that cannot go on left out. `broke` says that a failure in here ended the loop.
    """

    scope: Scope
    iteration: tuple[int, ...] = ()
    loop: Loop | None = None
    open: int = 0
    broke: bool = False
    loops: dict[str, Loop] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.states = {member: Progress() for member in self.scope.members}

    @property
    def unfinished(self) -> bool:
        """Whether some step failed or never got its turn."""
        return any(
            state.status in (StepStatus.FAILED, StepStatus.NOT_STARTED) for state in self.states.values()
        )

    def open_loop(self, iterator: str, items: Sequence[JsonValue]) -> Loop:
        """Begin the loop of an iterator of this frame."""
        self.loops[iterator] = Loop(iterator, self, self.scope.loops[iterator], items)
        return self.loops[iterator]

    def ended_the_loop(self) -> bool:
        """Whether a failure in here ended the loop."""
        return self.broke

    def failed(self) -> bool:
        """Whether a step of this frame failed."""
        return any(state.status is StepStatus.FAILED for state in self.states.values())

    def is_open(self) -> bool:
        """Whether a step of this frame runs or waits."""
        return any(state.status in OPEN for state in self.states.values())

    def enclosing(self) -> Iterator[Loop]:
        """Yield the loops around this frame, innermost first."""
        loop = self.loop
        while loop is not None:
            yield loop
            loop = loop.frame.loop

    def halt_loops(self, *, safely: bool) -> None:
        """Let no loop around start a further iteration, up to the one that goes on after a failure."""
        frame = self
        for loop in self.enclosing():
            if safely and loop.scope.settings.continues:
                return
            loop.failing, loop.failing_safely = loop.failing or not safely, loop.failing_safely or safely
            frame.broke = True
            frame = loop.frame

    def walk(self) -> Iterator[Frame]:
        """Yield this frame and the frames of all loops inside it."""
        yield self
        for loop in self.loops.values():
            for iteration in loop.iterations:
                yield from iteration.walk()

    def values(self, inside: str | None = None) -> dict[str, Any]:
        """Collect the results that a variable used in this frame sees, by step id.

        The reader may stand in an iteration of the loop `inside`, which then shows no other iteration.
        """
        seen: dict[str, Any] = {}
        if self.loop is not None:
            seen |= self.loop.frame.values(inside=self.loop.iterator)
            seen[self.loop.iterator] = self.loop.pass_result(self)
        return seen | self.own_results(inside)

    def own_results(self, inside: str | None = None) -> dict[str, Any]:
        """Collect the results of this frame and of what its loops show."""
        seen = {step_id: state.result for step_id, state in self.states.items() if state.has_result}
        for loop_id, loop in self.loops.items():
            if loop_id != inside and loop.ran:
                seen |= loop.shown().own_results()
        return seen

    def told(self, step_id: str) -> tuple[list[JsonObject], JsonObject]:
        """Tell the history of a step in this frame, and where it stands now."""
        state = self.states.get(step_id)
        if state is None:
            return self._told_inside(step_id)
        loop = self.loops.get(step_id)
        if loop is None or not loop.ran:
            return [*state.attempts], state.info()
        return [*state.attempts, *loop.passes()], state.info()

    def _told_inside(self, step_id: str) -> tuple[list[JsonObject], JsonObject]:
        loop = self.loops.get(self.scope.way_to[step_id])
        if loop is None or not loop.iterations:
            return [], Progress().info()
        history: list[JsonObject] = []
        shown = loop.shown()
        for iteration in loop.iterations:
            if iteration is not shown:
                past, stood = iteration.told(step_id)
                history += [*past, stood]
        past, now = shown.told(step_id)
        return [*history, *past], now


@dataclass
class Loop:
    """One run of an ITERATOR through its items.

    `failing` and `failing_safely` say that no further iteration may start, and what becomes of the iterator.
    """

    iterator: str
    frame: Frame
    scope: Scope
    items: Sequence[JsonValue]
    iterations: list[Frame] = field(default_factory=list)
    running: int = 0
    failing: bool = False
    failing_safely: bool = False

    def next_iteration(self) -> Frame:
        """Open the frame of the next item."""
        self.running += 1
        return self.add_frame()

    def add_frame(self, index: int | None = None) -> Frame:
        """Append the frame of an item, of the next one if none is named."""
        number = len(self.iterations) if index is None else index
        frame = Frame(self.scope, (*self.frame.iteration, number), self)
        self.iterations.append(frame)
        return frame

    @property
    def may_start(self) -> bool:
        """Whether a further iteration may start now."""
        halted = self.failing or self.failing_safely
        free = self.running < self.scope.settings.max_concurrency
        return free and not halted and len(self.iterations) < len(self.items)

    @property
    def ran(self) -> bool:
        """Whether some iteration started; the frame of a body that was passed over is none."""
        return bool(self.items and self.iterations)

    def shown(self) -> Frame:
        """Choose the iteration that stands for the body: the first that failed, or is open, else the last."""
        if self.running or self.failing or self.failing_safely:
            for stands_out in (Frame.ended_the_loop, Frame.failed, Frame.is_open):
                for iteration in self.iterations:
                    if stands_out(iteration):
                        return iteration
        return self.iterations[-1]

    def passes(self) -> list[JsonObject]:
        """List the iterator's archived states, one per iteration but the shown one."""
        shown = self.shown()
        return [
            {"status": StepStatus.RUNNING.value, "result": self.pass_result(iteration)}
            for iteration in self.iterations
            if iteration is not shown
        ]

    def pass_result(self, iteration: Frame) -> JsonObject:
        """Return the iterator's result while an iteration runs."""
        index = iteration.iteration[-1]
        return {"currentItemIndex": index, "currentItem": self.items[index], "hasProcessedAllItems": False}

    def final_result(self, count: int) -> JsonObject:
        """Return the iterator's result once every item is processed; there is no current item then."""
        return {"currentItemIndex": count, "hasProcessedAllItems": True}
