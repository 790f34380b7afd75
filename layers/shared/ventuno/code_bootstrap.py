"""Reads the environment of `code_runner`, the one function without AWS clients; built once, on first use."""

from __future__ import annotations

import os
from functools import cache

from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner


@cache
def code_runner() -> LocalCodeRunner:
    """Return the sandbox of this function."""
    allowed = os.environ.get("LOOPBACK_ALLOWED") == "true"  # noqa: TID251 - as bootstrap
    return LocalCodeRunner(GuardedHttpClient(loopback_allowed=allowed))
