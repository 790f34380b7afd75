# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""Runner: executes Python functions in our environments, and answers as the Lambda service does."""

import contextlib
import json
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from ventuno_dev.emulator.lambdas.code import CodeFolder
from ventuno_dev.emulator.lambdas.environment import (
    DiedError,
    Environment,
    Function,
    InitError,
    TimedOutError,
)
from ventuno_dev.emulator.lambdas.pool import Pool
from ventuno_dev.emulator.settings import inherited
from ventuno_dev.emulator.values import Json

KEPT_ARCHIVES = 40
TRIM_EVERY_SECONDS = 15.0
DEFAULT_TIMEOUT_SECONDS = 3

Record = dict[str, Any]
Key = tuple[str, str, str, str]


class Runner:
    """All pools of this process, by account, region, function and version."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._code = CodeFolder(folder)
        self._code.keep_newest(KEPT_ARCHIVES)
        self._endpoint = endpoint
        self._pools: dict[Key, Pool] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._trim_for_ever, daemon=True, name="ventuno-lambda-trim").start()

    def execute(self, record: Record, event: Json, request_id: str) -> Record:
        """Make one call and give MiniStack's result: `{body, error?, log}`."""
        config = record.get("config") or record
        if not record.get("code_zip"):
            return _failed(_error("Runtime.InvalidEntrypoint", "The function has no code", request_id), "")
        pool = self._pool(record, config)
        try:
            environment = pool.take()
        except InitError as exc:
            return _failed({**exc.failure, "requestId": request_id}, "")
        except Exception as exc:  # noqa: BLE001 - whatever stops a worker from starting is the function's error
            return _failed(_error("Runtime.Unknown", f"The worker did not start: {exc}", request_id), "")
        return self._call(pool, environment, config, event, request_id)

    def invalidate(self, name: str, qualifier: str | None, account: str | None, region: str | None) -> None:
        """Retire the pools of a changed or deleted function."""
        with self._lock:
            keys = [key for key in self._pools if _matches(key, account, region, name, qualifier)]
            pools = [self._pools.pop(key) for key in keys]
        for pool in pools:
            pool.retire()

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.retire()

    def _call(
        self, pool: Pool, environment: Environment, config: Record, event: Json, request_id: str
    ) -> Record:
        timeout = float(config.get("Timeout") or DEFAULT_TIMEOUT_SECONDS)
        call = {
            "event": event,
            "request_id": request_id,
            "arn": config.get("FunctionArn", ""),
            "trace_id": lambda_svc._xray_trace_id_for_invocation(config),
        }
        stream = environment.function.log_stream
        try:
            answer = environment.call(call, timeout)
        except TimedOutError:
            text = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
            return self._lost(pool, environment, _error("Sandbox.Timedout", text, None))
        except DiedError as exc:
            text = f"RequestId: {request_id} Error: Runtime exited with error: {exc}"
            return self._lost(pool, environment, _error("Runtime.ExitError", text, None))
        log = environment.log()
        pool.give_back(environment)
        measured = {"log": log, "log_stream": stream, "memory_mb": answer.get("memory_mb", 0)}
        if "failure" in answer:
            return _failed(answer["failure"], log) | measured
        return {"body": json.loads(answer["result"]), **measured}

    def _lost(self, pool: Pool, environment: Environment, failure: Record) -> Record:
        log = environment.log()
        pool.discard(environment)
        return _failed(failure, log) | {"log_stream": environment.function.log_stream}

    def _pool(self, record: Record, config: Record) -> Pool:
        account, region = lambda_runtime._account_region_from_function_config(config)
        key = (account, region, config["FunctionName"], config.get("Version", "$LATEST"))
        with self._lock:
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = Pool(self._starter(record, config))
        return pool

    def _starter(self, record: Record, config: Record) -> Callable[[], Environment]:
        return lambda: Environment(self._function(record, config))

    def _function(self, record: Record, config: Record) -> Function:
        folder = self._code.unpacked(record["code_zip"])
        layers = tuple(self._code.unpacked(archive) for archive in _layer_archives(config))
        name, version = config["FunctionName"], config.get("Version", "$LATEST")
        log_group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
        log_stream = f"{time.strftime('%Y/%m/%d', time.gmtime())}/[{version}]{uuid.uuid4().hex}"
        return Function(
            name=name,
            version=version,
            handler=config.get("Handler", "app.lambda_handler"),
            memory=int(config.get("MemorySize", 128)),
            folder=folder,
            layers=layers,
            variables=self._variables(config, folder, log_group, log_stream),
            log_group=log_group,
            log_stream=log_stream,
        )

    def _variables(self, config: Record, folder: Path, log_group: str, log_stream: str) -> dict[str, str]:
        _, region = lambda_runtime._account_region_from_function_config(config)
        own = dict((config.get("Environment") or {}).get("Variables") or {})
        reserved = {
            **lambda_runtime.execution_credentials(config),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', 'python3.13')}",
            "AWS_LAMBDA_FUNCTION_NAME": config["FunctionName"],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
            "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": config.get("Handler", ""),
        }
        local = {
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "AWS_ENDPOINT_URL": self._endpoint,
            lambda_runtime.HOST_PREFIX_ENV: "true",
        }
        return {**inherited(), **local, **own, **reserved}

    def _trim_for_ever(self) -> None:
        while True:
            time.sleep(TRIM_EVERY_SECONDS)
            with self._lock:
                pools = list(self._pools.values())
            for pool in pools:
                with contextlib.suppress(OSError):
                    pool.trim()


def _matches(key: Key, account: str | None, region: str | None, name: str, qualifier: str | None) -> bool:
    wanted = (account, region, name, qualifier)
    return all(value is None or value == found for value, found in zip(wanted, key, strict=True))


def _layer_archives(config: Record) -> list[bytes]:
    """Give the zip files of the function's layers, the last one first: it wins, as on AWS."""
    archives = [lambda_svc._resolve_layer_zip(layer) for layer in config.get("Layers") or []]
    return [archive for archive in reversed(archives) if archive]


def _error(error_type: str, message: str, request_id: str | None) -> Record:
    failure = {"errorType": error_type, "errorMessage": message}
    return failure if request_id is None else {**failure, "requestId": request_id, "stackTrace": []}


def _failed(failure: Record, log: str) -> Record:
    return {"body": failure, "error": True, "log": log}
