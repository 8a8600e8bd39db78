"""Register, small awards, evaluation and awards through their pages, by every role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import clock, ids
from community.kernel.actor import Actor
from community.micro_projects.rules.projects import ProjectKind
from tests import builders
from tests.micro_projects.awarding import EVEN, Awarding, after, make_opened
from tests.micro_projects.registering import credit_code
from tests.micro_projects.scene import give_money, make_project, make_scene
from tests.micro_projects.test_small_awards import CLASS_FEN

HOME = "/c/guihua"


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    builders.sign_in(client, actor.person_id or 0)
    return client


def post(client: FlaskClient, path: str, status: int = 303, **data: Any) -> str:
    """Post a form; gives where it leads, or the page it shows again."""
    answer = client.post(f"{HOME}{path}", data={"request_key": ids.random_code(20), **data})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == status, shown[-3000:]
    return str(answer.headers.get("Location") or shown)


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(f"{HOME}{path}")
    assert answer.status_code == status, (path, answer.get_data(as_text=True)[-3000:])
    return answer.get_data(as_text=True)


def test_an_officer_registers_a_firm_and_gives_it_a_small_job(app: Flask) -> None:
    scene = make_scene()
    project = make_project(
        scene, title="暑期儿童书画班", kind=ProjectKind.SERVICE, budget_fen=900_000
    )
    give_money(scene, project, 900_000)
    officer, visitor = client_of(app, scene.officer), app.test_client()
    assert "登记单位" in read(officer, f"/desk/projects/{project}/direct-award")
    firm: dict[str, Any] = {"name": "晨光社工中心", "kinds": ["service"]}
    shown = post(officer, "/desk/suppliers", 422, **firm, credit_code="91440300MA0000001X")
    assert "校验码" in shown
    where = post(officer, "/desk/suppliers", **firm, credit_code=credit_code(1))
    supplier = int(where.rsplit("/", 1)[1])
    paper: dict[str, Any] = {
        "kind": "licence",
        "title": "民办非企业单位登记证书",
        "expires_on": "2030-01-01",
    }
    post(officer, f"/desk/suppliers/{supplier}/certificates", **paper)
    form: dict[str, Any] = {"organization_id": 1, "amount_fen": "8000", "ground": "small"}
    where = post(officer, f"/desk/projects/{project}/direct-award", **form)
    award = int(where.rsplit("/", 1)[1])
    shown = read(visitor, f"/projects/awards/{award}")
    assert "8,000.00" in shown
    assert "已确定" in shown
    assert "在册" not in shown
    assert "金额小，专门比选不划算" in shown
    assert "陈专员" not in shown
    assert "晨光社工中心" in read(visitor, "/projects/awards")
    assert "民办非企业单位登记证书" in read(visitor, f"/projects/suppliers/{supplier}")
    assert CLASS_FEN == 800_000


def test_pages_of_an_evaluation_open_for_everybody_and_tell_no_marks(app: Flask) -> None:
    found = make_opened()
    tender = found.tender_id
    visitor = app.test_client()
    officer = client_of(app, found.officer)
    with clock.fixed(after(found, hours=1)):
        for place in range(3):
            path = f"/desk/tenders/{tender}/bids/{found.bid_id(place)}/judge"
            post(officer, path, is_responsive="1")
        at = (clock.now() + timedelta(hours=2)).astimezone(clock.SHANGHAI)
        seed: dict[str, Any] = {
            "source": "lottery",
            "at": at.strftime("%Y-%m-%dT%H:%M"),
            "words": "第 1 期",
        }
        post(officer, f"/desk/tenders/{tender}/panel", **seed)
        read(visitor, "/projects/lots/1.json")
    with clock.fixed(after(found, hours=4)):
        post(officer, f"/desk/tenders/{tender}/lots/1/panel", number="01 02 03 04")
        _score(app, found)
        _look_around(app, found)
        where = post(officer, f"/desk/tenders/{tender}/notice")
        award = int(where.rsplit("/", 1)[1])
        shown = read(visitor, f"/projects/tenders/{tender}/evaluation")
        assert "第 5 席" in shown
        assert "评委00" not in shown
        loser = client_of(app, found.tendering.bidders[1])
        post(loser, f"/projects/awards/{award}/object", ground="scoring", words="请核对算分")
        street = client_of(app, found.scene.street)
        assert "请核对算分" in read(street, "/desk/complaints")
        answer: dict[str, Any] = {"answer": "已核对，无误"}
        post(street, f"/projects/awards/{award}/complaints/1/answer", **answer)
        assert "已核对，无误" in read(visitor, f"/projects/awards/{award}")


def _score(app: Flask, found: Awarding) -> None:
    """Let the first member mark on the phone, the others in one go."""
    first, *others = found.sitting()
    member = client_of(app, found.member(first))
    shown = read(member, f"/projects/seats/{first.id}")
    names = [each.split('"')[0] for each in shown.split('name="mark_')[1:]]
    assert len(names) == 6
    post(member, f"/projects/seats/{first.id}/sign", 409)
    marks: dict[str, Any] = {f"mark_{name}": "20.5" for name in names}
    post(member, f"/projects/seats/{first.id}/marks", 422, **(marks | {f"mark_{names[0]}": "七"}))
    post(member, f"/projects/seats/{first.id}/marks", **marks)
    post(member, f"/projects/seats/{first.id}/sign", words="方案清楚")
    tender = found.tender_id
    for who in (client_of(app, found.officer), app.test_client()):
        assert "20.50" not in read(who, f"/projects/tenders/{tender}/evaluation")
    assert "20.50" not in read(client_of(app, found.officer), f"/desk/tenders/{tender}/evaluation")
    read(client_of(app, found.officer), f"/projects/seats/{first.id}", 404)
    for seat in others:
        found.mark(seat, EVEN)
        found.sign(seat)


def _look_around(app: Flask, found: Awarding) -> None:
    bidder = client_of(app, found.tendering.bidders[0])
    for path in ("/projects/my-organization", "/projects/conflicts", "/projects/seats"):
        read(bidder, path)
    officer = client_of(app, found.officer)
    for path in (
        "/desk/suppliers",
        f"/desk/suppliers/{found.suppliers[0]}?q=评委",
        "/desk/evaluators?q=评委",
        "/desk/complaints",
        f"/desk/tenders/{found.tender_id}/evaluation",
        f"/desk/projects/{found.tendering.project_id}/quotation",
        f"/desk/projects/{found.tendering.project_id}/direct-award",
    ):
        read(officer, path)
    read(app.test_client(), "/projects/suppliers")
