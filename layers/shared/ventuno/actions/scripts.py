"""Running a script in the sandbox: its result, its failure, and what it told, for all actions with one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ventuno import errors, strict_json
from ventuno.actions.step_log import Level
from ventuno.sandbox.call import LONGEST_SECONDS

if TYPE_CHECKING:
    from ventuno.actions.base import StepCall
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.sandbox.call import CodeCall, CodeOutcome, Failure

_LEVELS = frozenset(level.value for level in Level)


def run_script(asked: CodeCall, call: StepCall, details: JsonObject) -> JsonValue:
    """Run a script and return what `main` returned; `details` begins the step's log.

    Raises: CodeError, StoreUnavailableError
    """
    waited = call.script_turn()
    left = min(asked.timeout_seconds, LONGEST_SECONDS - waited)
    outcome = call.outside.code.run(replace(asked, timeout_seconds=left))
    _Told(call).tell(outcome, details)
    if outcome.failure is not None or outcome.text is None:
        raise errors.CodeError(_message(outcome.failure))
    try:
        return strict_json.parse(outcome.text)
    except ValueError as error:
        raise errors.CodeError(f"the result cannot be stored: {error}") from error


def _message(failure: Failure | None) -> str:
    return failure.message if failure else "the script returned nothing that can be read"


@dataclass(frozen=True, slots=True)
class _Told:
    """What goes from a run of the code into the step's log."""

    call: StepCall

    def tell(self, outcome: CodeOutcome, details: JsonObject) -> None:
        log = self.call.log
        log.details = {
            **details,
            "durationMs": round(outcome.seconds * 1000),
            "requests": outcome.fetches,
        }
        for line in outcome.lines:
            log.add(self._instant(line.at), _level(line.level), line.text)
        if outcome.failure and outcome.failure.stack:
            now = self.call.now.timestamp() * 1000 + outcome.seconds * 1000
            log.add(self._instant(now), Level.ERROR, outcome.failure.stack)
        if outcome.dropped_lines:
            log.dropped(outcome.dropped_lines, outcome.dropped_characters)

    def _instant(self, milliseconds: float) -> str:
        """Write an instant; one that a script made up is taken for the step's beginning."""
        try:
            moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
        except (OverflowError, ValueError, OSError):
            moment = self.call.now
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _level(name: str) -> Level:
    return Level(name) if name in _LEVELS else Level.INFO
