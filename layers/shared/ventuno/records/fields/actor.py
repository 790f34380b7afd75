"""ACTOR: who or what wrote a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.filters.query.actor import SOURCES
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.raw_json import RawJsonType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.fields.uuid import UuidType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.fields.base import FieldType


class ActorType(CompositeType):
    """source, workspaceMemberId, name and context."""

    wire_name: ClassVar[str] = "ACTOR"
    sort_parts: ClassVar[tuple[str, ...]] = ("name",)
    indexable: ClassVar[bool] = False
    parts: ClassVar[Mapping[str, FieldType]] = {
        "source": SelectType(SOURCES),
        "workspaceMemberId": UuidType(),
        "name": TextType(),
        "context": RawJsonType(),
    }
