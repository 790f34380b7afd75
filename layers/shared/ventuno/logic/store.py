"""FunctionStore: the port of stored functions, and the rows that every store keeps.

Item:   newest {PK: FUNCTIONS, SK: <name>, number, digest, changedAt, body, deleted?}
        each   {PK: FUNCTION#<name>, SK: V#<number>, the same}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from ventuno.runs.fields import stored_from, stored_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.json_value import JsonObject
    from ventuno.runs.model import Stored

ALL: Final = "FUNCTIONS"


@dataclass(frozen=True, slots=True)
class StoredFunction:
    """One version as it is stored; `digest` is that of what the author wrote."""

    name: str
    number: int
    digest: str
    changed_at: str
    body: Stored
    deleted: bool = False


class FunctionStore(Protocol):
    """Every method raises StoreUnavailableError when the store refuses for now."""

    def newest(self, name: str) -> StoredFunction | None:
        """Read the newest version, deleted or not."""

    def version(self, name: str, number: int) -> StoredFunction | None:
        """Read one version."""

    def all(self) -> Sequence[StoredFunction]:
        """List the newest versions of functions that are not deleted, by name."""

    def save(self, function: StoredFunction) -> None:
        """Store the version that follows the newest one, as the newest.

        Raises: ConflictError when somebody stored another one meanwhile
        """

    def delete(self, name: str) -> bool:
        """Mark a function as deleted; False when there is none. Its versions stay, and numbers go on."""


def newest_key(name: str) -> JsonObject:
    """Return the key of a function's newest version."""
    return {"PK": ALL, "SK": name}


def version_key(name: str, number: int) -> JsonObject:
    """Return the key of one version."""
    return {"PK": f"FUNCTION#{name}", "SK": f"V#{number:08}"}


def fields_of(function: StoredFunction) -> JsonObject:
    """Write a version as the fields of its rows."""
    gone: JsonObject = {"deleted": True} if function.deleted else {}
    return {
        "number": function.number,
        "digest": function.digest,
        "changedAt": function.changed_at,
        "body": stored_value(function.body),
        "name": function.name,
        **gone,
    }


def function_from(row: JsonObject) -> StoredFunction:
    """Read a version back."""
    fields: Any = row
    return StoredFunction(
        fields["name"],
        int(fields["number"]),
        fields["digest"],
        fields["changedAt"],
        stored_from(fields["body"]),
        fields.get("deleted", False),
    )
