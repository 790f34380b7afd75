"""What can go wrong with a stack; every message is one sentence that says what to do."""

from __future__ import annotations

from ventuno.errors import VentunoError


class StackError(VentunoError):
    """Base of the errors that a command shows without a traceback."""


class NotRunningError(StackError):
    """No stack answers where one was expected."""


class PortBusyError(StackError):
    """Another process listens on the port that the emulator needs."""


class DataFolderError(StackError):
    """The data folder is in use, broken, or of another version."""


class StartError(StackError):
    """The emulator did not become ready."""


class BuildError(StackError):
    """An artifact cannot be built from the sources."""


class DeployError(StackError):
    """CloudFormation refused or rolled back the stack."""
