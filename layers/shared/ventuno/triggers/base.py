"""What every trigger type has. Adding one is one file in this package and one line in `registry.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from ventuno.schemas import ANY
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.definition.findings import Finding
    from ventuno.schedules.scheduler_form import Timing
    from ventuno.schemas import Schema, Scope


class TriggerSettings(Wire):
    """Base of the settings; `outputSchema` is kept for the page and never used."""

    output_schema: dict[str, object] | None = Field(default=None)


class TriggerType:
    """A trigger type; `settings_type` is the model of the trigger's `settings`."""

    wire_type: ClassVar[str]
    settings_type: ClassVar[type[TriggerSettings]]

    def topic(self, settings: Any) -> str | None:  # noqa: ANN401 - an instance of settings_type
        """Return the record event that the workflow listens to, `<object>.<event>`, if it does."""
        del settings
        return None

    def answers_with(self, settings: Any) -> str | None:  # noqa: ANN401 - as above
        """Return the id of the step whose result whoever started the run waits for, if one does."""
        del settings
        return None

    def timings(self, settings: Any) -> tuple[Timing, ...]:  # noqa: ANN401 - as above
        """Return the moments at which the clock starts runs, if it does."""
        del settings
        return ()

    def permissions(self, settings: Any) -> Iterator[str]:  # noqa: ANN401 - as above
        """Name who may start runs and what they see, as people who must agree to it read it."""
        del settings
        yield from ()

    def output_schema(self, settings: Any, scope: Scope) -> Schema:  # noqa: ANN401 - as above
        """Return the schema of the payload that `{{trigger}}` holds."""
        del settings, scope
        return ANY

    def check(self, settings: Any, scope: Scope) -> Iterator[Finding]:  # noqa: ANN401 - as above
        """Find what the settings' model cannot know; paths start at the settings, as `.fields[0]` does."""
        del settings, scope
        yield from ()
