"""All field types by their names on the wire; a new type is one file and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.records.fields.actor import ActorType
from ventuno.records.fields.address import AddressType
from ventuno.records.fields.array import ArrayType
from ventuno.records.fields.boolean import BooleanType
from ventuno.records.fields.currency import CurrencyType
from ventuno.records.fields.date import DateType
from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.emails import EmailsType
from ventuno.records.fields.files import FilesType
from ventuno.records.fields.full_name import FullNameType
from ventuno.records.fields.links import LinksType
from ventuno.records.fields.morph_relation import MorphRelationType
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.numeric import NumericType
from ventuno.records.fields.phones import PhonesType
from ventuno.records.fields.position import PositionType
from ventuno.records.fields.rating import RatingType
from ventuno.records.fields.raw_json import RawJsonType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.rich_text import RichTextType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.fields.uuid import UuidType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.records.fields.base import FieldType

FIELD_TYPES: Mapping[str, type[FieldType]] = {
    kind.wire_name: kind
    for kind in (
        ActorType,
        AddressType,
        ArrayType,
        BooleanType,
        CurrencyType,
        DateType,
        DateTimeType,
        EmailsType,
        FilesType,
        FullNameType,
        LinksType,
        MorphRelationType,
        MultiSelectType,
        NumberType,
        NumericType,
        PhonesType,
        PositionType,
        RatingType,
        RawJsonType,
        RelationType,
        RichTextType,
        SelectType,
        TextType,
        UuidType,
    )
}
