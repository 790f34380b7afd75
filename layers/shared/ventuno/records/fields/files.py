"""FILES: files by reference, each with a name people see; the bytes are kept elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.composite import CompositeType
from ventuno.records.fields.links import UrlType
from ventuno.records.fields.object_list import ObjectListType
from ventuno.records.fields.text import TextType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ventuno.json_value import JsonObject
    from ventuno.records.fields.base import FieldType


class _File(CompositeType):
    wire_name: ClassVar[str] = "FILE"
    parts: ClassVar[Mapping[str, FieldType]] = {
        "fileId": TextType(),
        "label": TextType(),
        "extension": TextType(),
        "url": UrlType(),
    }

    def check(self, parts: JsonObject) -> JsonObject:
        if not parts.get("fileId") and not parts.get("url"):
            raise FieldValueError("must have a fileId or a url")
        return parts


class FilesType(ObjectListType):
    """A list of `{fileId, label, extension, url}`; one of fileId and url is needed."""

    wire_name: ClassVar[str] = "FILES"

    def __init__(self) -> None:
        super().__init__(_File())
