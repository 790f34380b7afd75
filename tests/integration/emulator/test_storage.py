"""The log gives back what was written to it, whatever the moment of the kill."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno_dev.emulator.storage import frames, operations
from ventuno_dev.emulator.storage.log import Log, WrongVersionError, replay, rewrite
from ventuno_dev.emulator.storage.operations import add, drop, put

pytestmark = pytest.mark.emulator

BATCHES = [
    [put(("tables",), {"t": 1}), put(("items", "t", "a", "b"), {"n": {"N": "1"}})],
    [put(("items", "t", "a", "c"), {"n": {"N": "2"}}), drop(("items", "t", "a", "b"))],
    [add(("stream", "records"), [1, 2, 3], 4), add(("stream", "records"), [4, 5], 4)],
]
EXPECTED = {
    "tables": {"t": 1},
    "items": {"t": {"a": {"c": {"n": {"N": "2"}}}}},
    "stream": {"records": [2, 3, 4, 5]},
}


def _written(folder: Path) -> Path:
    log = Log(folder, "1", json.dumps)
    assert log.open() == {}
    for batch in BATCHES:
        log.append(batch)
    log.close()
    return next(folder.glob("state-*.log"))


def test_replay_gives_the_last_state(tmp_path: Path) -> None:
    document, end = replay(_written(tmp_path), "1")

    assert document == EXPECTED
    assert end == next(tmp_path.glob("state-*.log")).stat().st_size


def test_every_prefix_of_the_log_is_a_state_between_two_batches(tmp_path: Path) -> None:
    path = _written(tmp_path)
    whole = path.read_bytes()
    states: list[dict[str, Any]] = [{}]
    for batch in BATCHES:
        states.append(json.loads(json.dumps(states[-1])))
        for operation in batch:
            operations.apply(states[-1], operation)
    first = next(frames.read(path)).end

    for length in range(first, len(whole) + 1):
        path.write_bytes(whole[:length])
        assert replay(path, "1")[0] in states


def test_an_open_log_continues_after_a_torn_line(tmp_path: Path) -> None:
    path = _written(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])
    log = Log(tmp_path, "1", json.dumps)
    log.open()
    log.append([put(("after",), 1)])
    log.close()

    assert replay(next(tmp_path.glob("state-*.log")), "1")[0]["after"] == 1


def test_a_changed_byte_before_the_end_is_damage(tmp_path: Path) -> None:
    path = _written(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(frames.BrokenLogError):
        replay(path, "1")


def test_another_version_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path)

    with pytest.raises(WrongVersionError):
        replay(path, "2")


def test_a_rewritten_log_says_the_same(tmp_path: Path) -> None:
    path = _written(tmp_path)
    rewrite(path, path.stat().st_size, tmp_path / "state-000009.log", "1")

    assert replay(tmp_path / "state-000009.log", "1")[0] == EXPECTED


def test_a_log_is_rewritten_in_place_when_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ventuno_dev.emulator.storage.log.COMPACT_FROM_BYTES", 4_000)
    log = Log(tmp_path, "1", json.dumps)
    log.open()
    for number in range(100):
        log.append([put(("counter", "value"), [number] * 20)])
    log.append([put(("counter", "last"), 1)])
    log.close()

    files = sorted(tmp_path.glob("state-*.log"))
    assert len(files) == 1
    assert files[0].name != "state-000001.log"
    assert replay(files[0], "1")[0] == {"counter": {"value": [99] * 20, "last": 1}}


def test_a_service_that_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    log = Log(tmp_path, "1", json.dumps)
    log.open()
    log.append([put(("service",), {"a": 1})])
    size = next(tmp_path.glob("state-*.log")).stat().st_size
    log.append([put(("service",), {"a": 1})])
    log.close()

    assert next(tmp_path.glob("state-*.log")).stat().st_size == size


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_a_frame_carries_any_json(value: object) -> None:
    line = frames.encode(value)
    body = line[frames.HEAD_BYTES : -1]

    assert json.loads(body) == value
    assert b"\n" not in line[:-1]
