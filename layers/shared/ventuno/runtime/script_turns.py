"""How many scripts a workspace runs in a minute: a script beyond that waits for the next minute.

One conditional write for each script, so that no two pass the limit together.
Source: reference §3.1, §8 (code)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.runtime.services import Services

_OWNER: Final = "SCRIPTS"
_MINUTE: Final = 60
_KEPT_SECONDS: Final = 3_600


def wait_for_turn(services: Services) -> float:
    """Count a script, in the next minute if this one is full; return how many seconds that took.

    Raises: StoreUnavailableError when the next minute is full too: the machine asks again
    """
    if not services.scripts_per_minute or _counted(services):
        return 0.0
    now = services.clock.now().timestamp()
    seconds = _MINUTE - now % _MINUTE
    services.pause(seconds)
    if not _counted(services):
        most = services.scripts_per_minute
        raise errors.StoreUnavailableError(f"more than {most:,} scripts a minute are to be run; try again")
    return seconds


def _counted(services: Services) -> bool:
    now = int(services.clock.now().timestamp())
    window = f"{_MINUTE}S#{now // _MINUTE}"
    return services.limits.take(_OWNER, window, services.scripts_per_minute, now + _KEPT_SECONDS)
