"""`flask projects export-ocds` writes what `check-ocds` finds right, and each mistake is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from community.micro_projects.open_contracting.canonical import Json, read_json, write_json
from community.micro_projects.open_contracting.schemas import RELEASES, schemas_of
from tests.micro_projects.ocds_mistakes import add_award, award_the_disqualified, pay_again
from tests.micro_projects.ocds_scene import schema_folder
from tests.micro_projects.test_open_data_pages import publish_two


@pytest.fixture
def exported(app: Flask, tmp_path: Path) -> Path:
    publish_two()
    done = app.test_cli_runner().invoke(args=["projects", "export-ocds", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "COMMUNITY_OCID_PREFIX" in done.output
    return tmp_path


def check(app: Flask, *arguments: object) -> Result:
    command = ["projects", "check-ocds", *(str(each) for each in arguments)]
    return app.test_cli_runner().invoke(args=command)


def rewrite(folder: Path, change: Callable[[list[Json]], object]) -> None:
    """Change the first process in the lines, and leave nothing else beside them."""
    lines = [
        read_json(each) for each in (folder / "guihua/releases.jsonl").read_bytes().splitlines()
    ]
    change([each for each in lines if each["ocid"].endswith("-1-1")])
    for file in folder.rglob("*.json*"):
        file.unlink()
    (folder / "guihua/releases.jsonl").write_bytes(b"\n".join(write_json(each) for each in lines))


def test_what_is_exported_is_found_right(app: Flask, exported: Path) -> None:
    done = check(app, exported, "--schema", schema_folder())
    assert done.exit_code == 0, done.output
    assert "2 个采购过程，6 次发布，4 份合并记录" in done.output
    names = {file.relative_to(exported).as_posix() for file in exported.rglob("*.*")}
    assert {"guihua/records.csv", "guihua/records/0001.json", "extension/extension.json"} <= names
    package = read_json((exported / "guihua/releases/0001.json").read_bytes())
    assert schemas_of(schema_folder()).problems(RELEASES, package) == []


def test_exporting_again_gives_the_same_bytes(app: Flask, exported: Path) -> None:
    before = {file: file.read_bytes() for file in exported.rglob("*.*")}
    app.test_cli_runner().invoke(args=["projects", "export-ocds", str(exported)])
    assert {file: file.read_bytes() for file in exported.rglob("*.*")} == before


MISTAKES: dict[str, tuple[str, Callable[[list[Json]], object]]] = {
    "award on a disqualified bid": ("award_without_valid_bid", award_the_disqualified),
    "overpayment": ("overpaid", pay_again),
    "two awards in force": ("two_awards", add_award),
    "dangling id": (
        "dangling_id",
        lambda told: next(each for each in told if "awards" in each)["awards"][0].update(
            relatedBid="b77"
        ),
    ),
    "bid at the deadline": (
        "bid_outside_period",
        lambda told: told[1]["bids"]["details"][0].update(date="2026-03-12T01:00:00.000000Z"),
    ),
    "unknown key": ("unknown_key", lambda told: told[0]["tender"].update(titel="x")),
    "not a date": ("schema", lambda told: told[1]["tender"]["bidOpening"].update(date="soon")),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_ends_with_1(app: Flask, exported: Path, name: str) -> None:
    code, change = MISTAKES[name]
    rewrite(exported, change)
    done = check(app, exported, "--schema", schema_folder())
    assert done.exit_code == 1
    assert f"[{code}]" in done.output


def test_a_record_that_is_not_its_releases_is_named(app: Flask, exported: Path) -> None:
    file = exported / "guihua/records.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"status":"active"', b'"status":"complete"', 1))
    done = check(app, exported)
    assert done.exit_code == 1
    assert "--schema" in done.output


def test_a_release_changed_afterwards_is_named(app: Flask, exported: Path) -> None:
    file = exported / "guihua/releases.jsonl"
    file.write_bytes(file.read_bytes().replace("儿童角改造".encode(), "儿童角翻新".encode(), 1))
    done = check(app, exported)
    assert done.exit_code == 1
    assert "[repeated_id]" in done.output


def test_unreadable_files_are_named(app: Flask, exported: Path) -> None:
    (exported / "more.json").write_bytes(b'{"ocid": NaN')
    (exported / "list.json").write_bytes(b"[1]")
    done = check(app, exported)
    assert done.exit_code == 1
    assert done.output.count("[unreadable]") == 2


def test_nothing_to_check_ends_with_2(app: Flask, tmp_path: Path) -> None:
    assert check(app, tmp_path).exit_code == 2
    assert check(app, tmp_path / "none").exit_code == 2
    assert check(app, tmp_path, "--schema", tmp_path).exit_code == 2
