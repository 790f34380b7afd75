"""CodeRunner on this machine: what `code_runner` does, without a call to Lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.sandbox.fetching import answer_to
from ventuno.sandbox.process import ScriptProcess

if TYPE_CHECKING:
    from ventuno.outside import HttpClient
    from ventuno.sandbox.call import CodeCall, CodeOutcome, Prepared


class LocalCodeRunner:
    """One worker process; its scripts make requests through `http`."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._process = ScriptProcess(self._fetch)

    def run(self, call: CodeCall) -> CodeOutcome:
        """Run a script."""
        return self._process.run(call)

    def prepare(self, code: str) -> Prepared:
        """Take types out of code and find what cannot be parsed."""
        return self._process.prepare(code)

    def close(self) -> None:
        """End the worker."""
        self._process.close()

    def _fetch(self, request: dict[str, Any], key: str, seconds: float) -> str:
        return answer_to(request, key, seconds, self._http.send)
