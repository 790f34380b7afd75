"""The 5-step workflow on DBOS with SQLite, behind HTTP; runs in an environment of its own that has DBOS.

Every step is a DBOS step, so its result is stored before the next one begins; records lie in a SQLite file.
The answer comes when the workflow has ended, so that nobody has to ask.
Usage: python dbos_app.py PORT FOLDER
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dbos import DBOS  # type: ignore[import-not-found]  # not a dependency of this project

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
_turn = threading.Lock()
"""SQLite lets writers that find it busy sleep; taking turns here is faster."""
_records = sqlite3.connect(FOLDER / "records.sqlite", isolation_level=None, check_same_thread=False)


def _written(statement: str, *values: object) -> list[Any]:
    with _turn:
        return _records.execute(statement, values).fetchall()


@DBOS.step()  # type: ignore[untyped-decorator]
def wanted(call: dict[str, str]) -> bool:
    """FILTER."""
    return "@" in call["email"]


@DBOS.step()  # type: ignore[untyped-decorator]
def person(call: dict[str, str]) -> int:
    """UPSERT_RECORD."""
    rows = _written(
        "INSERT INTO person (email, name) VALUES (?, ?)"
        " ON CONFLICT (email) DO UPDATE SET name = excluded.name RETURNING id",
        call["email"],
        call["name"],
    )
    return int(rows[0][0])


@DBOS.step()  # type: ignore[untyped-decorator]
def title(call: dict[str, str]) -> str:
    """CODE, without the sandbox that a user's code would need."""
    return call["name"].upper()


@DBOS.step()  # type: ignore[untyped-decorator]
def update(record: int, text: str) -> int:
    """UPDATE_RECORD."""
    _written("UPDATE person SET title = ? WHERE id = ?", text, record)
    return record


@DBOS.workflow()  # type: ignore[untyped-decorator]
def five_steps(call: dict[str, str]) -> int | None:
    """The workflow."""
    return update(person(call), title(call)) if wanted(call) else None


class _Hook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write for head and body
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        call: Any = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        handle = DBOS.start_workflow(five_steps, call)
        body = json.dumps({"id": handle.get_workflow_id(), "record": handle.get_result()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class's name
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def main() -> None:
    """Serve until killed."""
    _written("PRAGMA journal_mode=WAL")
    _written(
        "CREATE TABLE IF NOT EXISTS person (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, title TEXT)"
    )
    system = f"sqlite:///{FOLDER / 'dbos.sqlite'}"
    DBOS(
        config={
            "name": "peer",
            "system_database_url": system,
            "log_level": "WARNING",
            "run_admin_server": False,
        }
    )
    DBOS.launch()
    _Server(("127.0.0.1", PORT), _Hook).serve_forever()


if __name__ == "__main__":
    main()
