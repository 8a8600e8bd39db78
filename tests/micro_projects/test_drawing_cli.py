"""`flask projects draw` repeats a panel's draw and a tie's lot, and finds what was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from community.kernel import clock, db
from community.kernel.db import Database
from community.micro_projects.queries.lots import draw_file
from community.micro_projects.rules.panels import SeedSource
from community.micro_projects.service import awards, panels
from community.micro_projects.service.tender_lots import SeedPlan
from tests.micro_projects.awarding import EVEN, Awarding, after, make_opened, make_scored


def file_of(found: Awarding, lot: int) -> dict[str, Any]:
    with db.read() as session:
        return draw_file(session, found.scene.community_id, lot)


def draw(app: Flask, source: object) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["projects", "draw", str(source)])
    return answer.exit_code, answer.output


def test_a_panel_is_drawn_again_with_everybody_who_left(
    database: Database, app: Flask, tmp_path: Path
) -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
        assert "not drawn yet" in draw(app, lot)[1]
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        first, second, third, *_ = found.sitting()
        db.write(panels.recuse, found.member(first), first.id, "认识投标人")
        found.mark(second, EVEN)
        found.sign(second)
        db.write(panels.recuse, found.officer, second.id, "亲戚在投标单位")
        db.write(panels.recuse, found.member(third), third.id, "以前的同事")
    told = file_of(found, lot)
    assert [len(each["drawn"]) for each in told["rounds"]] == [5, 1, 1]
    kept = tmp_path / "lot.json"
    kept.write_text(json.dumps(told), encoding="utf-8")
    for source in (lot, kept):
        code, output = draw(app, source)
        assert (code, "same as published" in output) == (0, True), output


def test_a_changed_file_is_told_from_the_published_one(
    database: Database, app: Flask, tmp_path: Path
) -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
    told = file_of(found, lot)
    kept = tmp_path / "lot.json"

    def other_seed(file: dict[str, Any]) -> None:
        file["seed"] = "another seed"

    def one_less(file: dict[str, Any]) -> None:
        file["lines"].pop()

    def friend_first(file: dict[str, Any]) -> None:
        file["rounds"][0]["drawn"].reverse()

    changes: tuple[Callable[[dict[str, Any]], None], ...] = (other_seed, one_less, friend_first)
    for change in changes:
        file = json.loads(json.dumps(told))
        change(file)
        kept.write_text(json.dumps(file), encoding="utf-8")
        code, output = draw(app, kept)
        assert (code, "DIFFERS" in output) == (1, True), output
    for text in ("{}", "[]", "no JSON"):
        kept.write_text(text, encoding="utf-8")
        assert draw(app, kept)[0] == 1
    assert draw(app, lot + 1)[0] == 1
    assert draw(app, tmp_path / "nowhere.json")[0] == 1


def test_a_ties_lot_is_drawn_again(database: Database, app: Flask) -> None:
    found = make_scored(EVEN, (8_800_000, 8_800_000, 9_200_000))
    with clock.fixed(after(found, days=1)):
        plan = SeedPlan(SeedSource.LOTTERY, clock.now() + timedelta(hours=2), "下一期开奖")
        lot = db.write(awards.publish_tie_list, found.officer, found.tender_id, plan)
        assert file_of(found, lot)["rounds"] == []
    with clock.fixed(after(found, days=2)):
        db.write(awards.draw_tie, found.officer, lot, "01 02 03 04")
        order = file_of(found, lot)["rounds"][0]["drawn"]
        code, output = draw(app, lot)
    assert (code, order) == (0, [line.split("\t")[1] for line in output.splitlines()[:2]])
