"""What a cold start costs beside the least it can: boto3 and one client. Prints its lines.

`libraries` is that floor with Pydantic and Powertools, which every function uses, and nothing of our own.

Each is a fresh interpreter with compiled bytecode, as deployed. Processor time is measured, because loading
does nothing else and other processes cannot blur it; the rounds are interleaved and the least of each counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FUNCTIONS: Final = ("api", "record_events", "run_events", "scheduler", "step_runner", "trigger_webhook")
ROUNDS: Final = 7
TOLD: Final = "\nimport time; print(time.process_time())"
FLOOR: Final = "import boto3; boto3.Session().client('dynamodb')"
LIBRARIES: Final = """
import sys
sys.modules.update(dict.fromkeys(("click", "httpx", "pygments", "requests", "rich")))
import boto3, pydantic
from aws_lambda_powertools import Logger, Tracer
class Event(pydantic.BaseModel): run: str
boto3.Session().client("dynamodb"), Logger(), Tracer()
"""
# Tracing patches these where it finds them, and a function has none of them.
FUNCTION: Final = """
import sys
sys.modules.update(dict.fromkeys(("click", "httpx", "pygments", "requests", "rich")))
sys.path[:0] = ["functions/{name}", "layers/shared"]
import app
from ventuno.bootstrap import aws_services
aws_services()
"""
VARIABLES: Final = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "LAMBDA_TASK_ROOT": str(ROOT),
    "STAGE": "dev",
    "WORKSPACE_ID": "default",
    "RECORDS_TABLE": "records",
    "RUNS_TABLE": "runs",
    "WORKFLOWS_TABLE": "workflows",
    "PAYLOAD_BUCKET": "payloads",
    "STATE_MACHINE_PREFIX": "arn:aws:states:eu-west-1:000000000000:stateMachine:dev-",
}


def main() -> None:
    """Measure the floor and every function that makes clients."""
    programs = {"floor": FLOOR, "libraries": LIBRARIES} | {
        name: FUNCTION.format(name=name) for name in FUNCTIONS
    }
    rounds = [{name: _once(program) for name, program in programs.items()} for _ in range(ROUNDS)]
    least = {name: min(one[name] for one in rounds) for name in programs}
    for name, seconds in least.items():
        sys.stdout.write(f"cold_start.{name} {seconds * 1000:.0f} ms {ROUNDS}\n")
    for name in ("libraries", *FUNCTIONS):
        sys.stdout.write(f"cold_start.{name}_by_floor {least[name] / least['floor']:.2f} ratio {ROUNDS}\n")


def _once(program: str) -> float:
    told = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-P", "-c", program + TOLD],
        cwd=ROOT,
        env=VARIABLES | {"PATH": os.environ["PATH"]},  # noqa: TID251 - a benchmark
        capture_output=True,
        text=True,
        check=True,
    )
    return float(told.stdout)


if __name__ == "__main__":
    main()
