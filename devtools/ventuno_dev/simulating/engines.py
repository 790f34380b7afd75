"""The engines of a simulation; a module of its own, because the command line names them in its help."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """What runs a simulation: the run rules, or the compiled machine."""

    INTERPRETER = "interpreter"
    MACHINE = "machine"
