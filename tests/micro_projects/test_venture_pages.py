"""The venture fund through its pages, from the draft of a call to the show of results."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import clock
from community.kernel.db import Database
from tests.micro_projects.calling import (
    after_notice,
    apply,
    apply_as_group,
    make_call,
    make_judged,
    make_projects,
)
from tests.micro_projects.scene import make_scene
from tests.micro_projects.test_award_pages import client_of, post, read
from tests.micro_projects.test_contract_pages import photo

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


CALL: dict[str, Any] = {
    "title": "邻里互助公益创投",
    "text": "支持楼组和社会组织做小而实的事。",
    "themes": "助老\n儿童",
    "purse_fen": "100000",
    "most_fen": "30000",
    "opens_at": "2026-11-23T09:00",
    "closes_at": "2026-12-01T18:00",
    "pitch_at": "2026-12-05T14:00",
    "pitch_place": "社区活动室",
    "experts": "2",
    "residents": "2",
    "officials": "1",
    "pass_mark": "60",
    "criterion_title": ["居民需要", "方案可行"],
    "criterion_percent": ["40", "59.99"],
    "criterion_text": ["", ""],
}
APPLICATION: dict[str, Any] = {
    "theme": "儿童",
    "title": "四点半课堂",
    "need": "放学后没人看。",
    "plan": "每周三次，写作业做手工。",
    "kind": "service",
    "category": "children",
    "names": ["课时费", ""],
    "amounts": ["20000", ""],
    "matched_fen": "5000",
}


def number_in(where: str) -> int:
    return int(re.findall(r"\d+", where)[-1])


def test_an_officer_drafts_and_the_street_publishes(app: Flask) -> None:
    scene = make_scene()
    officer, street = client_of(app, scene.officer), client_of(app, scene.street)
    visitor = app.test_client()
    assert "起草征集" in read(officer, "/desk/calls/new")
    call = number_in(post(officer, "/desk/calls/new", **CALL))
    read(visitor, f"/projects/calls/{call}", 404)
    assert "99.99%" in post(street, f"/desk/calls/{call}/publish", 409)
    post(officer, f"/desk/calls/{call}/edit", **(CALL | {"criterion_percent": ["40", "60"]}))
    post(officer, f"/desk/calls/{call}/publish", 403)
    post(street, f"/desk/calls/{call}/publish")
    shown = read(visitor, f"/projects/calls/{call}")
    assert "还没开始" in shown
    assert "100,000.00" in shown
    assert "邻里互助公益创投" in read(visitor, "/projects/calls")
    shown = post(officer, "/desk/calls/new", 422, **(CALL | {"pass_mark": "101"}))
    assert "最多两位小数" in shown


def test_applicants_apply_and_nobody_reads_them_before_the_end(app: Flask) -> None:
    found = make_call()
    staff, lead = client_of(app, found.staff[0]), client_of(app, found.lead)
    sponsor, neighbour = client_of(app, found.staff[1]), client_of(app, found.scene.neighbour)
    with found.taking():
        assert "谁来申报" in read(staff, f"/projects/calls/{found.call_id}/apply")
        bad = APPLICATION | {"amounts": ["很多", ""]}
        post(staff, f"/projects/calls/{found.call_id}/apply", 422, **bad)
        one = number_in(post(staff, f"/projects/calls/{found.call_id}/apply", **APPLICATION))
        post(staff, f"/projects/applications/{one}/submit")
        group = APPLICATION | {"group_name": "三号楼互助小组", "sponsor_id": str(found.firms[1])}
        other = number_in(post(lead, f"/projects/calls/{found.call_id}/apply", **group))
        post(lead, f"/projects/applications/{other}/submit")
        assert "三号楼互助小组" in read(sponsor, "/projects/applications")
        post(sponsor, f"/projects/applications/{other}/sponsor", agrees="1")
        assert "已提交" in read(lead, f"/projects/applications/{other}")
        for path in (f"/projects/applications/{one}", f"/projects/applications/{other}"):
            read(neighbour, path, 404)
            read(app.test_client(), path, 404)
        shown = read(neighbour, f"/projects/calls/{found.call_id}")
        assert "四点半课堂" not in shown
        assert "四点半课堂" in read(client_of(app, found.officer), f"/desk/calls/{found.call_id}")


def test_a_jury_is_seated_scores_by_phone_and_the_officer_chooses(app: Flask) -> None:
    found = make_call()
    one, other = apply(found), apply_as_group(found)
    officer, visitor = client_of(app, found.officer), app.test_client()
    desk = f"/desk/calls/{found.call_id}"
    with found.judging():
        post(officer, f"{desk}/judging")
        post(officer, f"{desk}/applications/{one}/screen", 422, reason="x" * 301)
        for each in (one, other):
            post(officer, f"{desk}/applications/{each}/screen", is_eligible="1")
        for person in found.pool[:5]:
            post(officer, f"{desk}/jurors", person_id=str(person))
        assert "已到齐" in read(officer, desk)
        first, second = found.criteria()
        for seat in found.seats():
            juror: FlaskClient = client_of(app, found.juror(seat))
            assert f"mark_{one}_{first}" in read(juror, f"/projects/seats/{seat.id}")
            marks: dict[str, Any] = {
                f"mark_{one}_{first}": "30.5", f"mark_{one}_{second}": "50",
                f"mark_{other}_{first}": "20", f"mark_{other}_{second}": "45.25",
            }  # fmt: skip
            post(juror, f"/projects/seats/{seat.id}/marks", **marks)
            assert "评审排名" not in read(visitor, f"/projects/calls/{found.call_id}")
            post(juror, f"/projects/seats/{seat.id}/sign", words="方案清楚")
            assert "30.5" in read(juror, f"/projects/seats/{seat.id}")
        shown = read(visitor, f"/projects/calls/{found.call_id}")
        assert "80.5" in shown
        assert "65.25" in shown
        choice: dict[str, Any] = {
            "application_id": [one, other],
            "granted_fen": ["", "30000"],
            "words": ["", ""],
        }
        assert "排在前面却没有入选" in post(officer, f"{desk}/choice", 409, **choice)
        choice["granted_fen"] = ["30000", "30000"]
        post(officer, f"{desk}/choice", **choice)
        assert "入选公示" in read(visitor, f"/projects/calls/{found.call_id}")
    with clock.fixed(after_notice(found)):
        post(officer, f"{desk}/confirm")
        assert "每资助 1 元" in read(visitor, f"/projects/calls/{found.call_id}/results")
        project = found.application(one).project_id
        shown = read(visitor, f"/projects/{project}")
        assert "评审入选" in shown
        assert "征集附议" not in shown
        assert "公益创投入选项目" in read(officer, f"/desk/projects/{project}")


def test_matched_money_is_reported_with_its_paper_and_confirmed(app: Flask) -> None:
    made, _ = make_projects()
    found = made.calling
    staff, officer = client_of(app, found.staff[0]), client_of(app, found.officer)
    page = f"/projects/applications/{made.first}"
    with clock.fixed(after_notice(found)):
        given: dict[str, Any] = {
            "giver": "晨光基金会", "amount_fen": "9000", "received_on": clock.today().isoformat()
        }  # fmt: skip
        assert "到账凭证" in post(staff, f"{page}/matches", 422, **given)
        post(staff, f"{page}/matches", **given, paper=photo())
        assert "配套资金待核实" in read(officer, f"/desk/calls/{found.call_id}")
        post(officer, f"/desk/calls/{found.call_id}/matches/1", counts="1")
        answer = officer.get("/c/guihua/desk/calls/matches/1/paper")
        assert answer.status_code == 200
        assert "0.15" in read(app.test_client(), f"/projects/calls/{found.call_id}/results")
    answer = staff.get("/c/guihua/desk/calls/matches/1/paper")
    assert answer.status_code == 403


def test_an_api_row_reaches_the_choice(app: Flask, database: Database) -> None:
    made = make_judged()
    found = made.calling
    officer = client_of(app, found.officer)
    with found.judging():
        answer = officer.post(
            f"/api/v1/c/guihua/micro_projects/desk/calls/{found.call_id}/choice",
            json={"application_id": [made.first], "granted_fen": ["30000"], "words": [""]},
            headers={"Idempotency-Key": "choice-0001"},
        )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert found.application(made.first).granted_fen == 30_000_00
