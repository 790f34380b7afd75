"""StreamingRecordStore: a RecordStore in memory whose writes of base rows can be read as a stream."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from ventuno.adapters.memory.records import MemoryRecordStore
from ventuno.records.events import StreamedWrite
from ventuno.records.store import RowPut, changed_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.records.store import Row, RowChange


class StreamingRecordStore(MemoryRecordStore):
    """Remembers every write of a record with both its images."""

    def __init__(self) -> None:
        super().__init__()
        self._stream: list[StreamedWrite] = []

    def write(self, changes: Sequence[RowChange]) -> None:
        """Apply the changes. Raises: RowConflictError"""
        bases = [change for change in changes if changed_key(change).pk.startswith("REC#")]
        old = self.get_rows([changed_key(change) for change in bases])
        super().write(changes)
        self._stream += [_write(old.get(changed_key(change)), change) for change in bases]

    def take(self) -> list[StreamedWrite]:
        """Return what was written since the last call."""
        taken, self._stream = self._stream, []
        return taken


def _write(old: Row | None, change: RowChange) -> StreamedWrite:
    return StreamedWrite(str(uuid.uuid4()), old, change.row if isinstance(change, RowPut) else None)
