"""Fuse: ends the process before or after one of the calls that a use case makes of its ports.

Crashes are tested at every call there is, so the calls are counted by a first run, not listed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ventuno.runtime.services import Services

BEFORE: Final = "before"
AFTER: Final = "after"
_OUTSIDE: Final = ("code", "mail", "mailbox", "effects")
_PORTS: Final = ("runs", "limits", "workflows", "metadata", "payloads", "machines", "schedules")


class Killed(BaseException):
    """The process is gone; no handler of errors sees it."""


@dataclass
class Fuse:
    """Blows at the call with the index `at`; with None it only counts."""

    at: int | None = None
    when: str = AFTER
    calls: list[str] = field(default_factory=list)

    def protecting(self, services: Services) -> Services:
        """Return the services with every port behind the fuse."""
        ports: Any = {name: _Fused(getattr(services, name), name, self) for name in _PORTS}
        fused: Any = {name: _Fused(getattr(services.outside, name), name, self) for name in _OUTSIDE}
        outside = replace(services.outside, **fused)
        return replace(services, **ports, outside=outside)

    def blow(self, index: int, when: str) -> None:
        """End the process if this is the call."""
        if self.at == index and self.when == when:
            raise Killed(f"{when} {self.calls[index]}")


class _Fused:
    def __init__(self, port: object, name: str, fuse: Fuse) -> None:
        self._port, self._name, self._fuse = port, name, fuse

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 - any method of any port
        call: Any = getattr(self._port, method)

        def fused(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
            index = len(self._fuse.calls)  # other calls may be made within this one
            self._fuse.calls.append(f"{self._name}.{method}")
            self._fuse.blow(index, BEFORE)
            answer = call(*given, **named)
            self._fuse.blow(index, AFTER)
            return answer

        return fused
