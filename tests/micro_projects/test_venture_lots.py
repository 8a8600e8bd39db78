"""Residents put themselves forward to judge a call, and a public seed picks among them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors import panels as panel_refusals
from community.micro_projects.errors import venture as refusals
from community.micro_projects.models import TenderLot
from community.micro_projects.queries.lots import draw_file
from community.micro_projects.queries.venture_lots import count_offers, has_offered
from community.micro_projects.rules.panels import ON_PANEL, SeatKind, SeedSource
from community.micro_projects.service import panels, venture_jury
from community.micro_projects.service import venture_lots as service
from community.micro_projects.service.tender_lots import SeedPlan
from tests import builders
from tests.micro_projects.calling import KINDS, Calling, apply, apply_as_group, make_call
from tests.micro_projects.test_award_pages import client_of, post, read
from tests.micro_projects.test_drawing_cli import draw as draw_again
from tests.scenes import kept

pytestmark = pytest.mark.usefixtures("database")

NUMBER = "03 07 12 19 25 31 08"


@kept
def judged(offers: int = 4) -> tuple[Calling, tuple[Actor, ...]]:
    """Let residents offer, the group's lead among them, and everything but their seats be ready."""
    found = make_call()
    here = found.scene.community_id
    willing = [
        builders.actor(here, builders.make_person(here, f"自荐{place}", birth_year=1970))
        for place in range(offers)
    ]
    apply(found)
    apply_as_group(found)
    with found.taking():
        for each in (*willing, found.lead):
            db.write(service.offer_to_judge, each, found.call_id)
    with found.judging():
        found.begin()
        for person, kind in zip(found.pool, KINDS, strict=False):
            if kind is not SeatKind.RESIDENT:
                db.write(venture_jury.seat_juror, found.officer, found.call_id, person)
    return found, tuple(willing)


def list_jury(found: Calling) -> int:
    plan = SeedPlan(SeedSource.LOTTERY, clock.now() + timedelta(hours=2), "双色球第 120 期")
    lot: int = db.write(service.publish_jury_list, found.officer, found.call_id, plan)
    return lot


def drawn(found: Calling) -> int:
    """Publish the list and draw; gives the lot."""
    with found.judging():
        lot = list_jury(found)
    with clock.fixed(found.row().pitch_at + timedelta(hours=4)):
        db.write(service.draw_jury, found.officer, lot, NUMBER)
    return lot


def residents(found: Calling) -> list[int]:
    return [each.person_id for each in found.seats() if each.kind is SeatKind.RESIDENT]


def test_residents_are_drawn_beside_those_who_were_asked(app: Flask) -> None:
    found, willing = judged()
    lot = drawn(found)
    assert len(found.seats()) == len(KINDS)
    people = {each.person_id for each in willing}
    assert set(residents(found)) < people
    with db.read() as session:
        row = session.get_one(TenderLot, lot)
        assert (row.candidates, row.barred) == (4, {"proposer": 1})
        told = draw_file(session, found.scene.community_id, lot)
    assert (told["call"], told["seats"], len(told["rounds"][0]["drawn"])) == (found.call_id, 2, 2)
    assert draw_again(app, lot)[0] == 0


def test_the_next_in_the_lot_follows_a_juror_who_leaves(app: Flask) -> None:
    found, willing = judged(3)
    lot = drawn(found)
    (last,) = {each.person_id for each in willing} - set(residents(found))
    with clock.fixed(found.row().pitch_at + timedelta(hours=5)):
        for place in range(2):
            seat = next(each for each in found.seats() if each.kind is SeatKind.RESIDENT)
            db.write(panels.recuse, found.juror(seat), seat.id, "孩子在申报单位上课")
            assert last in residents(found)
            assert len(residents(found)) == 2 - place
        assert draw_again(app, lot)[0] == 0
        # Nobody is left in the lot, so somebody of the pool is asked.
        pool = next(p for p, k in zip(found.pool, KINDS, strict=False) if k is SeatKind.RESIDENT)
        db.write(venture_jury.seat_juror, found.officer, found.call_id, pool)
    seats = found.seats()
    assert sum(each.kind is SeatKind.RESIDENT for each in seats) == 2
    assert all(each.state in ON_PANEL for each in seats)


def test_a_list_needs_enough_and_stands() -> None:
    found, _ = judged(1)
    with found.judging():
        with pytest.raises(refusals.OffersTooFew):
            list_jury(found)
        pool = next(p for p, k in zip(found.pool, KINDS, strict=False) if k is SeatKind.RESIDENT)
        db.write(venture_jury.seat_juror, found.officer, found.call_id, pool)
        other = builders.make_person(found.scene.community_id, "晚到的", birth_year=1980)
        late = builders.actor(found.scene.community_id, other)
        lot = list_jury(found)
        for refused in (late, found.lead):
            with pytest.raises(refusals.OffersClosed):
                db.write(service.offer_to_judge, refused, found.call_id)
        with pytest.raises(refusals.JuryListRuns):
            list_jury(found)
        with pytest.raises(panel_refusals.LotSeedNotYet):
            db.write(service.draw_jury, found.officer, lot, NUMBER)
        spare = [p for p, k in zip(found.pool, KINDS, strict=False) if k is SeatKind.RESIDENT][1]
        with pytest.raises(refusals.JuryListRuns):
            db.write(venture_jury.seat_juror, found.officer, found.call_id, spare)
        with pytest.raises(panel_refusals.LotNotFound):
            db.write(panels.draw_panel, found.officer, lot, NUMBER)
        with pytest.raises(NotAllowed):
            db.write(service.draw_jury, late, lot, NUMBER)


def test_only_adults_offer_once_and_may_think_again() -> None:
    found = make_call()
    here = found.scene.community_id
    child = builders.actor(here, builders.make_person(here, "小朋友", birth_year=2015))
    with found.taking():
        with pytest.raises(refusals.OffersClosed):
            db.write(service.offer_to_judge, child, found.call_id)
        for _ in range(2):
            db.write(service.offer_to_judge, found.lead, found.call_id)
        with db.read() as session:
            assert count_offers(session, here, found.call_id) == 1
        db.write(service.take_offer_back, found.lead, found.call_id)
        with db.read() as session:
            assert not has_offered(session, found.lead, found.call_id)


def test_pages_offer_list_and_draw(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_METHODS", set())
    found, willing = judged()
    officer, one = client_of(app, found.officer), client_of(app, willing[0])
    page, desk = f"/projects/calls/{found.call_id}", f"/desk/calls/{found.call_id}"
    with found.judging():
        assert "您已自荐" in read(one, page)
        post(one, f"{page}/jury-offer/take-back")
        assert "我愿意当评委" in read(one, page)
        post(one, f"{page}/jury-offer")
        assert "5 人自荐" in read(officer, desk)
        seed: dict[str, Any] = {"source": "lottery", "words": "双色球第 120 期"}
        at = (clock.now() + timedelta(hours=2)).astimezone(clock.SHANGHAI)
        post(one, f"{desk}/lot", 403, **seed, at=f"{at:%Y-%m-%dT%H:%M}")
        post(officer, f"{desk}/lot", **seed, at=f"{at:%Y-%m-%dT%H:%M}")
        assert "等种子" in read(app.test_client(), page)
        post(one, f"{page}/jury-offer", 409)
        with db.read() as session:
            lot = session.query(TenderLot).one().id
    with clock.fixed(found.row().pitch_at + timedelta(hours=4)):
        post(officer, f"{desk}/lots/{lot}", number=NUMBER)
        assert "flask projects draw" in read(app.test_client(), page)
        read(app.test_client(), f"/projects/lots/{lot}.json")
