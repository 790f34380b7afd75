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
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
)


@contextmanager
def killer(deaths: int = 1_000) -> Iterator[str]:
    """Listen at an address, and kill the processes that connect to it, so many; later ones get an answer."""
    left = deaths
    with socket.create_server(("127.0.0.1", 0)) as server:

        def kill() -> None:
            nonlocal left
            while True:
                try:
                    connection, (_, port) = server.accept()
                except OSError:
                    return
                with connection:
                    if left > 0:
                        left -= 1
                        _caller(port, to=server.getsockname()[1]).send_signal(signal.SIGKILL)
                    else:
                        connection.recv(65_536)
                        connection.sendall(ANSWER)

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


def test_a_step_whose_function_was_killed_is_tried_again_or_passed_over_as_its_author_wants(
    product: Product,
) -> None:
    with killer(deaths=1) as once, killer() as always:
        view = ran(
            product,
            create("r", ["b", "d"]),
            step("b", "HTTP_REQUEST", "c", {"url": once, "method": "GET"}, retryOnFailure=1),
            create("c"),
            step("d", "HTTP_REQUEST", "e", {"url": always, "method": "GET"}, continueOnFailure=True),
            create("e"),
        )

    infos = view["state"]["stepInfos"]
    assert view["status"] == "COMPLETED"
    assert {step_id: infos[step_id]["status"] for step_id in "rbcde"} == dict.fromkeys("rbce", "SUCCESS") | {
        "d": "FAILED_SAFELY"
    }
    assert [entry["retryAttempt"] for entry in infos["b"]["history"]] == [1]
