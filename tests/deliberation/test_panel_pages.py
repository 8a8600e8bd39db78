"""Panels through the browser's requests: from the draft to the seats, and the draw repeated."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from community.kernel import clock
from tests.conftest import NOON
from tests.deliberation.conversing import Talk, make_talk, open_talk
from tests.deliberation.test_opinion_pages import client_of, page, post
from tests.deliberation.test_panels import AFTER, NUMBERS, drawn, view

QUOTAS = "年龄 75+ 至少 1 至多 3\n楼栋 3 号楼 至少 1 至多 2"


@pytest.fixture
def talk(app: Flask) -> Talk:
    found = make_talk(40)
    # `post` reads its token on a page of a conversation.
    open_talk(found)
    return found


def test_the_desk_goes_from_a_draft_to_a_seated_panel(app: Flask, talk: Talk) -> None:
    desk = client_of(app, talk.staff.person_id)
    page(desk, "/desk/panels")
    fields = {"title": "停车圆桌", "purpose": "谈停车", "seats": "3", "quotas": QUOTAS}
    assert post(desk, "/desk/panels", **(fields | {"quotas": "老人多一点"})) == 422
    assert post(desk, "/desk/panels", **fields) == 303
    assert QUOTAS.splitlines()[1] in page(desk, "/desk/panels/1")
    assert post(desk, "/desk/panels/1", **(fields | {"seats": "4"})) == 303
    seed = {"source": "lottery", "words": "双色球第 2026134 期"}
    assert post(desk, "/desk/panels/1/publish", **seed, at="2026-11-22T10:30") == 409
    assert page(client_of(app, None), "/panels/1", 404)
    assert post(desk, "/desk/panels/1/publish", **seed, at="2026-11-22T20:00") == 303
    assert post(desk, "/desk/panels/1/draw", number=NUMBERS) == 409
    with clock.fixed(AFTER):
        assert post(desk, "/desk/panels/1/draw", number=NUMBERS) == 303
        shown = page(desk, "/desk/panels/1")
        for one in view(talk, 1).invitations:
            assert one.name in shown
            assert post(desk, f"/desk/panels/1/invitations/{one.id}", is_accepted="1") == 303
        assert post(desk, "/desk/panels/1/next") == 409
        last = view(talk, 1).invitations[-1]
        assert post(desk, f"/desk/panels/1/invitations/{last.id}") == 303
        assert post(desk, "/desk/panels/1/seat") == 409
        assert post(desk, "/desk/panels/1/next") == 303
        last = view(talk, 1).invitations[-1]
        assert post(desk, f"/desk/panels/1/invitations/{last.id}/late") == 409
        assert post(desk, f"/desk/panels/1/invitations/{last.id}", is_accepted="1") == 303
        assert post(desk, "/desk/panels/1/seat") == 303
    assert "已成立" in page(client_of(app, None), "/panels")


def test_the_invited_sees_the_invitation_and_the_public_no_names(app: Flask, talk: Talk) -> None:
    panel = drawn(talk)
    first = view(talk, panel).invitations[0]
    assert first.person_id is not None
    with clock.fixed(AFTER):
        invited = client_of(app, first.person_id)
        assert "您被抽中了" in page(invited, f"/panels/{panel}")
        neighbour = client_of(app, talk.auditor.person_id)
        assert "您被抽中了" not in page(neighbour, f"/panels/{panel}")
        public = page(client_of(app, None), f"/panels/{panel}")
        assert "居**" in public
        assert "居民0" not in public
        answer = f"/panels/{panel}/invitations/{first.id}"
        assert post(neighbour, answer, is_accepted="1") == 404
        assert post(invited, answer, is_accepted="1") == 303
        assert "您答应参加" in page(invited, f"/panels/{panel}")


def test_whoever_has_the_file_repeats_the_draw(app: Flask, talk: Talk, tmp_path: Path) -> None:
    panel = drawn(talk)
    resident = client_of(app, talk.people[0])
    text = page(resident, f"/panels/{panel}/draw.json")
    listed = page(resident, f"/panels/{panel}/candidates.txt")
    assert "居民" not in text
    assert len(listed.splitlines()) == 40
    visitor = client_of(app, None)
    assert visitor.get(f"/c/guihua/panels/{panel}/draw.json").status_code != 200
    runner = app.test_cli_runner()
    file = tmp_path / "panel.json"
    file.write_text(text, encoding="utf-8")
    for source in (str(panel), str(file)):
        answer = runner.invoke(args=["panel", "redraw", source])
        assert answer.exit_code == 0, answer.output
        assert "same as published" in answer.output
    changed = json.loads(text)
    changed["seed"] += "0"
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert runner.invoke(args=["panel", "redraw", str(file)]).exit_code == 1
    changed = json.loads(text)
    changed["candidates"][0] = "x|y|75+|3 号楼"
    file.write_text(json.dumps(changed), encoding="utf-8")
    answer = runner.invoke(args=["panel", "redraw", str(file)])
    assert answer.exit_code == 1
    assert "published hash" in answer.output
    assert runner.invoke(args=["panel", "redraw", "99"]).exit_code == 1
    assert runner.invoke(args=["panel", "redraw", "nothing.json"]).exit_code == 1
    whole = json.loads(text)
    broken = ["[]", "7", "{}", json.dumps({**whole, "quotas": 5})]
    broken += [json.dumps({**whole, key: None}) for key in ("candidates", "rounds", "seed")]
    broken.append(json.dumps({**whole, "candidates": ["x"]}))
    for words in broken:
        file.write_text(words, encoding="utf-8")
        answer = runner.invoke(args=["panel", "redraw", str(file)])
        assert isinstance(answer.exception, SystemExit), words
        assert "is no panel's file" in answer.output, words


def test_whoever_has_the_answers_draws_the_same_map(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    lines = ["1,1,1,-1,-1,1,1,-1"] * 8 + ["-1,-1,1,1,1,,0,1"] * 7
    file.write_text("a,b,c,d,e,f,g,h\n" + "\n".join(lines) + "\n", encoding="utf-8")
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["poll", "map", str(file), "--seed", "ab12"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    assert [group["people"] for group in found["picture"]["groups"]] == [8, 7]
    file.write_text("a,b\n2,1\n", encoding="utf-8")
    assert runner.invoke(args=["poll", "map", str(file), "--seed", "ab12"]).exit_code == 1
    assert NOON + timedelta(hours=10, minutes=5) == AFTER
