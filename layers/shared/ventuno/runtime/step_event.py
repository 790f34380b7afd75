"""What the states of a machine send to step_runner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from ventuno.runs.places import Place


class Broken(BaseModel):
    """The error of a call that gave no answer; `cause` may be empty, or cut off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error: str
    cause: str


class StepEvent(BaseModel):
    """A request to run one step.

    Event: {"run": id, "version": "<workflow id>:v<n>", "step": id, "rides"?: [step id], "alone"?: true,
           "iteration"?: "3.0", "begins"?: true, "token"?: task token, "broken"?: {error, cause}}
    `rides` are the pure steps to evaluate after the step, `alone` says that nothing else leads to them.
    `begins` comes with the first steps of an iteration that runs beside others, a `token` with steps that
    wait for an answer. `broken` asks to store of a step that the call that ran it was lost.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    run: str
    version: str
    step: str
    rides: tuple[str, ...] = ()
    alone: bool = False
    iteration: str = ""
    begins: bool = False
    token: str | None = None
    broken: Broken | None = None

    @property
    def place(self) -> Place:
        """Where the step runs."""
        return Place(self.step, self.iteration)


class RoundsSoFar(BaseModel):
    """What the call of rounds before this one answered; `compiler.round_states` tells the keys."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    next: str = ""
    until: datetime | None = None
    at: datetime | None = None
    forms: tuple[str, ...] = ()
    over: Mapping[str, bool] = {}
    beside: tuple[str, ...] = ()


class RoundsEvent(BaseModel):
    """A request to run what is ready of a part, or with a `token` to wait until one of its forms is answered.

    Event: {"run": id, "version": "<workflow id>:v<n>", "part": [step id], "rounds": as RoundsSoFar,
           "iteration"?: "3.0", "begins"?: true, "token"?: task token, "timed"?: bool,
           "broken"?: {error, cause}, "over"?: step id}
    `part` names the steps it begins with; `timed` says that the state waits for an instant too; `broken` that
    the call before this one was lost; `over` that a loop has ended that ran beside the rounds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    version: str
    part: tuple[str, ...]
    rounds: RoundsSoFar
    iteration: str = ""
    begins: bool = False
    token: str | None = None
    timed: bool = False
    broken: Broken | None = None
    over: str | None = None

    def step(self, step_id: str, rides: Iterable[str]) -> StepEvent:
        """Return the request to run one step of the part."""
        return StepEvent(
            run=self.run,
            version=self.version,
            step=step_id,
            rides=tuple(rides),
            alone=True,
            iteration=self.iteration,
            broken=self.broken,
        )
