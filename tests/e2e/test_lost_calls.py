"""A function that is killed in the middle of a call: the run says which step was being executed, and ends."""

from __future__ import annotations

import signal
import socket
import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.builders import Json, create, defined, passes, step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.runs import Product


pytestmark = pytest.mark.e2e

TRUE = passes("x", "x")


@contextmanager
def killer() -> Iterator[str]:
    """Listen at an address, and kill whatever process connects to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def kill() -> None:
            while True:
                try:
                    connection, (_, port) = server.accept()
                except OSError:
                    return
                with connection:
                    _caller(port, to=server.getsockname()[1]).send_signal(signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)


def _caller(port: int, *, to: int) -> psutil.Process:
    """Find the process at the other end; connections to other addresses may have the same port."""
    (pid,) = (
        one.pid
        for one in psutil.net_connections("tcp")
        if one.pid and one.laddr and one.raddr and (one.laddr.port, one.raddr.port) == (port, to)
    )
    return psutil.Process(pid)


def ran(product: Product, *steps: Json) -> Any:  # noqa: ANN401 - a run's view
    address = product.activated(f"lost-{uuid.uuid4().hex[:8]}", defined(*steps))
    return product.finished(product.post(address, {})["workflowRunId"])


SHAPES: dict[str, tuple[tuple[Json, ...], dict[str, str]]] = {
    "in a branch": (
        (create("r", ["a", "c"]), create("c"), create("a", "f"), step("f", "FILTER", "b", TRUE)),
        {"r": "SUCCESS", "a": "SUCCESS", "f": "SUCCESS", "b": "FAILED", "c": "SUCCESS"},
    ),
    "where branches cannot be nested": (
        (create("r", ["a", "b"]), create("a", "j"), create("j"), create("x")),
        {"r": "SUCCESS", "a": "SUCCESS", "b": "FAILED", "j": "NOT_STARTED", "x": "NOT_STARTED"},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_step_in_whose_call_the_function_was_killed_has_failed(product: Product, shape: str) -> None:
    steps, expected = SHAPES[shape]
    with killer() as url:
        after = ["j", "x"] if "x" in expected else ()
        view = ran(product, *steps, step("b", "HTTP_REQUEST", after, {"url": url, "method": "GET"}))

    assert view["status"] == "FAILED"
    infos = view["state"]["stepInfos"]
    assert {step_id: infos[step_id]["status"] for step_id in expected} == expected
    assert infos["b"]["error"].startswith("the function that ran this step gave no answer (")
    assert infos["b"]["error"].endswith("and a retry of the run runs the step again")
