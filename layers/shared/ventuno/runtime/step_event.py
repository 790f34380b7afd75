"""What the states of a machine send to step_runner."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ventuno.runs.places import Place


class StepEvent(BaseModel):
    """A request to run one step.

    Event: {"run": id, "version": "<workflow id>:v<n>", "step": id, "rides"?: [step id], "alone"?: true,
           "iteration"?: "3.0", "begins"?: true, "token"?: task token, "forms"?: [step id], "timed"?: bool}
    `rides` are the pure steps to evaluate after the step, `alone` says that nothing else leads to them.
    `begins` comes with the first steps of an iteration that runs beside others, a `token` with steps that
    wait for an answer. `forms` asks to wait until one of these is answered, and `timed` says that the state
    waits for an instant too.
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
    forms: tuple[str, ...] = ()
    timed: bool = False

    @property
    def place(self) -> Place:
        """Where the step runs."""
        return Place(self.step, self.iteration)
