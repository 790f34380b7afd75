"""What can be wrong with groups of filters: names that lead nowhere or twice, circles, too many levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ventuno.definition.findings import Finding
from ventuno.expressions.showing import shown
from ventuno.filters.grouping import Group, Grouping
from ventuno.filters.refusals import FilterGroupError
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CODE: Final = "FILTER_GROUP_INVALID"


class Places(NamedTuple):
    """Where groups and their filters stand in the settings, and the keys by which they name groups."""

    groups: str
    parent: str
    filters: str
    member: str


STEP_FILTERS: Final = Places(
    ".stepFilterGroups", "parentStepFilterGroupId", ".stepFilters", "stepFilterGroupId"
)
RECORD_FILTERS: Final = Places(
    ".filter.recordFilterGroups", "parentRecordFilterGroupId", ".filter.recordFilters", "recordFilterGroupId"
)


def group_findings(
    groups: Sequence[Group], members: Sequence[str | None], places: Places
) -> Iterator[Finding]:
    """FILTER_GROUP_INVALID; `members` are the groups that the filters name, in their order."""
    found = [*_name_findings(groups, members, places)] if groups else []
    yield from found
    if not found:
        try:
            Grouping(groups, ()).check_reach()
        except FilterGroupError as exc:
            yield Finding(CODE, places.groups, str(exc))


def _name_findings(
    groups: Sequence[Group], members: Sequence[str | None], places: Places
) -> Iterator[Finding]:
    known: set[str] = set()
    for index, group in enumerate(groups):
        if group.id in known:
            message = f'two groups have the id "{shown(group.id)}"; give each its own'
            yield Finding(CODE, f"{places.groups}[{index}].id", message)
        known.add(group.id)
    for index, group in enumerate(groups):
        if group.parent and group.parent not in known:
            yield unknown_group(f"{places.groups}[{index}].{places.parent}", group.parent, known)
    for index, member in enumerate(members):
        if member and member not in known:
            yield unknown_group(f"{places.filters}[{index}].{places.member}", member, known)


def unknown_group(path: str, name: str, known: set[str]) -> Finding:
    """Find a name of no group."""
    message = f'there is no filter group "{shown(name)}"; name one that exists, or none'
    return Finding(CODE, path, message, nearest(name, known))
