"""The exit codes of `ventuno`, and which error ends with which; the one place that documents them."""

from __future__ import annotations

from enum import IntEnum

from ventuno_dev.stack import errors


class ExitCode(IntEnum):
    """What the shell sees. A script may rely on these numbers."""

    OK = 0
    FAILED = 1  # the command ran and found or met a failure
    USAGE = 2  # the command line is wrong
    NOT_RUNNING = 3  # no stack answers, or the stage is not deployed there
    PORT_BUSY = 4  # another process has the port
    DATA_FOLDER = 5  # the data folder is in use, broken or of another version
    DEPLOY_FAILED = 6  # a build or a deployment failed
    TIMEOUT = 124  # what was waited for did not happen in the time given
    INTERRUPTED = 130  # Ctrl-C


_BY_ERROR: dict[type[errors.StackError], ExitCode] = {
    errors.NotRunningError: ExitCode.NOT_RUNNING,
    errors.PortBusyError: ExitCode.PORT_BUSY,
    errors.DataFolderError: ExitCode.DATA_FOLDER,
    errors.BuildError: ExitCode.DEPLOY_FAILED,
    errors.DeployError: ExitCode.DEPLOY_FAILED,
}

HELP = (
    "Exit codes: "
    + ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in ExitCode)
    + "."
)


def exit_code_of(error: Exception) -> ExitCode:
    """Return the code that a command ends with after this error."""
    return next((code for kind, code in _BY_ERROR.items() if isinstance(error, kind)), ExitCode.FAILED)
