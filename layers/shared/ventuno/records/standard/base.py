"""The fields that every object has, and the maker of objects that adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records.fields.actor import ActorType
from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.position import FIRST, PositionType
from ventuno.records.fields.uuid import UuidType
from ventuno.records.model.field import Access, Field
from ventuno.records.model.object_type import ObjectType

if TYPE_CHECKING:
    from collections.abc import Sequence

ID = Field("id", UuidType(), access=Access.ON_CREATE)
CREATED_AT = Field("createdAt", DateTimeType(), access=Access.ON_CREATE)
UPDATED_AT = Field("updatedAt", DateTimeType(), access=Access.ON_CREATE)
DELETED_AT = Field("deletedAt", DateTimeType(), access=Access.SYSTEM)
POSITION = Field("position", PositionType(), default=FIRST)
CREATED_BY = Field("createdBy", ActorType(), access=Access.ON_CREATE)
UPDATED_BY = Field("updatedBy", ActorType(), access=Access.SYSTEM)

BASE_FIELDS = (ID, CREATED_AT, UPDATED_AT, DELETED_AT, POSITION, CREATED_BY, UPDATED_BY)


def object_type(
    name: str,
    plural: str,
    fields: Sequence[Field],
    *,
    unique_together: Sequence[tuple[str, ...]] = (),
    automation: bool = True,
    search: Sequence[str] = (),
) -> ObjectType:
    """Make an object out of its own fields; the base fields come first."""
    return ObjectType(
        name, plural, (*BASE_FIELDS, *fields), tuple(unique_together), automation, tuple(search)
    )
