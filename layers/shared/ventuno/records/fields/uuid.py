"""UUID: an identifier in its lower-case, hyphenated spelling."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError, expected

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class UuidType(FieldType):
    """A UUID of any version."""

    wire_name: ClassVar[str] = "UUID"

    def normalise(self, value: JsonValue) -> JsonValue:
        """Lower the case.

        Raises: FieldValueError
        """
        if not isinstance(value, str):
            raise expected("a UUID", value)
        if not value:
            return None
        text = value.strip().lower()
        if not is_uuid(text):
            raise FieldValueError("must be a UUID, such as 7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b")
        return text

    def comparable(self, value: JsonValue) -> JsonValue:
        """Lower the case of a text; a text that is no UUID equals nothing, which is no error."""
        return value.lower() if isinstance(value, str) else value


def is_uuid(text: str) -> bool:
    """Tell whether the text is a UUID in its lower-case, hyphenated spelling."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
