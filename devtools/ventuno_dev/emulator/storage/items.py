# ruff: noqa: SLF001 - MiniStack has no public functions; the version is pinned
"""DynamoDB's store: single items and stream records are saved as they change, tables when they do.

MiniStack replaces an item instead of editing it, so a reference to it is a stable copy.
"""

import copy
import threading
from collections import defaultdict
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb, lambda_svc

from ventuno_dev.emulator.storage.operations import Document, Operation, add, drop, put
from ventuno_dev.emulator.storage.revive import parsed_key, revived, scoped_key
from ventuno_dev.emulator.values import Json

TABLES, ITEMS, STREAMS, POSITIONS = "dynamodb", "dynamodb.items", "dynamodb.streams", "lambda.positions"
KEPT_RECORDS = 20_000  # of a stream; AWS keeps 24 hours
BESIDE_TABLES = (
    "tags",
    "ttl_settings",
    "pitr_settings",
    "kinesis_destinations",
    "contributor_insights",
    "backups",
    "resource_policies",
    "exports",
    "imports",
)

Table = dict[str, Any]
TableKey = tuple[str, str, str]


class ItemStore:
    """Tables, items and streams, and how far event source mappings have read them."""

    def __init__(self) -> None:
        self._marked = False
        # Items are also written by MiniStack's own threads (time to live), hence the lock.
        self._lock = threading.Lock()
        self._dirty: set[tuple[TableKey, str, str]] = set()
        self._whole: set[TableKey] = set()
        self._known: dict[TableKey, str] = {}
        self._stream_ends: dict[TableKey, int] = {}
        self._positions: dict[str, int] = {}
        self._hook()

    def mark(self) -> None:
        """Note that tables may have changed in anything but their items."""
        self._marked = True

    def changes(self) -> list[Operation]:
        """Give changed tables, items, stream records and read positions."""
        return [*self._tables(), *self._items(), *self._streams(), *self._read_positions()]

    def forget(self) -> None:
        """Save everything again."""
        self._marked = True
        self._known.clear()
        self._stream_ends.clear()
        self._positions = {}

    def restored(self, document: Document) -> Json:
        """Give the tables with their items; streams and positions go back directly."""
        state = revived(document.pop(TABLES, None))
        items = document.pop(ITEMS, {})
        if state is None:
            return None
        for key, table in state["tables"]._data.items():
            table["items"] = defaultdict(dict, items.get(scoped_key(key), {}))
            table["ItemCount"] = sum(len(sorted_items) for sorted_items in table["items"].values())
            self._known[key] = table.get("TableId", "")
        self._restore_streams(document)
        return state

    def trim(self) -> None:
        """Drop old stream records that every mapping has read."""
        for key, records in dynamodb._stream_records.all_items():
            surplus = len(records) - KEPT_RECORDS
            if surplus <= 0:
                continue
            trimmed = dynamodb._stream_trimmed.get_scoped(*key, 0)
            read = min(self._readers(key), default=trimmed + surplus)
            count = min(surplus, max(read - trimmed, 0))
            del records[:count]
            dynamodb._stream_trimmed.set_scoped(*key, trimmed + count)

    def _readers(self, key: TableKey) -> list[int]:
        positions = lambda_svc._dynamodb_stream_positions
        return [
            positions._data.get(mapping, 0)
            for mapping, esm in lambda_svc._esms.all_items()
            if f":table/{key[2]}/stream/" in esm.get("EventSourceArn", "")
        ]

    def _hook(self) -> None:
        set_item, remove_item, replaced = dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced

        def hooked_set(table: Table, pk: str, sk: str, item: dict[str, Any]) -> Json:
            old = set_item(table, pk, sk, item)
            self._note(table, pk, sk)
            return old

        def hooked_remove(table: Table, pk: str, sk: str) -> Json:
            old = remove_item(table, pk, sk)
            self._note(table, pk, sk)
            return old

        def hooked_replaced(table: Table) -> None:
            replaced(table)
            with self._lock:
                self._whole.add(_key(table))

        dynamodb._set_item, dynamodb._remove_item = hooked_set, hooked_remove
        dynamodb._items_replaced = hooked_replaced

    def _note(self, table: Table, pk: str, sk: str) -> None:
        with self._lock:
            self._dirty.add((_key(table), pk, sk))

    def _tables(self) -> list[Operation]:
        present = {key: table.get("TableId", "") for key, table in dynamodb._tables.all_items()}
        if not self._marked and present == self._known:
            return []
        replaced = [key for key, identity in self._known.items() if present.get(key) != identity]
        self._whole.update(key for key, identity in present.items() if self._known.get(key) != identity)
        state = _state_without_items()
        self._known, self._marked = present, False
        gone = [drop((part, scoped_key(key))) for key in replaced for part in (ITEMS, STREAMS)]
        return [put((TABLES,), state), *gone]

    def _items(self) -> list[Operation]:
        with self._lock:
            dirty, self._dirty = self._dirty, set()
            whole, self._whole = self._whole & self._known.keys(), set()
        tables = dynamodb._tables._data
        return [
            *(put((ITEMS, scoped_key(key)), _copied(tables[key])) for key in whole),
            *(
                _item_operation(key, tables[key], pk, sk)
                for key, pk, sk in dirty
                if key in tables and key not in whole
            ),
        ]

    def _streams(self) -> list[Operation]:
        found: list[Operation] = []
        for key, records in dynamodb._stream_records.all_items():
            trimmed = dynamodb._stream_trimmed.get_scoped(*key, 0)
            end = trimmed + len(records)
            if self._stream_ends.get(key) == end:
                continue
            path = (STREAMS, scoped_key(key))
            new = records[max(self._stream_ends.get(key, trimmed) - trimmed, 0) :]
            if key not in self._stream_ends:
                found.append(drop(path))
            found += [add((*path, "records"), list(new), 2 * KEPT_RECORDS), put((*path, "end"), end)]
            self._stream_ends[key] = end
        return found

    def _read_positions(self) -> list[Operation]:
        positions = dict(lambda_svc._dynamodb_stream_positions._data)
        if positions == self._positions:
            return []
        self._positions = positions
        copied = type(lambda_svc._dynamodb_stream_positions)()
        copied._data.update(positions)
        return [put((POSITIONS,), copied)]

    def _restore_streams(self, document: Document) -> None:
        for text, stream in document.pop(STREAMS, {}).items():
            key, records = parsed_key(text), stream.get("records", [])
            dynamodb._stream_records.set_scoped(*key, records)
            dynamodb._stream_trimmed.set_scoped(*key, stream["end"] - len(records))
            self._stream_ends[key] = stream["end"]


def _key(table: Table) -> TableKey:
    _, _, _, region, account, resource = table["TableArn"].split(":", 5)
    return account, region, resource.removeprefix("table/")


def _state_without_items() -> dict[str, Any]:
    """Give DynamoDB's state as MiniStack's `get_state` does, without copying the items."""
    tables = AccountRegionScopedDict()
    for key, table in dynamodb._tables.all_items():
        described = {
            name: value for name, value in table.items() if name not in ("items", dynamodb._INDEX_MEMBERS)
        }
        tables.set_scoped(*key, copy.deepcopy(described))
    return {
        "tables": tables,
        **{name: copy.deepcopy(getattr(dynamodb, f"_{name}")) for name in BESIDE_TABLES},
    }


def _copied(table: Table) -> dict[str, dict[str, Any]]:
    return {pk: dict(by_sort_key) for pk, by_sort_key in table["items"].items()}


def _item_operation(key: TableKey, table: Table, pk: str, sk: str) -> Operation:
    path = (ITEMS, scoped_key(key), pk, sk)
    item = table["items"].get(pk, {}).get(sk)
    return drop(path) if item is None else put(path, item)
