"""RAW_JSON: any JSON value, kept as text, so that neither numbers nor depth meet a store's limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from ventuno.records.fields.base import FieldType, FieldValueError

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue


class RawJsonType(FieldType):
    """JSON that the product does not look into."""

    wire_name: ClassVar[str] = "RAW_JSON"
    indexable: ClassVar[bool] = False
    sortable: ClassVar[bool] = False

    def normalise(self, value: JsonValue) -> JsonValue:
        """Keep what JSON can say.

        Raises: FieldValueError
        """
        try:
            kept: JsonValue = json.loads(json.dumps(value, allow_nan=False))
        except (TypeError, ValueError, RecursionError) as exc:
            raise FieldValueError("must be JSON: no NaN or Infinity, and not nested too deeply") from exc
        return kept

    def stored(self, value: JsonValue) -> JsonValue:
        """Write it as compact text."""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def loaded(self, stored: JsonValue) -> JsonValue:
        """Read the text again."""
        value: JsonValue = json.loads(str(stored))
        return value
