"""Which record an upsert means: the one that has the id, or the values of a unique group, of what is written.

Source: reference §10.5
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import Row, RowKey


def candidate_keys(kind: ObjectType, given: JsonObject) -> list[RowKey]:
    """Return the keys of the rows that tell whether there is such a record: id and complete groups."""
    by_id = [layout.record_key(kind, str(given["id"]))] if given.get("id") else []
    groups = (layout.unique_key(kind, group, given) for group in kind.unique_groups)
    return [*by_id, *(key for key in groups if key)]


def matched_id(kind: ObjectType, given: JsonObject, rows: Mapping[RowKey, Row]) -> str | None:
    """Return the id of the record that the found rows point at.

    Raises: UpsertConflictError when they point at several
    """
    found = {
        str(rows[key].get("recordId") or given["id"]) for key in candidate_keys(kind, given) if key in rows
    }
    if len(found) > 1:
        raise errors.UpsertConflictError(
            f"UPSERT_MULTIPLE_MATCHING_RECORDS_CONFLICT: the unique values belong to {len(found)} different "
            f"records of {kind.name}: {', '.join(sorted(found))}"
        )
    return found.pop() if found else None
