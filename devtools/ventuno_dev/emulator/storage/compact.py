"""Compaction as a program: `python -m ventuno_dev.emulator.storage.compact SOURCE BYTES TARGET VERSION`."""

import sys
from pathlib import Path

from ventuno_dev.emulator.storage.log import rewrite

if __name__ == "__main__":
    source, limit, target, version = sys.argv[1:]
    rewrite(Path(source), int(limit), Path(target), version)
