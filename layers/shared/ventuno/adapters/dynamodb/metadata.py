"""MetadataStore in the workflows table, which has no stream: metadata changes are no record events.

Item:   {PK: "OBJECTS", SK: "MODEL", revision, model: "<JSON>"}
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.records.custom.store import StoredDeclaration

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.json_value import JsonObject

_KEY: JsonObject = {"PK": "OBJECTS", "SK": "MODEL"}
_ROW_LIMIT = 390 * 1024  # bytes; a row may have 400 KB


class DynamoMetadataStore:
    """One row."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)

    def load(self) -> StoredDeclaration:
        """Read the document. Raises: StoreUnavailableError"""
        row = self._table.get(_KEY)
        if row is None:
            return StoredDeclaration({}, 0)
        return StoredDeclaration(json.loads(str(row["model"])), int(str(row["revision"])))

    def save(self, value: JsonObject, revision: int) -> StoredDeclaration:
        """Store a document. Raises: ConflictError, RecordInputError, StoreUnavailableError"""
        text = json.dumps(value, separators=(",", ":"))
        if len(text) > _ROW_LIMIT:
            raise errors.RecordInputError(f"The declared objects take {len(text):,} bytes of {_ROW_LIMIT:,}")
        held = Condition("#revision = :revision", {"revision": revision})
        absent = Condition("attribute_not_exists(PK)", {})
        row: JsonObject = {**_KEY, "revision": revision + 1, "model": text}
        try:
            self._table.put(row, held if revision else absent)
        except RefusedError as exc:
            raise errors.ConflictError("somebody changed the objects meanwhile; try again") from exc
        return StoredDeclaration(value, revision + 1)
