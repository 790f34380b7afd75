"""The program inside one execution environment: loads the handler once, then answers calls until told to end.

It runs by its path, outside the package, so that nothing of the emulator is importable by handlers.
Frames on the socket are a four-byte length and JSON; stdout and stderr are the function's log.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import site
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
MAX_RESPONSE_BYTES = 6_291_556

Handler = Callable[[Any, "Context"], Any]


class Context:
    """What AWS passes as the second argument. Source: Python Lambda context object, AWS Lambda guide."""

    identity = None
    client_context = None

    def __init__(self, call: dict[str, Any], function: dict[str, Any]) -> None:
        self.function_name: str = function["name"]
        self.function_version: str = function["version"]
        self.memory_limit_in_mb = str(function["memory"])
        self.invoked_function_arn: str = call["arn"]
        self.aws_request_id: str = call["request_id"]
        self.log_group_name: str = function["log_group"]
        self.log_stream_name: str = function["log_stream"]
        self._deadline = time.monotonic() + call["timeout"]

    def get_remaining_time_in_millis(self) -> int:
        """Tell how long the call may still take."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def main() -> None:
    """Serve calls until the socket closes."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    parent = int(sys.argv[2])
    _die_with(parent)
    sys.argv = ["bootstrap"]
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    function = receive(channel)
    if function is None:
        return
    try:
        handler = load(function)
    except Exception as exc:  # noqa: BLE001 - any failure of the author's module is the answer
        send(channel, {"failure": init_failure(exc, function)})
        return
    send(channel, {"ready": True})
    while (call := receive(channel)) is not None:
        answer = run(handler, call, function)
        sys.stdout.flush()
        sys.stderr.flush()
        answer["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        send(channel, answer)


def load(function: dict[str, Any]) -> Handler:
    """Import the handler, the function's folder before its layers before the interpreter's packages."""
    paths = [function["folder"]]
    for layer in function["layers"]:
        paths += [str(Path(layer, "python")), layer]
        for packages in Path(layer, "python", "lib").glob("python*/site-packages"):
            site.addsitedir(str(packages))
    sys.path[:0] = [*paths, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]  # noqa: TID251 - its own
    module, _, name = function["handler"].replace("/", ".").rpartition(".")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler


def run(handler: Handler, call: dict[str, Any], function: dict[str, Any]) -> dict[str, Any]:
    """Make one call and give its result as text, or its failure."""
    _set("_X_AMZN_TRACE_ID", call.get("trace_id"))
    try:
        result = handler(call["event"], Context(call, function))
    except Exception as exc:  # noqa: BLE001 - the author's error is the answer
        traceback.print_exc()
        return {"failure": failure(exc, call["request_id"], skipped_frames=1)}
    try:
        text = json.dumps(result, ensure_ascii=False)
    except (TypeError, ValueError) as exc:
        return {"failure": _named("Runtime.MarshalError", f"Unable to marshal response: {exc}", call)}
    if len(text) > MAX_RESPONSE_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        return {"failure": _named("Function.ResponseSizeTooLarge", message, call)}
    return {"result": text}


def failure(exc: BaseException, request_id: str, *, skipped_frames: int) -> dict[str, Any]:
    """Describe an error as the Python runtime of AWS does."""
    frames = traceback.extract_tb(exc.__traceback__)[skipped_frames:]
    return {
        "errorMessage": str(exc),
        "errorType": type(exc).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(frames),
    }


def init_failure(exc: Exception, function: dict[str, Any]) -> dict[str, Any]:
    """Describe a module that cannot be imported or has no such handler."""
    module = function["handler"].rpartition(".")[0]
    traceback.print_exc()
    found = failure(exc, "", skipped_frames=2)
    if isinstance(exc, ImportError):
        return found | {
            "errorType": "Runtime.ImportModuleError",
            "errorMessage": f"Unable to import module '{module}': {exc}",
        }
    if isinstance(exc, AttributeError) and len(traceback.extract_tb(exc.__traceback__)) <= 2:  # noqa: PLR2004 - ours
        name = function["handler"].rpartition(".")[2]
        message = f"Handler '{name}' missing on module '{module}'"
        return found | {"errorType": "Runtime.HandlerNotFound", "errorMessage": message}
    if isinstance(exc, SyntaxError):
        return found | {
            "errorType": "Runtime.UserCodeSyntaxError",
            "errorMessage": f"Syntax error in module '{module}': {exc}",
        }
    return found


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """Read one frame; None when the launcher has gone."""
    head = _exactly(channel, 4)
    body = _exactly(channel, int.from_bytes(head, "big")) if head else None
    return json.loads(body) if body else None


def send(channel: socket.socket, answer: dict[str, Any]) -> None:
    """Write one frame."""
    body = json.dumps(answer).encode()
    channel.sendall(len(body).to_bytes(4, "big") + body)


def _exactly(channel: socket.socket, count: int) -> bytes | None:
    buffer = bytearray(count)
    view = memoryview(buffer)
    read = 0
    while read < count:
        size = channel.recv_into(view[read:])
        if not size:
            return None
        read += size
    return bytes(buffer)


def _named(error_type: str, message: str, call: dict[str, Any]) -> dict[str, Any]:
    return {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": call["request_id"],
        "stackTrace": [],
    }


def _set(name: str, value: str | None) -> None:
    if value:
        os.environ[name] = value  # noqa: TID251 - where AWS puts it, per call
    else:
        os.environ.pop(name, None)  # noqa: TID251 - same


def _die_with(parent: int) -> None:
    """Arrange that this process never outlives the launcher, even if a handler never returns."""
    if sys.platform == "linux":
        # The signal follows the thread that started this process; the launcher keeps that thread.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
