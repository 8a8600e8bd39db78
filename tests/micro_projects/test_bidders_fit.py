"""Only an organisation that could be given the work bids for it, and it is told what is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.errors.tenders import BidderUnfit
from community.micro_projects.queries.suppliers import own_supplier
from community.micro_projects.rules.bids import BidState
from community.micro_projects.service.suspensions import appeal_suspension, suspend_supplier
from community.sealing import BoxLevel
from tests import builders
from tests.links import lost_links
from tests.micro_projects.tendering import Tendering, published

pytestmark = pytest.mark.usefixtures("database")


def suspend(made: Tendering, bidder: Actor) -> int:
    """Suspend the organisation that somebody works for."""
    with db.read() as session:
        supplier = own_supplier(session, bidder)
    assert supplier is not None
    until = clock.today() + timedelta(days=60)
    done: int = db.write(suspend_supplier, made.officer, supplier.id, until, "材料造假")
    return done


@pytest.mark.parametrize("level", [BoxLevel.L1, BoxLevel.L2])
def test_a_suspended_organisation_does_not_bid(level: BoxLevel) -> None:
    made = published(level)
    with made.bidding():
        made.bid(1)
        suspend(made, made.bidders[0])
        with pytest.raises(BidderUnfit) as refused:
            made.bid(0)
        assert "正在暂停资格期间" in str(refused.value)
        assert made.own(0) is None
        other = made.own(1)
        assert other is not None
        assert other.state is BidState.PENDING


def test_its_page_says_why_and_offers_no_form(app: Flask) -> None:
    made = published()
    with made.bidding():
        suspension = suspend(made, made.bidders[0])
        page = f"/c/guihua/projects/tenders/{made.tender_id}/bid"
        for place, is_fit in ((0, False), (1, True)):
            client = app.test_client()
            builders.sign_in(client, made.bidders[place].person_id or 0)
            shown = client.get(page).text
            assert ("正在暂停资格期间" in shown) is not is_fit
            assert ("提交投标" in shown) is is_fit
        db.write(appeal_suspension, made.bidders[0], suspension, "材料是真的")
    assert lost_links(app) == []
