"""Run every benchmark in a process of its own, print one table, write bench/results.json.

A benchmark is a file bench_*.py here that prints lines `name value unit samples`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parents[1] / "bench" / "results.json"
_FIELDS = 4


def main() -> int:
    """Run them all; a benchmark that fails fails this."""
    results, failed = [], 0
    files = sorted(HERE.glob("bench_*.py"))
    for number, file in enumerate(files, 1):
        sys.stderr.write(f"[{number}/{len(files)}] {file.stem}\n")
        run = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False)  # noqa: S603 - our own files
        failed += run.returncode != 0
        sys.stderr.write(run.stderr)
        results += [result for line in run.stdout.splitlines() if (result := _parsed(line))]
    for result in results:
        sys.stdout.write(
            f"{result['name']:<50} {result['value']:>14.3f} {result['unit']:<12} {result['samples']:>8}\n"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    sys.stdout.write("written to bench/results.json\n")
    return 1 if failed else 0


def _parsed(line: str) -> dict[str, str | float] | None:
    parts = line.split()
    if len(parts) != _FIELDS:
        return None
    name, value, unit, samples = parts
    try:
        return {"name": name, "value": float(value), "unit": unit, "samples": int(samples)}
    except ValueError:
        return None


if __name__ == "__main__":
    sys.exit(main())
