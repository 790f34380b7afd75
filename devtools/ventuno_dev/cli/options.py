"""The options that commands share, and how they name a target."""

from pathlib import Path
from typing import Annotated

import typer

from ventuno_dev import settings
from ventuno_dev.stack import endpoints
from ventuno_dev.stack.target import Target

STAGE_PATTERN = "[a-z][a-z0-9]{0,19}"

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Data folder of the local stack (VENTUNO_DATA; default .ventuno in the checkout)."
    ),
]
PortOption = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port of the local stack (default 4566).")
]
StageOption = Annotated[str, typer.Option("--stage", help="Stage to act on.")]
AwsOption = Annotated[bool, typer.Option("--aws", help="Use real AWS with the default credentials.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object; progress goes to stderr.")]


def target_of(*, data: Path | None = None, port: int | None = None, aws: bool = False) -> Target:
    """Return the target that the options and the environment name."""
    return endpoints.resolve(settings.load(), data=data, port=port, aws=aws)
