"""Why a template cannot be resolved; a step that meets one fails and is not retried."""

from __future__ import annotations

from ventuno import errors


class PipeError(errors.StepInputError):
    """A pipe does not exist, has a wrong argument, or was given a value it does not take."""
