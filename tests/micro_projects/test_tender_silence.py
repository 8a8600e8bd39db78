"""Before the opening, a tender with no bid and one with five look alike to everybody."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from community.kernel import db
from community.micro_projects import BidContent, write_bid
from community.sealing import BoxLevel
from tests import builders
from tests.conftest import is_postgres
from tests.micro_projects.tendering import PDF, Tendering, make_firm, published
from tests.silence import Watchers, changed_metrics, changed_pages, logged, written

__all__ = ["logged"]
FIRMS = 5
FEW = ("visitor", "staff", "auditor", "rival")
# Where whatever is of a tender could show: looked at as everybody. The whole house is looked at as
# those who see the most of it, and as those who see the least.
NEAR = "project|tender|bid|seal|desk|open-data|ocds|search"
# A page tells the same of the same rows whichever database keeps them; PostgreSQL may give them in
# another order once bids have come. That shows near the tender, to anybody who may see the page.
PLACES = (
    [(BoxLevel.L1, NEAR, FEW), (BoxLevel.L2, NEAR, FEW)]
    if is_postgres()
    else [(BoxLevel.L1, "", FEW), (BoxLevel.L2, NEAR, ())]
)
TABLES = (
    "message",
    "outbox_message",
    "transparency_record",
    "request_answer",
    "stored_file",
    "ocds_release",
    "notice",
)


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())


def bid_as_people_do(app: Flask, made: Tendering) -> None:
    """Let five firms look, bid, replace, and open their receipts."""
    base = f"/c/guihua/projects/tenders/{made.tender_id}"
    for place, actor in enumerate(made.bidders):
        client = app.test_client()
        assert actor.person_id is not None
        builders.sign_in(client, actor.person_id)
        client.get(f"{base}/bid")
        for price in (8_800_000 + place, 8_700_000 + place):
            if made.view().level is BoxLevel.L2:
                content = write_bid(BidContent(price, "方案"))
                sent = {"envelope": (io.BytesIO(made.seal(place, content)), "bid.sealed")}
                answer = client.post(f"{base}/sealed-bid", data=sent)
            elif place == 0:
                answer = client.post(
                    f"/api/v1/c/guihua/micro_projects/tenders/{made.tender_id}/bid",
                    json={"price_fen": f"{price // 100}", "proposal": "方案和工期"},
                )
                assert answer.status_code == 200, answer.get_data(as_text=True)
                continue
            else:
                data = {
                    "price_fen": f"{price // 100}",
                    "proposal": "方案和工期",
                    "files": (io.BytesIO(PDF), "方案.pdf"),
                }
                answer = client.post(f"{base}/bid", data=data)
            assert answer.status_code == 303, answer.get_data(as_text=True)[-2000:]
        for page in ("bid", "bid/receipt", "bid/envelope"):
            assert client.get(f"{base}/{page}").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(("level", "part", "among"), PLACES)
def test_no_bid_and_five_look_alike(
    app: Flask,
    level: BoxLevel,
    part: str,
    among: tuple[str, ...],
    logged: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = published(level, firms=FIRMS)
    found = made.view()
    assert found.box_id is not None
    ids_of = {"tender_id": made.tender_id, "project_id": made.project_id, "box_id": found.box_id}
    watchers = Watchers(app, made.community_id, ids_of)
    _, rival = make_firm(made.community_id, "没有投标的公司")
    assert rival.person_id is not None
    watchers.add("rival", rival.person_id)
    assert made.officer.person_id is not None
    watchers.add("officer", made.officer.person_id)
    with made.bidding():
        for actor in made.bidders:
            assert actor.person_id is not None
            builders.agree(actor.person_id)
        before, rows = watchers.look(part, among), written(*TABLES)
        counted = watchers.metrics()
        logged.clear()
        capsys.readouterr()
        bid_as_people_do(app, made)
        said = capsys.readouterr()
        assert logged == []
        assert said.out + said.err == ""
        assert changed_metrics(counted, watchers.metrics()) == []
        after = watchers.look(part, among)
        assert changed_pages(before, after) == []
        assert written(*TABLES) == rows
        with db.read() as session:
            assert session.connection().exec_driver_sql("SELECT count(*) FROM bid").scalar() == 5
