"""The address of a form's page: where the form is, and 256 random bits that nobody can guess.

The address itself is the permission: who has it may read and answer this one form, until it closes. So a form
is found with one read, and no table of addresses has to be kept.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.runs.model import StepState

PAGES: Final = "/forms/"
_LINK: Final = re.compile(
    r"(?P<run>[A-Za-z0-9_-]{1,80})~(?P<step>[A-Za-z0-9_-]{1,60})"
    r"~(?P<iteration>(?:[0-9]{1,7}(?:\.[0-9]{1,7}){0,20})?)~(?P<secret>[A-Za-z0-9_-]{1,80})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class FormLink:
    """What an address says."""

    run_id: str
    place: Place
    secret: str

    @classmethod
    def parse(cls, text: str) -> FormLink | None:
        """Read the last part of an address; None for what cannot be one."""
        found = _LINK.fullmatch(text)
        return found and cls(found["run"], Place(found["step"], found["iteration"]), found["secret"])

    def opens(self, state: StepState) -> bool:
        """Whether the secret is that of the form; takes as long for a wrong one as for the right one."""
        return state.link is not None and hmac.compare_digest(state.link, self.secret)


def address_of(run_id: str, state: StepState) -> str | None:
    """Return the path of a form's page."""
    place = f"{run_id}~{state.step_id}~{state.iteration}"
    return None if state.link is None else f"{PAGES}{place}~{state.link}"
