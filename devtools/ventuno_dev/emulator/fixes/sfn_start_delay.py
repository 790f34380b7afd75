"""Start delay: an execution starts at once instead of after a fixed 150 ms."""

from ministack.services import stepfunctions as sfn

from ventuno_dev.emulator.fix import Fix
from ventuno_dev.emulator.values import Json

START_DELAY_SECONDS = 0.15


class _TimeWithoutStartDelay:
    """The module `time` as the interpreter sees it, whose sleep ignores exactly the start delay."""

    def __init__(self, real: Json) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Json:
        return getattr(self._real, name)

    def sleep(self, seconds: float) -> None:
        """Sleep, except for the start delay."""
        if seconds != START_DELAY_SECONDS:
            self._real.sleep(seconds)


def _apply() -> None:
    sfn.time = _TimeWithoutStartDelay(sfn.time)


FIX = Fix(
    name="sfn-start-delay",
    problem="Every execution sleeps 150 ms before its first state.",
    aws="An execution starts when StartExecution is called.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html",
    apply=_apply,
)
