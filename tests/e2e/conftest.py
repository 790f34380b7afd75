"""One running stack for the whole test session, made from the real template and the real code.

IAM is enforced, so a function that lacks a permission fails here as it would on AWS.
Workers of pytest-xdist share the stack: the first to come starts it, the last to leave stops it.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fakes.progress import Silent
from ventuno_dev.stack import endpoints, lifecycle, pidfile, process
from ventuno_dev.stack.clients import Clients
from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.deploy import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product
    from ventuno_dev.stack.outputs import StackOutputs
    from ventuno_dev.stack.target import Target

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class RunningStack:
    """What an end-to-end test needs to know; `api_url` has no final slash."""

    target: Target
    clients: Clients
    outputs: StackOutputs

    @property
    def endpoint(self) -> str:
        return str(self.target.endpoint_url)

    @property
    def api_url(self) -> str:
        return self.outputs.api_url


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[RunningStack]:
    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "stack"
    users = root / "users"
    users.mkdir(parents=True, exist_ok=True)
    try:
        with DataFolder(root).exclusive():
            (users / worker_id).touch()
            running = start(root / "data")
            declare_objects(running.target)
        with running.clients:
            yield running
    finally:
        with DataFolder(root).exclusive():
            (users / worker_id).unlink(missing_ok=True)
            if not any(users.iterdir()):
                process.stop(root / "data", Silent())


@pytest.fixture(scope="session")
def product(stack: RunningStack) -> Iterator[Product]:
    from tests.e2e.runs import product_of  # noqa: PLC0415 - what needs no product does not import one

    product = product_of(stack.target)
    yield product
    product.http.close()


def declare_objects(target: Target) -> None:
    """Declare what the shipped workflows need, before a function keeps the model without it for a minute."""
    from tests.e2e.runs import WORKFLOWS, product_of  # noqa: PLC0415 - as above
    from ventuno.runtime.objects import apply_objects  # noqa: PLC0415 - as above
    from ventuno_dev.objects_file import OBJECTS_FILE, read_declaration  # noqa: PLC0415 - as above

    product = product_of(target)
    apply_objects(read_declaration(WORKFLOWS.parent / OBJECTS_FILE), product.services)
    product.http.close()


def start(data: Path, *, iam: bool = True) -> RunningStack:
    running = pidfile.running(data)
    target = endpoints.embedded(PROJECT, data, running.port if running else free_port())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTH", str(iam).lower())  # MiniStack's switch for IAM
        result = lifecycle.up(target, Deployment(), Silent())
    clients = Clients(result.target)
    # The bucket answers over TLS only, which the emulator has not.
    clients.s3.delete_bucket_policy(Bucket=result.outputs.payload_bucket)
    return RunningStack(result.target, clients, result.outputs)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
