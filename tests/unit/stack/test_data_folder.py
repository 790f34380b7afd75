from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno_dev.stack.data_folder import DataFolder
from ventuno_dev.stack.errors import DataFolderError

if TYPE_CHECKING:
    from pathlib import Path


def test_clearing_removes_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    folder.emulator.mkdir()
    (folder.emulator / "dynamodb.json").write_text("{}")
    (tmp_path / "letter.txt").write_text("not ours")
    folder.clear()

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_clearing_removes_the_folder_when_nothing_else_is_in_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.exclusive():
        folder.state.write_text("{}")
        folder.clear()

    assert not folder.root.exists()


def test_two_commands_do_not_work_on_one_folder_at_once(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)

    with (
        folder.exclusive(),
        pytest.raises(DataFolderError, match="another `ventuno` command"),
        folder.exclusive(patience_seconds=0),
    ):
        pytest.fail("the lock was given twice")
    with folder.exclusive(patience_seconds=0):
        pass


def test_a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DataFolderError, match="--data"):
        DataFolder(tmp_path / "file").prepare()
