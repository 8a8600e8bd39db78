"""The pages of proposing, following and running projects, through HTTP."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from community import deliberation
from community.kernel import clock, db, ids
from community.micro_projects.models import Project
from community.micro_projects.queries.deciding import reviews_of
from community.micro_projects.rules.deciding import subject_of
from community.micro_projects.rules.states import ProjectState
from community.micro_projects.service import voting
from tests import builders
from tests.micro_projects.scene import Scene, make_project, make_scene, state_of, vote, walk

HOME = "/c/guihua"


@pytest.fixture
def scene(database: object) -> Scene:
    return make_scene()


def person(app: Flask, actor_id: int | None) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, actor_id or 0)
    return client


def post(client: FlaskClient, path: str, **fields: object) -> str:
    """Post a form with its hidden fields and give the page it leads to."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{HOME}/projects/new").text)
    assert token is not None
    sent = {"csrf_token": token[1], "request_key": ids.random_code(26), **fields}
    answer = client.post(f"{HOME}{path}", data=sent, follow_redirects=True)
    assert answer.status_code in {200, 409, 422}, f"{answer.status_code} {path}"
    return answer.text


def picture() -> tuple[io.BytesIO, str]:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(held, "JPEG")
    held.seek(0)
    return held, "楼道.jpg"


def test_an_idea_with_a_photo_from_a_phone_to_the_council(scene: Scene, app: Flask) -> None:
    author = person(app, scene.author.person_id)
    officer = person(app, scene.officer.person_id)
    idea = {"title": "楼道装扶手", "need": "老人上下不便", "kind": "works", "category": "access"}
    said = post(author, "/projects/new", **idea, pictures=picture(), submits="1")
    assert "等待社区核对" in said
    assert "projects/photos/" in said
    assert "有人提过类似的" in author.get(f"{HOME}/projects/similar?words=楼道扶手").text
    assert "楼道装扶手" in officer.get(f"{HOME}/desk/projects").text
    assert "征集附议" in post(officer, "/desk/projects/1/accept")
    neighbour = person(app, scene.neighbour.person_id)
    assert "您已附议" in post(neighbour, "/projects/1/endorse")
    for number in range(8):
        helped = builders.make_person(scene.community_id, f"老人{number}", birth_year=1950)
        post(officer, "/desk/projects/1/endorsements", person_id=str(helped))
    assert state_of(scene, 1) is ProjectState.COSTING
    costs = {"names": ["扶手", "安装", ""], "amounts": ["600.50", "0.50", ""]}
    said = post(officer, "/desk/projects/1/costing", **costs)
    assert "601.00" in said
    assert "已提请表决" in post(officer, "/desk/projects/1/vote")
    with db.read() as session:
        assert deliberation.find_poll_for(session, scene.community_id, subject_of(1))
    assert "601.00" in author.get(f"{HOME}/projects/1").text


def test_a_wrong_line_of_the_budget_is_shown_again_with_what_was_typed(
    scene: Scene, app: Flask
) -> None:
    made = make_project(scene, ProjectState.COSTING, budget_fen=None)
    officer = person(app, scene.officer.person_id)
    path = f"/desk/projects/{made}/costing"
    said = post(officer, path, names=["扶手", "安装"], amounts=["12.345", "8"])
    assert "12.345" in said
    assert "最多两位小数" in said
    assert "请至少写一项费用" in post(officer, path, names=["", ""], amounts=["", ""])


def test_the_street_answers_once_and_grants_by_slip(scene: Scene, app: Flask) -> None:
    made = walk(scene)
    vote(scene, made)
    with clock.fixed(clock.now() + timedelta(days=7)):
        db.write(voting.close_notice, scene.officer, made)
        street = person(app, scene.street.person_id)
        assert "楼道装扶手" in street.get(f"{HOME}/desk/projects/reviews").text
        assert "已保存" in post(street, "/desk/projects/quota", year="2026", amount_fen="9000")
        with db.read() as session:
            (review,) = reviews_of(session, scene.community_id, made)
        path = f"/desk/projects/{made}/reviews/{review.id}"
        assert "请写明理由" in post(street, path, outcome="returned")
        assert "已入项目库" in post(street, path, outcome="approved")
        assert "已经答复过" in post(street, path, outcome="rejected", words="再想想")
        slip = {"number": "2026-17", "amount_fen": "8000", "granted_on": "2026-11-29"}
        assert "请附上拨付单" in post(street, f"/desk/projects/{made}/slips", **slip)
        said = post(street, f"/desk/projects/{made}/slips", **slip, paper=picture())
    assert "已拨付 " in said
    told = person(app, scene.author.person_id).get(f"{HOME}/projects/{made}").text
    assert "拨付单号 2026-17" in told


def test_pledging_and_paying_from_the_pages(scene: Scene, app: Flask) -> None:
    made = walk(scene, cofunding_fen=200_00)
    vote(scene, made)
    author = person(app, scene.author.person_id)
    assert "认筹金额在" in post(author, f"/projects/{made}/pledge", amount_fen="200.01")
    assert "您认筹" in post(author, f"/projects/{made}/pledge", amount_fen="200")
    officer = person(app, scene.officer.person_id)
    assert "王秀英" in officer.get(f"{HOME}/desk/projects/{made}").text
    said = post(officer, f"/desk/projects/{made}/pledges/1/take")
    assert "收款已记入项目账" in said
    assert "王秀英" not in app.test_client().get(f"{HOME}/projects/{made}").text
    assert "撤回认筹" not in author.get(f"{HOME}/projects/{made}").text


def test_the_list_is_filtered_and_counted(scene: Scene, client: FlaskClient) -> None:
    make_project(scene, ProjectState.ENDORSING, title="儿童阅读角", budget_fen=None)
    make_project(scene, ProjectState.DELIVERING, title="凉亭座椅")
    make_project(scene, ProjectState.WITHDRAWN, title="撤回的事", budget_fen=None)
    said = client.get(f"{HOME}/projects").text
    assert "儿童阅读角" in said
    assert "撤回的事" not in said
    assert "办理中 1" in said
    only = client.get(f"{HOME}/projects?group=doing").text
    assert ("凉亭座椅" in only, "儿童阅读角" in only) == (True, False)
    assert "儿童阅读角" in client.get(f"{HOME}/projects?text=阅读&kind=works").text
    assert "没有符合的项目" in client.get(f"{HOME}/projects?text=游泳池").text
    assert client.get(f"{HOME}/projects?group=nothing&before=x").status_code == 200


def test_the_library_is_copied_and_the_draft_opened(scene: Scene, app: Flask) -> None:
    other = make_scene("haitang", "海棠社区")
    there = make_project(other, ProjectState.APPROVED, title="四点半课堂")
    author = person(app, scene.author.person_id)
    assert "四点半课堂" in author.get(f"{HOME}/projects/library").text
    path = f"/projects/library/{there}/copy"
    said = post(author, path, from_community_id=str(other.community_id))
    assert "四点半课堂" in said
    assert "先存着" in said
    with db.read() as session:
        made = session.scalars(
            select(Project).where(Project.community_id == scene.community_id)
        ).one()
    assert made.state is ProjectState.DRAFT
    neighbour = person(app, scene.neighbour.person_id)
    assert neighbour.get(f"{HOME}/projects/{made.id}/edit").status_code == 404
    assert "草稿已删除" in post(author, f"/projects/{made.id}/discard")


def test_the_desk_writes_down_for_somebody_without_a_phone(scene: Scene, app: Flask) -> None:
    officer = person(app, scene.officer.person_id)
    found = officer.get(f"{HOME}/desk/projects/new?text=王秀英").text
    assert f"person={scene.author.person_id}" in found
    idea = {"title": "院里装两盏灯", "need": "晚上看不见", "kind": "works", "category": "safety"}
    who = {"person_id": str(scene.author.person_id), "origin": "phone"}
    said = post(officer, "/desk/projects/new", **who, **idea)
    assert "口头或电话提出" in said
