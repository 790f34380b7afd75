"""The items of an iterator, stored once in chunks: an iteration reads only the chunk that holds its item.

The size of a chunk is fixed, so whoever knows an index knows the chunk's key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.runs.claim_check import check_in, check_out
from ventuno.runs.model import ChunkKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.json_value import JsonValue
    from ventuno.ports import PayloadStore, RunStore
    from ventuno.runs.model import Run, Stored
    from ventuno.runs.places import Place

CHUNK_ITEMS = 50
_WRITTEN_AT_ONCE = 500


def chunk_of(iterator: Place, index: int) -> ChunkKey:
    """Name the chunk that holds an item."""
    return ChunkKey(iterator.step_id, iterator.iteration, index // CHUNK_ITEMS)


def items_in(chunks: Mapping[ChunkKey, Stored], key: ChunkKey, payloads: PayloadStore) -> Sequence[JsonValue]:
    """Return the items of one chunk among those that were loaded. Raises: PayloadLostError"""
    if key not in chunks:
        raise errors.PayloadLostError(f"the items of {key.iterator} from number {key.number} on are missing")
    items: Any = check_out(chunks[key], payloads)
    return list(items)


def store_items(
    run: Run, iterator: Place, items: Sequence[JsonValue], runs: RunStore, payloads: PayloadStore
) -> None:
    """Store all items. Raises: StepInputError (a chunk is too large), StoreUnavailableError"""
    batch: dict[ChunkKey, Stored] = {}
    for start in range(0, len(items), CHUNK_ITEMS):
        key = chunk_of(iterator, start)
        name = f"runs/{run.id}/{iterator.step_id}/{iterator.iteration or '-'}/items-{key.number}"
        batch[key] = check_in(list(items[start : start + CHUNK_ITEMS]), name, payloads)
        if len(batch) == _WRITTEN_AT_ONCE:
            runs.save_items(run, batch)
            batch = {}
    if batch:
        runs.save_items(run, batch)


class StoredItems(Sequence["JsonValue"]):
    """The items of an iterator, read chunk by chunk when somebody asks for one."""

    def __init__(
        self, run_id: str, iterator: Place, count: int, stores: tuple[RunStore, PayloadStore]
    ) -> None:
        self._run_id = run_id
        self._iterator = iterator
        self._count = count
        self._runs, self._payloads = stores
        self._chunk: tuple[ChunkKey, Sequence[JsonValue]] | None = None

    def __len__(self) -> int:
        """Return the number of items."""
        return self._count

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - the signature of Sequence, slices are not used
        """Read one item. Raises: PayloadLostError, StoreUnavailableError"""
        if not 0 <= index < self._count:
            raise IndexError(index)
        key = chunk_of(self._iterator, index)
        if self._chunk is None or self._chunk[0] != key:
            self._chunk = key, self._read(key)
        return self._chunk[1][index % CHUNK_ITEMS]

    def _read(self, key: ChunkKey) -> Sequence[JsonValue]:
        chunks = self._runs.load(self._run_id, [], [key]).chunks
        return items_in(chunks, key, self._payloads)

    def __iter__(self) -> Iterator[JsonValue]:
        """Read the items in order."""
        return (self[index] for index in range(self._count))
