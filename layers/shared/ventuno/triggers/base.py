"""What every trigger type has. Adding one is one file in this package and one line in `registry.py`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ventuno.wire import Wire


class TriggerSettings(Wire):
    """Base of the settings; `outputSchema` is kept for the page and never used."""

    output_schema: dict[str, object] | None = Field(default=None)


class TriggerType:
    """A trigger type; `settings_type` is the model of the trigger's `settings`."""

    wire_type: ClassVar[str]
    settings_type: ClassVar[type[TriggerSettings]]
