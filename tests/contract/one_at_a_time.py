"""A moto client that is as safe between threads as the service is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class OneAtATime:
    """A client whose calls never overlap, because moto checks a condition and writes in two steps.

    The service does both in one for every write and transaction, so this hides nothing of our own.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401  any boto3 client
        self._client = client
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*given: Any, **request: Any) -> Any:  # noqa: ANN401  boto3's own types
            with self._lock:
                return getattr(self._client, name)(*given, **request)

        return call
