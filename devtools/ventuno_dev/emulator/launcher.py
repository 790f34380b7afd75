"""Launcher: checks the version, applies the fixes, loads the data folder and serves on 127.0.0.1.

One process, one listener. It ends on SIGTERM or SIGINT after saving, and says so by exit code 0.
"""

import asyncio
import importlib.metadata
import logging
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
import uvloop
from ministack import app as ministack_app

from ventuno_dev.emulator import fixes, garbage
from ventuno_dev.emulator.data_folder import owned
from ventuno_dev.emulator.protocol import WholeAnswers
from ventuno_dev.emulator.settings import HOST, MINISTACK_VERSION, Settings
from ventuno_dev.emulator.snapshots import Snapshots, UnloadableStateError
from ventuno_dev.emulator.storage.frames import BrokenLogError

logger = logging.getLogger("ventuno.emulator")

BACKLOG = 512


def run(settings: Settings) -> int:
    """Serve until told to stop. Gives the exit code: 2 for what the user must change first."""
    try:
        _check_version()
        fixes.apply_all(settings.without)
        with owned(settings.data):
            _run_owning(settings)
    except (BrokenLogError, UnloadableStateError) as exc:
        advice = f"move {settings.data / 'state'} away to start empty, or restore it from a copy"
        print(f"emulator: {exc}; {advice}", file=sys.stderr)  # noqa: T201 - the log goes to stderr
        return 2
    except (RuntimeError, ValueError, OSError) as exc:
        print(f"emulator: {exc}", file=sys.stderr)  # noqa: T201 - the log goes to stderr
        return 2
    return 0


def _run_owning(settings: Settings) -> None:
    listener = _listen(settings.port)
    snapshots = Snapshots(settings)
    snapshots.load()
    uvloop.run(_serve(settings, listener, snapshots))


def _check_version() -> None:
    version = importlib.metadata.version("ministack")
    if version != MINISTACK_VERSION:
        raise RuntimeError(f"the fixes are made for ministack {MINISTACK_VERSION}, {version} is installed")


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as exc:
        raise RuntimeError(f"{HOST}:{port} cannot be used ({exc.strerror}); give another --port") from exc
    listener.listen(BACKLOG)
    return listener


async def _serve(settings: Settings, listener: socket.socket, snapshots: Snapshots) -> None:
    server = _Server(_config())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    garbage.spare_requests()
    tasks = [asyncio.create_task(_announce(settings)), asyncio.create_task(snapshots.run())]
    await server.serve(sockets=[listener])
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await snapshots.finish()


class _Server(uvicorn.Server):
    """A server that leaves signals to the launcher, which has to save after the last answer."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield

    def stop(self) -> None:
        """Answer what has begun, then end."""
        self.should_exit = True


def _config() -> uvicorn.Config:
    return uvicorn.Config(
        ministack_app.app,
        http=WholeAnswers,
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        ws="none",
    )


async def _announce(settings: Settings) -> None:
    """Say that the emulator answers, once it does."""
    reader, writer = await asyncio.open_connection(HOST, settings.port)
    writer.write(b"GET /_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()
    garbage.collect(idle=True)
    print(f"ready on {settings.endpoint}", file=sys.stderr, flush=True)  # noqa: T201 - the log goes to stderr
