"""EMPTY: does nothing. Leaves no state in the machine: the call before it stores its success.

Safe to retry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.actions.about import About, Example
from ventuno.actions.base import Outcome, PureAction
from ventuno.definition.kinds import StepKind
from ventuno.schemas import Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ventuno.actions.scope import StepScope
    from ventuno.schemas import Schema


class EmptySettings(Wire):
    """EMPTY has no settings."""


class Empty(PureAction[EmptySettings]):
    """Source: reference §3.17."""

    wire_type = "EMPTY"
    kind = StepKind.PURE
    settings_type = EmptySettings
    about = About(settings={}, result="nothing.", errors={}, examples=(Example("Nothing", {}, {}),))

    def output_schema(self, settings: EmptySettings, scope: StepScope) -> Schema:
        """Return the schema of `{}`."""
        del settings, scope
        return Object({})

    def evaluate(self, settings: EmptySettings, values: Mapping[str, Any], now: datetime) -> Outcome:
        """Succeed with `{}`."""
        del settings, values, now
        return Outcome(result={})
