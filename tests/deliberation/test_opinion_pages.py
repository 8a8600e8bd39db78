"""Conversations through the browser's requests: asking, answering, moderating, the map."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import clock, ids
from tests import builders
from tests.deliberation.conversing import OPINIONS, Talk, answer_all, make_talk, open_talk, work
from tests.deliberation.test_opinions import OVER, count_answers, first_viewpoint

BASE = "/c/guihua"


@pytest.fixture
def talk(app: Flask) -> Talk:
    return make_talk(24)


def client_of(app: Flask, person_id: int | None) -> FlaskClient:
    client = app.test_client()
    if person_id is not None:
        builders.sign_in(client, person_id)
    return client


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(f"{BASE}{path}")
    assert answer.status_code == status, answer.text[:300]
    return answer.text


def post(client: FlaskClient, path: str, **fields: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client, "/opinions/1/mine"))
    typed = {"request_key": ids.random_code(26), **fields}
    if token:
        typed["csrf_token"] = token[1]
    return client.post(f"{BASE}{path}", data=typed).status_code


def test_a_resident_answers_to_the_end_and_changes_one(app: Flask, talk: Talk) -> None:
    conversation = open_talk(talk)
    client = client_of(app, talk.people[0])
    assert "开始回答" in page(client, f"/opinions/{conversation}")
    address = ""
    for _ in OPINIONS:
        asked = page(client, f"/opinions/{conversation}/answer")
        found = re.search(r'action="/c/guihua(/opinions/viewpoints/\d+/answer)"', asked)
        assert found is not None
        address = found[1]
        assert post(client, address, stance="agree") == 303
    assert "都答完了" in page(client, f"/opinions/{conversation}/answer")
    assert count_answers() == 8
    assert post(client, address, stance="disagree") == 303
    assert "反对" in page(client, f"/opinions/{conversation}/mine")
    assert post(client, address, stance="maybe") == 422


def test_a_visitor_reads_and_does_not_answer(app: Flask, talk: Talk) -> None:
    conversation = open_talk(talk)
    visitor = client_of(app, None)
    assert OPINIONS[0] not in page(visitor, f"/opinions/{conversation}")
    assert "院子怎么管" in page(visitor, "/opinions")
    assert visitor.get(f"{BASE}/opinions/{conversation}/answer").status_code in {302, 303, 401}
    assert "地图还画不出来" in page(visitor, f"/opinions/{conversation}/map")
    assert visitor.get(f"{BASE}/opinions/{conversation}/answers.csv").status_code == 404
    assert visitor.get(f"{BASE}/opinions/99").status_code == 404


def test_the_map_is_a_picture_and_a_table_and_names_nobody(app: Flask, talk: Talk) -> None:
    conversation = open_talk(talk)
    answer_all(talk, conversation)
    with clock.fixed(OVER):
        work()
        work()
        shown = page(client_of(app, None), f"/opinions/{conversation}/map")
        file = client_of(app, None).get(f"{BASE}/opinions/{conversation}/answers.csv")
    assert 'role="img"' in shown
    assert "用表格看" in shown
    assert OPINIONS[0] in shown
    assert "居民0" not in shown
    lines = file.text.removeprefix("\ufeff").splitlines()
    assert lines[0].split(",") == list(OPINIONS)
    assert len(lines) == 25
    assert lines[1:] == sorted(lines[1:], key=lambda line: [int(one) for one in line.split(",")])


def test_the_desk_opens_decides_and_closes(app: Flask, talk: Talk) -> None:
    assert talk.staff.person_id is not None
    desk = client_of(app, talk.staff.person_id)
    page(desk, "/desk/opinions")
    fields = {
        "title": "院子怎么管",
        "text": "说说",
        "viewpoints": "\n".join(OPINIONS),
        "closes_at": "2026-12-06T20:00",
        "takes_viewpoints": "1",
    }
    open_talk(talk)
    assert post(desk, "/desk/opinions", **fields) == 303
    assert post(desk, "/desk/opinions", **(fields | {"viewpoints": "一句"})) == 422
    resident = client_of(app, talk.people[1])
    assert post(resident, "/opinions/2/propose", text="快递柜放到北门") == 303
    assert "居民001" in page(desk, "/desk/opinions/2")
    said = first_viewpoint(2) + len(OPINIONS)
    decide = f"/desk/opinions/2/viewpoints/{said}"
    assert post(desk, decide, state="refused") == 422
    assert post(desk, decide, state="refused", reason="已有计划") == 303
    assert "已有计划" in page(resident, "/opinions/2/mine")
    assert "快递柜" not in page(resident, "/opinions/2")
    assert post(desk, "/desk/opinions/2/closing", closes_at="2026-12-20T20:00") == 303
    assert post(desk, "/desk/opinions/2/refresh") == 303
    assert post(desk, "/desk/opinions/2/close") == 303
    assert post(desk, "/desk/opinions/2/close") == 409
    assert post(resident, "/desk/opinions/2/close") == 403
    auditor = client_of(app, talk.auditor.person_id)
    assert "快递柜" in page(auditor, "/desk/opinions/2")
    assert post(auditor, decide, state="shown") == 403
