"""Many creates at once, several records to a transaction.

Everything that is wrong is found before anything is written: values, values that two of the records share,
and values that other records have. Only a race can stop a batch half-way; the error tells how far it came.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records import layout, sizes
from ventuno.records.input import normalised
from ventuno.records.outcome import key_row, raise_taken, remembered
from ventuno.records.store import RowConflictError, RowPut
from ventuno.records.targets import refuse_missing, targets_of
from ventuno.records.writes import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.records.model.object_model import ObjectModel
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.store import RecordStore, Row, RowChange, RowKey
    from ventuno.records.writes import Write


@dataclass(frozen=True, slots=True)
class Planned:
    """One record of a batch: the write it is, the record it makes, and the rows that takes."""

    write: Write
    record: JsonObject
    changes: tuple[RowChange, ...]


def normalised_all(kind: ObjectType, records: Sequence[Mapping[str, JsonValue]]) -> list[JsonObject]:
    """Normalise every record of a batch.

    Raises: RecordInputError that names the first wrong one by its place, counted from 0
    """
    done: list[JsonObject] = []
    for index, values in enumerate(records):
        with _placed(index):
            done.append(normalised(kind, values))
    return done


@contextmanager
def _placed(index: int) -> Iterator[None]:
    """Put the place of a record before what is wrong with it."""
    try:
        yield
    except errors.RecordInputError as exc:
        raise errors.RecordInputError(f"[{index}] {exc}", field=f"[{index}].{exc.field}") from exc


def refuse_missing_all(
    kind: ObjectType, targets: Sequence[Mapping[str, RowKey]], there: Container[RowKey]
) -> None:
    """Refuse relations to records that are not there. Raises: RecordInputError as `normalised_all` does"""
    for index, found in enumerate(targets):
        with _placed(index):
            refuse_missing(kind, found, there)


class BatchWriter:
    """Creates planned records of one object; `create_alone` is the way of a record that met a conflict."""

    def __init__(
        self, store: RecordStore, objects: ObjectModel, create_alone: Callable[[Planned], JsonObject]
    ) -> None:
        self._store = store
        self._objects = objects
        self._create_alone = create_alone

    def create(self, planned: Sequence[Planned]) -> list[JsonObject]:
        """Create all records.

        Raises: RecordInputError, RecordConflictError, StoreUnavailableError
        """
        done = self._checked(planned)
        left = [(index, item) for index, item in enumerate(planned) if index not in done]
        for pack in _packs(left):
            try:
                self._store.write([change for _, item in pack for change in item.changes])
            except RowConflictError:
                done |= self._one_by_one(pack, len(done))
            else:
                done |= {index: item.record for index, item in pack}
        return [done[index] for index in range(len(planned))]

    def _checked(self, planned: Sequence[Planned]) -> dict[int, JsonObject]:
        """Return what was written before with the same keys; refuse what cannot be written."""
        keys = [_guarded(item) for item in planned]
        targets = [targets_of(self._objects, item.write.kind, item.record) for item in planned]
        wanted = {key for some in (*keys, *(found.values() for found in targets)) for key in some}
        rows = self._store.get_rows(list(wanted))
        there = {*rows, *(layout.record_key(item.write.kind, str(item.record["id"])) for item in planned)}
        done: dict[int, JsonObject] = {}
        owners: dict[RowKey, int] = {}
        for index, (item, guarded) in enumerate(zip(planned, keys, strict=True)):
            remembering = key_row(item.write)
            if remembering is not None and remembering in rows:
                done[index] = remembered(item.write, rows[remembering])
                continue
            _refuse_taken(index, item, guarded, rows)
            with _placed(index):
                refuse_missing(item.write.kind, targets[index], there)
            for key in guarded:
                if owners.setdefault(key, index) != index:
                    raise errors.RecordConflictError(
                        f"[{index}] has the id or unique values of [{owners[key]}]: send only one of them"
                    )
        return done

    def _one_by_one(self, pack: Sequence[tuple[int, Planned]], before: int) -> dict[int, JsonObject]:
        done: dict[int, JsonObject] = {}
        for index, item in pack:
            try:
                done[index] = self._create_alone(item)
            except errors.RecordConflictError as exc:
                raise errors.RecordConflictError(
                    f"[{index}] {exc}; {before + len(done)} of the batch are written"
                ) from exc
        return done


def _guarded(item: Planned) -> list[RowKey]:
    """Return the keys that must be free: of the record, its unique values and the write's own key."""
    kind = item.write.kind
    groups = (layout.unique_key(kind, group, item.record) for group in kind.unique_groups)
    own = (layout.record_key(kind, str(item.record["id"])), key_row(item.write), *groups)
    return [key for key in own if key is not None]


def _refuse_taken(index: int, item: Planned, guarded: Sequence[RowKey], rows: Mapping[RowKey, Row]) -> None:
    taken = {key: rows[key] for key in guarded if key in rows}
    try:
        raise_taken(item.write.kind, item.record, RowConflictError(taken))
    except errors.RecordConflictError as exc:
        raise errors.RecordConflictError(f"[{index}] {exc}") from exc


def _packs(items: Sequence[tuple[int, Planned]]) -> Iterator[list[tuple[int, Planned]]]:
    """Put records together as long as one transaction has room for them."""
    pack: list[tuple[int, Planned]] = []
    rows = size = 0
    for index, item in items:
        own = sum(sizes.value_bytes(change.row) for change in item.changes if isinstance(change, RowPut))
        if pack and (
            rows + len(item.changes) > sizes.TRANSACTION_ROWS or size + own > sizes.TRANSACTION_LIMIT
        ):
            yield pack
            pack, rows, size = [], 0, 0
        pack.append((index, item))
        rows, size = rows + len(item.changes), size + own
    if pack:
        yield pack


def planned_create(write: Write, record: JsonObject) -> Planned:
    """Plan the creation of one record of a batch. Raises: RecordInputError"""
    return Planned(write, record, plan(write, None, record))


def write_of(write: Write, index: int) -> Write:
    """Return the write of one record of a batch; its key is the batch's with the record's place."""
    key = None if write.context.key is None else f"{write.context.key}#{index}"
    return replace(write, context=replace(write.context, key=key))
