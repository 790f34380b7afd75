"""Each peer as a running thing that takes the same call; its own store tells how many runs ended well."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import psutil

from tests.bench.peers.installing import DBOS_PYTHON, N8N, NODE
from tests.bench.peers.n8n_setup import installed_workflow
from tests.e2e.conftest import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE: Final = Path(__file__).resolve().parent
LIMIT_SECONDS: Final = 120.0
_LOOK_SECONDS: Final = 0.05


class Peer(ABC):
    """A peer in a process of its own; it answers a call when the run has ended."""

    name: str
    durability: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._port = free_port()
        self._log = (self.folder / "log").open("ab")

    def start(self) -> float:
        """Start it and return how many seconds passed until it answers."""
        started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - fixed commands
            self._command(), env=_shell() | self._environment(), stdout=self._log, stderr=self._log
        )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - started > LIMIT_SECONDS:
                raise SystemExit(f"{self.name} did not start; see {self._log.name}")
            time.sleep(_LOOK_SECONDS)
        return time.perf_counter() - started

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(LIMIT_SECONDS)
            self._process = None

    def memory_mb(self) -> float:
        """Tell the resident memory of it and its children."""
        return resident_mb(self._process.pid if self._process else 0)

    def call(self, http: httpx.Client, body: Mapping[str, str]) -> None:
        """Run the workflow once, to its end."""
        answer = http.post(self.address, json=body)
        if answer.is_error or not self._told_end(answer.json()):
            raise SystemExit(f"{self.name} answered {answer.status_code}: {answer.text[:300]}")

    @property
    def address(self) -> str:
        """Where calls go."""
        return f"http://127.0.0.1:{self._port}{self._path}"

    def finished(self) -> int:
        """Count the runs that are stored as ended well."""
        with closing(sqlite3.connect(self._database())) as store:
            return int(store.execute(self._counted).fetchone()[0])

    def _answers(self) -> bool:
        try:
            answer = httpx.get(f"http://127.0.0.1:{self._port}{self._ready_path}", timeout=5)
        except httpx.HTTPError:
            return False
        return self._ready(answer)

    _path: str
    _ready_path: str
    _counted: str

    @abstractmethod
    def _command(self) -> list[str]: ...
    @abstractmethod
    def _environment(self) -> dict[str, str]: ...
    @abstractmethod
    def _database(self) -> Path: ...
    @abstractmethod
    def _ready(self, answer: httpx.Response) -> bool: ...
    @abstractmethod
    def _told_end(self, answer: Any) -> bool: ...  # noqa: ANN401 - its JSON


class N8n(Peer):
    """n8n as it installs: one process, SQLite, the task runner of code nodes beside it."""

    name = "n8n"
    durability = "the execution is stored when it ends, not after each step (its default)"
    _path, _ready_path = "/webhook/five", "/healthz/readiness"
    _counted = "SELECT count(*) FROM execution_entity WHERE status = 'success' AND finished = 1"

    def start(self) -> float:
        seconds = super().start()
        if not (self.folder / "installed").exists():
            self._install()
        return seconds

    def _install(self) -> None:
        """Make the workflow; its webhook is there a moment after."""
        installed_workflow(f"http://127.0.0.1:{self._port}")
        (self.folder / "installed").touch()
        until = time.perf_counter() + LIMIT_SECONDS
        probe = {"name": "probe", "email": "probe@example.com"}
        while httpx.post(self.address, json=probe, timeout=LIMIT_SECONDS).status_code != httpx.codes.OK:
            if time.perf_counter() > until:
                raise SystemExit("n8n never registered its webhook")
            time.sleep(_LOOK_SECONDS)

    def _command(self) -> list[str]:
        return [str(NODE / "bin" / "node"), str(N8N / "n8n" / "bin" / "n8n"), "start"]

    def _environment(self) -> dict[str, str]:
        off = ("DIAGNOSTICS_ENABLED", "VERSION_NOTIFICATIONS_ENABLED", "TEMPLATES_ENABLED", "SECURE_COOKIE")
        return {
            "PATH": f"{NODE / 'bin'}:{_shell()['PATH']}",
            "N8N_USER_FOLDER": str(self.folder),
            "N8N_PORT": str(self._port),
            "N8N_RUNNERS_BROKER_PORT": str(free_port()),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            **{f"N8N_{name}": "false" for name in off},
        }

    def _database(self) -> Path:
        return self.folder / ".n8n" / "database.sqlite"

    def _ready(self, answer: httpx.Response) -> bool:
        return answer.is_success and answer.json().get("status") == "ok"  # while it boots it answers 200 too

    def _told_end(self, answer: Any) -> bool:  # noqa: ANN401 - its JSON
        return bool(answer["title"] == answer["name"].upper())


class Dbos(Peer):
    """DBOS on SQLite, the database it takes when none is named."""

    name = "dbos"
    durability = "the result of each step is stored before the next begins"
    _path, _ready_path = "/", "/"
    _counted = "SELECT count(*) FROM workflow_status WHERE status = 'SUCCESS'"

    def _command(self) -> list[str]:
        return [str(DBOS_PYTHON), str(HERE / "dbos_app.py"), str(self._port), str(self.folder)]

    def _environment(self) -> dict[str, str]:
        return {}

    def _database(self) -> Path:
        return self.folder / "dbos.sqlite"

    def _ready(self, answer: httpx.Response) -> bool:
        return answer.status_code == httpx.codes.NOT_IMPLEMENTED  # it answers, and GET is none of its methods

    def _told_end(self, answer: Any) -> bool:  # noqa: ANN401 - its JSON
        return isinstance(answer["record"], int)


def _shell() -> dict[str, str]:
    return dict(os.environ)  # noqa: TID251 - peers are configured by it


def resident_mb(pid: int) -> float:
    """Tell the resident memory of a process and all below it."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(one.memory_info().rss for one in family)) / 1e6
