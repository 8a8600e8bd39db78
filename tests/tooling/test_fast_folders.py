"""Folders of a run are in memory where there is room, and none is left behind for ever."""

from pathlib import Path

import pytest

from tests import fast_folders

pytestmark = pytest.mark.once


def test_without_room_a_folder_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_folders, "NEEDED", 1 << 60)
    folder = fast_folders.make_folder(tmp_path)
    assert folder.parent != tmp_path
    fast_folders.remove_folder(folder)
    assert not folder.exists()


def test_what_a_killed_run_left_is_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_folders, "NEEDED", 0)
    left, held = (fast_folders.make_folder(tmp_path) for _ in range(2))
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    fast_folders._owned.pop(left).close()
    fast_folders.remove_left_behind(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([held, stranger])
    fast_folders.remove_folder(held)
