"""Find the stack: an endpoint of the environment, else the embedded emulator, else AWS if asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ventuno_dev.settings import DEFAULT_REGION
from ventuno_dev.stack import pidfile
from ventuno_dev.stack.errors import StackError
from ventuno_dev.stack.target import Target, TargetKind

if TYPE_CHECKING:
    from pathlib import Path

    from ventuno_dev.settings import Settings

DEFAULT_PORT = 4566
LOCALSTACK_DOMAIN = "localhost.localstack.cloud"


def resolve(
    settings: Settings, *, data: Path | None = None, port: int | None = None, aws: bool = False
) -> Target:
    """Return the target that the options and the environment name.

    Raises: StackError if they contradict each other
    """
    folder = data.resolve() if data else settings.data
    if aws:
        return _aws(settings, folder)
    if settings.endpoint_url and not _is_ours(settings.endpoint_url, folder):
        return _elsewhere(settings, folder, port)
    return embedded(settings.project, folder, port)


def embedded(project: Path, data: Path, port: int | None = None) -> Target:
    """Return the emulator of a data folder: on its running port, else on `port`, else on the default one.

    The region is fixed, so that the same stack is found whatever the shell's AWS settings are.
    Raises: StackError if it runs on a port other than `port`
    """
    running = pidfile.running(data)
    if running and port and port != running.port:
        raise StackError(
            f"the stack already runs on port {running.port}: run `ventuno down` before moving it to {port}"
        )
    chosen = running.port if running else port or DEFAULT_PORT
    return Target(TargetKind.EMBEDDED, f"http://127.0.0.1:{chosen}", DEFAULT_REGION, data, project)


def settled(target: Target) -> Target:
    """Return the same target, on the port where another command has started its emulator meanwhile."""
    running = pidfile.running(target.data) if target.kind is TargetKind.EMBEDDED else None
    return embedded(target.project, target.data, running.port) if running else target


def port_of(target: Target) -> int:
    """Return the port of a target that has an endpoint."""
    return urlsplit(target.endpoint_url or "").port or DEFAULT_PORT


def _is_ours(url: str, data: Path) -> bool:
    """Tell whether an address is that of the folder's own running emulator."""
    running, parts = pidfile.running(data), urlsplit(url)
    return running is not None and parts.hostname in {"127.0.0.1", "localhost"} and parts.port == running.port


def _elsewhere(settings: Settings, data: Path, port: int | None) -> Target:
    if port:
        raise StackError(
            f"--port is for the built-in stack, but the environment points to {settings.endpoint_url}: "
            "unset AWS_ENDPOINT_URL and LocalStack's variables, or leave --port out"
        )
    url = (settings.endpoint_url or "").rstrip("/")
    return Target(TargetKind.ENDPOINT, url, settings.region, data, settings.project)


def _aws(settings: Settings, data: Path) -> Target:
    if settings.endpoint_url:
        raise StackError(
            f"--aws was given but the environment points to {settings.endpoint_url}: "
            "unset AWS_ENDPOINT_URL and LocalStack's variables, or leave --aws out"
        )
    return Target(TargetKind.AWS, None, settings.region, data, settings.project)


def api_url(target: Target, api_id: str, declared: str) -> str:
    """Return the address of the HTTP API without a final slash.

    `declared` is the stack's own output. It is right on AWS and on LocalStack, whose domain resolves
    everywhere; other emulators give a name below `localhost`, which many machines cannot resolve.
    Source: LocalStack's path form of execute-api addresses, which the emulator serves too
    """
    if target.endpoint_url is None or LOCALSTACK_DOMAIN in declared:
        return declared.rstrip("/")
    return f"{target.endpoint_url}/_aws/execute-api/{api_id}"
