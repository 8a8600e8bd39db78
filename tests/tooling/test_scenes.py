"""Scenes kept by their rows: a database they came back to is not taken for an empty one."""

from pathlib import Path

import pytest

from tests.conftest import SqliteFile, World

pytestmark = pytest.mark.once


def test_a_file_with_a_scene_is_not_empty(world: World, tmp_path: Path) -> None:
    store = SqliteFile(tmp_path)
    assert store.is_empty()
    store.keep("scene")
    store.bring_back("scene")
    assert not store.is_empty()
    store.renew()
    assert store.is_empty()
