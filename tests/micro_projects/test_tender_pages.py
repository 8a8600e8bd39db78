"""The pages of tenders: an officer publishes, a firm bids, everybody sees the opening."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.kernel import clock, db, ids
from community.kernel.actor import Actor
from community.micro_projects.queries import bids as bid_queries
from community.transparency.queries import verifier_keys
from community.web.qr import qr_svg
from tests import builders
from tests.architecture import house
from tests.micro_projects.scene import make_project
from tests.micro_projects.tendering import PDF, Tendering, make_tendering, published

HOLDS, CHANGED = 0, 1


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    assert actor.person_id is not None
    client = app.test_client()
    builders.sign_in(client, actor.person_id)
    return client


def post(client: FlaskClient, path: str, **data: object) -> str:
    """Post a form that must succeed; gives where it leads."""
    sent = {"request_key": ids.random_code(20), **data}
    answer = client.post(path, data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    return answer.headers["Location"]


def typed(instant: datetime) -> str:
    return instant.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def tender_form(project_id: int) -> dict[str, object]:
    start = clock.now() + timedelta(days=2)
    return {
        "project_id": project_id,
        "title": "三号楼旁儿童角改造",
        "text": "铺设软地面，装两张长椅，工期三十天。",
        "method": "open",
        "level": "l1",
        "budget_fen": "95000",
        "opens_at": typed(start),
        "deadline": typed(start + timedelta(days=20)),
        "criterion_kind": ["price", "technical", "business", "technical"],
        "criterion_title": ["价格", "方案", "经验", ""],
        "criterion_weight": ["15", "60", "25", ""],
    }


def test_an_officer_drafts_and_publishes_and_a_colleague_checks(app: Flask) -> None:
    made = make_tendering()
    project_id = make_project(made.scene, title="给五号楼装扶手", budget_fen=9_500_000)
    officer, checker = client_of(app, made.officer), client_of(app, made.checker)
    assert "给五号楼装扶手" in officer.get("/c/guihua/desk/tenders").get_data(as_text=True)
    form = tender_form(project_id)
    assert officer.get(f"/c/guihua/desk/tenders/new?project={project_id}").status_code == 200
    wrong = officer.post(
        "/c/guihua/desk/tenders/new",
        data={**form, "criterion_weight": ["15", "60", "20", ""], "request_key": "a" * 20},
    )
    assert wrong.status_code == 422
    assert "95 分" in wrong.get_data(as_text=True)
    place = post(officer, "/c/guihua/desk/tenders/new", **form)
    post(officer, f"{place}/documents", title="图纸", file=(io.BytesIO(PDF), "图纸.pdf"))
    post(officer, f"{place}/submit")
    post(checker, f"{place}/check", passes="1", words="可以")
    post(officer, f"{place}/publish")
    number = place.rsplit("/", 1)[1]
    page = app.test_client().get(f"/c/guihua/projects/tenders/{number}").get_data(as_text=True)
    assert "铺设软地面" in page
    assert "图纸" in page
    [document] = re.findall(r"/c/guihua/projects/tenders/documents/\d+", page)
    assert app.test_client().get(document).get_data() == PDF
    assert "三号楼旁" in app.test_client().get("/c/guihua/projects/tenders").get_data(as_text=True)


def test_a_draft_is_nobodys_but_the_desks(app: Flask) -> None:
    made = make_tendering()
    path = f"/c/guihua/projects/tenders/{made.tender_id}"
    for actor, status in ((made.scene.neighbour, 404), (made.officer, 200), (made.bidders[0], 404)):
        assert client_of(app, actor).get(path).status_code == status
    assert app.test_client().get(path).status_code == 404


def test_a_firm_bids_keeps_its_receipt_and_finds_itself_in_the_list(
    app: Flask, tmp_path: Path
) -> None:
    made = published()
    base = f"/c/guihua/projects/tenders/{made.tender_id}"
    firm = client_of(app, made.bidders[0])
    with made.bidding():
        assert "去投标" in firm.get(base).get_data(as_text=True)
        assert firm.get(f"{base}/bid").status_code == 200
        post(
            firm,
            f"{base}/bid",
            price_fen="88000",
            proposal="按图施工，三十天完工。",
            files=(io.BytesIO(PDF), "方案.pdf"),
        )
        page = firm.get(f"{base}/bid").get_data(as_text=True)
        assert "已收到您的投标" in page
        own = made.own(0)
        assert own is not None
        assert own.note is not None
        carried = urlsafe_b64encode(own.note).decode().rstrip("=")
        drawn = qr_svg(f"http://localhost/verify#bid={carried}", "扫码核对回执")
        assert str(drawn) in page
        receipt, envelope = tmp_path / "receipt.txt", tmp_path / "bid.bin"
        receipt.write_bytes(firm.get(f"{base}/bid/receipt").get_data())
        envelope.write_bytes(firm.get(f"{base}/bid/envelope").get_data())
        for other in (made.bidders[1], made.scene.neighbour, made.officer):
            assert client_of(app, other).get(f"{base}/bid/receipt").status_code in {403, 404}
        made.bid(1)
        made.bid(2)
        assert firm.get(f"{base}/opening.json").status_code == 404
    with made.at_deadline():
        officer = client_of(app, made.officer)
        place = post(officer, f"/c/guihua/desk/tenders/{made.tender_id}/open")
        page = app.test_client().get(place).get_data(as_text=True)
        assert "88,000.00" in page
        told = tmp_path / "opening.json"
        told.write_bytes(app.test_client().get(f"{base}/opening.json").get_data())
        files = [each.files for each in made.bids() if each.price_fen == 8_800_000]
        assert files
    with db.read() as session:
        [key] = verifier_keys(session, made.community_id)
    assert verify(receipt, key, "--list", str(told), "--envelope", str(envelope)) == HOLDS
    envelope.write_bytes(envelope.read_bytes() + b" ")
    assert verify(receipt, key, "--envelope", str(envelope)) == CHANGED
    listed = json.loads(told.read_text(encoding="utf-8"))
    listed["bids"] = listed["bids"][1:] if _is_first(listed, receipt) else listed["bids"][:1]
    told.write_text(json.dumps(listed), encoding="utf-8")
    assert verify(receipt, key, "--list", str(told)) == CHANGED


def _is_first(listed: dict[str, list[dict[str, str]]], receipt: Path) -> bool:
    line = receipt.read_text(encoding="utf-8").split("\n")[1].removeprefix("commitment ")
    return bytes.fromhex(listed["bids"][0]["commitment"]) == base64.b64decode(line)


def verify(file: Path, key: str, *more: str) -> int:
    command = [sys.executable, "-I", "-S", str(house.ROOT / "static/verify.py"), "receipt"]
    done = subprocess.run(
        [*command, str(file), "--key", key, *more], capture_output=True, check=False
    )
    return done.returncode


def test_an_amended_bid_waits_among_what_is_due(app: Flask) -> None:
    made = published()
    with made.bidding():
        made.bid(0)
        officer, firm = client_of(app, made.officer), client_of(app, made.bidders[0])
        desk = f"/c/guihua/desk/tenders/{made.tender_id}"
        post(officer, f"{desk}/amend", words="第三页图纸更正")
        page = firm.get("/c/guihua/projects/bids").get_data(as_text=True)
        assert "请确认投标" in page
        post(firm, f"/c/guihua/projects/tenders/{made.tender_id}/bid/confirm")
        assert "请确认投标" not in firm.get("/c/guihua/projects/bids").get_data(as_text=True)
        post(firm, f"/c/guihua/projects/tenders/{made.tender_id}/bid/withdraw")
        with db.read() as session:
            own = bid_queries.get_own_bid(session, made.bidders[0], made.tender_id)
        assert own.state.value == "withdrawn"


def test_files_of_an_opened_bid_go_to_the_desk_and_its_bidder_alone(app: Flask) -> None:
    made = opened()
    [bid] = [each for each in made.bids() if each.organization_id == made.firms[0]]
    path = f"/c/guihua/projects/bids/files/{bid.files[0].id}"
    for actor, status in (
        (made.officer, 200),
        (made.bidders[0], 200),
        (made.bidders[1], 404),
        (made.scene.neighbour, 404),
    ):
        answer = client_of(app, actor).get(path)
        assert answer.status_code == status
        assert (answer.get_data() == PDF) is (status == 200)


def opened() -> Tendering:
    made = published()
    with made.bidding():
        for place in range(3):
            made.bid(place)
    with made.at_deadline():
        made.open()
    return made
