"""Commands at the terminal end with a sentence, whatever they are given."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from community.deliberation.cli import group, panel_group
from community.web.operations.plain import speak_plainly
from community.web.settings import SettingWrong, read_settings

pytestmark = pytest.mark.once


@click.group()
def room() -> None:
    """Stand for a room's commands."""


@room.command()
@click.argument("number", type=int)
def show(number: int) -> None:
    """Read a row of a table that is not there."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("SELECT ?", (number,))
        connection.execute("SELECT * FROM poll")


@pytest.mark.parametrize(("number", "said"), [("1", "db upgrade"), ("9" * 30, "编号太大")])
def test_database_not_set_up_is_told(number: str, said: str, tmp_path: Path) -> None:
    speak_plainly(room)
    speak_plainly(room)
    app = Flask("community")
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path / 'none.db'}"
    with app.app_context():
        result = CliRunner().invoke(room, ["show", number])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert said in result.output


def test_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    speak_plainly(room)
    app = Flask("community")
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}"
    with app.app_context():
        result = CliRunner().invoke(room, ["show", "1"])
    assert isinstance(result.exception, SystemExit)
    assert "打不开数据库" in result.output


@pytest.mark.parametrize(("name", "value"), [("DATABASE", "mysql://x"), ("PROXIES", "many")])
def test_setting_that_cannot_be_used_is_named(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"COMMUNITY_{name}", value)
    with pytest.raises(SettingWrong, match=f"COMMUNITY_{name}"):
        read_settings(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[1]\n[2]"])
def test_file_of_something_else_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    runner = CliRunner()
    for result in (
        runner.invoke(group, ["map", str(path), "--seed", "00"]),
        runner.invoke(panel_group, ["redraw", str(path)]),
        runner.invoke(group, ["count-pb", str(path), "--rule", "greedy"]),
    ):
        assert result.exit_code in {1, 2}
        assert isinstance(result.exception, SystemExit)
