"""How many scripts a workspace runs in a minute: a script beyond that waits until there is room.

Counted as runs are, so that no two scripts pass the limit together.
Source: reference §3.1, §8 (code)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.workflow.windows import Window

if TYPE_CHECKING:
    from ventuno.runtime.services import Services

_OWNER: Final = "SCRIPTS"
_MINUTE: Final = 60
_LONGEST_WAIT: Final = _MINUTE + 2
"""Seconds: as long as it takes until a minute that was full has room."""


def wait_for_turn(services: Services) -> float:
    """Count a script, once there is room for it; return how many seconds that took.

    Raises: StoreUnavailableError when others take the room for so long that the machine had better ask again
    """
    most, waited = services.scripts_per_minute, 0.0
    if not most:
        return waited
    while True:
        turn = services.limits.take(Window(_OWNER, _MINUTE, most), services.clock.now())
        if turn.counted:
            return waited
        if waited + turn.seconds > _LONGEST_WAIT:
            raise errors.StoreUnavailableError(
                f"more than {most:,} scripts a minute are to be run; try again"
            )
        services.pause(turn.seconds)
        waited += turn.seconds
