"""Launcher: checks the version, applies the fixes, loads the data folder and serves on 127.0.0.1.

One process, one listener. It ends on SIGTERM or SIGINT after saving, and says so by exit code 0.
"""

import asyncio
import importlib.metadata
import logging
import signal
import socket
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack_app

from ventuno_dev.emulator import fixes, garbage
from ventuno_dev.emulator.data_folder import owned
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
    asyncio.run(_serve(settings, listener, snapshots))


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
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    garbage.spare_requests()
    tasks = [asyncio.create_task(_announce(settings)), asyncio.create_task(snapshots.run())]
    await serve(ministack_app.app, _config(listener), shutdown_trigger=stop.wait)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await snapshots.finish()


def _config(listener: socket.socket) -> Config:
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    return config


async def _announce(settings: Settings) -> None:
    """Say that the emulator answers, once it does."""
    reader, writer = await asyncio.open_connection(HOST, settings.port)
    writer.write(b"GET /_ministack/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()
    garbage.collect(idle=True)
    print(f"ready on {settings.endpoint}", file=sys.stderr, flush=True)  # noqa: T201 - the log goes to stderr
