"""Headers that an author may send: no line breaks, and none that only the sender can know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.outgoing.exchange import Headers

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LONGEST: Final = 16_384
OURS: Final = frozenset(
    {
        *("host", "content-length", "transfer-encoding", "connection", "accept-encoding"),
        *("upgrade", "te", "trailer", "expect", "keep-alive", "proxy-connection"),
    }
)
"""The headers that belong to the connection, which is not the author's."""


def refuse_unsafe_headers(headers: Headers) -> None:
    """Refuse headers that would say something else than they seem to; no value is told.

    Raises: StepInputError
    """
    for name, value in headers:
        if not _NAME.fullmatch(name):
            raise errors.StepInputError(f"{name[:100]!r} is no name of a header")
        if name.lower() in OURS:
            raise errors.StepInputError(f"the header {name} is set by the sender; leave it out")
        if _CONTROL.search(value) or value != value.strip():
            raise errors.StepInputError(
                f"the header {name} holds a line break, a control character, or spaces around it"
            )
        if len(value) > _LONGEST:
            raise errors.StepInputError(
                f"the header {name} has {len(value)} characters, {_LONGEST} are allowed"
            )
