"""The panel and its sheets: drawn by lot, hidden until all have signed, recused, tied, low."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.micro_projects.errors import awards as refusals
from community.micro_projects.errors import panels as panel_refusals
from community.micro_projects.errors.tenders import NoBid
from community.micro_projects.queries import lots as lot_queries
from community.micro_projects.queries import panels as panel_queries
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import LotPurpose, SeatKind, SeatState, SeedSource
from community.micro_projects.service import awards, marking, panels, reviews
from community.micro_projects.service.marking import Mark
from community.micro_projects.service.suspensions import declare_conflict
from community.micro_projects.service.tender_lots import SeedPlan
from tests import builders
from tests.micro_projects.awarding import (
    after,
    bid_state,
    make_opened,
    make_scored,
    sign_checkpoint,
)

pytestmark = pytest.mark.usefixtures("database")

EVEN = {0: 5_000, 1: 5_000, 2: 5_000}


def touch(statement: str) -> None:
    """Go around the application."""

    def act(session: Session, actor: Actor) -> None:
        session.execute(text(statement))

    db.write(act, Actor.system(1))


def test_nobody_sees_a_mark_before_all_have_signed() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        assert found.draw(lot) == 5
        *first, last = found.sitting()
        for seat in first:
            found.mark(seat, EVEN)
            found.sign(seat)
        assert found.sheets() == ()
        with pytest.raises(refusals.SheetsOpen):
            found.ranking()
        with pytest.raises(refusals.SheetsOpen):
            found.notice()
        with db.read() as session:
            for other in (found.officer, found.scene.auditor, found.member(last)):
                with pytest.raises(panel_refusals.SeatNotFound):
                    panel_queries.own_sheet(session, other, first[0].id)
            records = session.execute(text("SELECT content FROM transparency_record")).scalars()
            assert not any(b'"marks"' in bytes(each) for each in records)
        found.mark(last, EVEN)
        found.sign(last)
        assert len(found.sheets()) == 5


def test_a_sheet_is_signed_once_and_stands() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        seat = found.sitting()[0]
        found.mark(seat, {0: 5_000})
        with pytest.raises(panel_refusals.SheetIncomplete):
            found.sign(seat)
        found.mark(seat, EVEN)
        found.sign(seat)
        with pytest.raises(panel_refusals.SeatLeft):
            found.sign(seat)
        with pytest.raises(panel_refusals.SeatLeft):
            found.mark(seat, EVEN)
        for statement in (
            f"UPDATE score_mark SET hundredths = 1 WHERE seat_id = {seat.id}",
            f"DELETE FROM score_mark WHERE seat_id = {seat.id}",
            f"DELETE FROM score_sheet WHERE seat_id = {seat.id}",
        ):
            with pytest.raises(IntegrityError):
                touch(statement)


def test_a_mark_stays_within_its_criterion_and_to_its_own_seat() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        seat, other = found.sitting()[:2]
        with pytest.raises(panel_refusals.MarkOutOfRange):
            found.mark(seat, {0: 6_001})
        found.mark(seat, {0: 6_000})
        marks = (Mark(found.bid_id(0), 1, 10),)
        with pytest.raises(panel_refusals.SeatNotFound):
            db.write(marking.keep_marks, found.member(other), seat.id, marks)


def test_recusal_before_signing_takes_the_next_in_the_lots_order() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        seat = found.sitting()[1]
        db.write(panels.recuse, found.member(seat), seat.id, "曾在一家投标单位工作")
        seats = found.seats()
        assert [one.state for one in seats].count(SeatState.RECUSED) == 1
        assert len(found.sitting()) == 5
        assert seats[-1].round == 2
        assert sum(one.kind is SeatKind.EXPERT for one in found.sitting()) >= 4
        with pytest.raises(panel_refusals.SeatLeft):
            db.write(panels.recuse, found.member(seat), seat.id, "再次")


def test_recusal_after_scoring_voids_those_scores() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        lot = found.list_panel()
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        biased, *fair = found.sitting()
        found.mark(biased, {0: 0, 1: 0, 2: 6_000})
        found.sign(biased)
        for seat in fair:
            found.mark(seat, {0: 5_000, 1: 4_000, 2: 4_600})
            found.sign(seat)
        # With the biased sheet the third leads, without it the first does.
        assert found.ranking().lines[0].bid_id == found.bid_id(2)
        db.write(panels.recuse, found.officer, biased.id, "与投标单位有亲属关系")
        ranking = found.ranking()
        assert ranking.lines[0].bid_id == found.bid_id(0)
        assert ranking.is_quorate
        assert len(found.sitting()) == 4
        assert [each.is_void for each in found.sheets()].count(True) == 1


def test_a_panel_that_lost_too_many_sheets_is_given_up_for_another() -> None:
    found = make_scored(EVEN, pool=(8, 3))
    with clock.fixed(after(found, hours=6)):
        with pytest.raises(panel_refusals.PanelStands):
            db.write(panels.give_up_panel, found.officer, found.tender_id)
        gone = found.sitting()[:3]
        for seat in gone:
            db.write(panels.recuse, found.officer, seat.id, "有利益关系")
        with pytest.raises(refusals.PanelBroken):
            found.notice()
        db.write(panels.give_up_panel, found.officer, found.tender_id)
        lot = found.list_panel()
    with clock.fixed(after(found, hours=9)):
        found.draw(lot)
        again = [seat for seat in found.sitting() if seat.lot_id == lot]
        assert not {seat.person_id for seat in gone} & {seat.person_id for seat in again}
        assert found.sheets() == ()
        for seat in again:
            found.mark(seat, EVEN)
            found.sign(seat)
        found.notice()


def test_the_draw_waits_for_a_seed_nobody_knew_and_is_drawn_once() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge()
        soon = SeedPlan(SeedSource.CHECKPOINT, clock.now() + timedelta(minutes=59))
        with pytest.raises(panel_refusals.LotSeedKnown):
            db.write(panels.publish_panel_list, found.officer, found.tender_id, soon)
        lot = found.list_panel(SeedSource.CHECKPOINT)
        with pytest.raises(panel_refusals.PanelExists):
            found.list_panel()
        sign_checkpoint(found.scene.community_id)
        with pytest.raises(panel_refusals.LotSeedNotYet):
            found.draw(lot)
    with clock.fixed(after(found, hours=4)):
        with pytest.raises(panel_refusals.LotNoCheckpoint):
            found.draw(lot)
        sign_checkpoint(found.scene.community_id)
        found.draw(lot)
        with pytest.raises(panel_refusals.LotDrawn):
            found.draw(lot)
        with pytest.raises(IntegrityError):
            touch(f"UPDATE tender_lot SET seed = 'another' WHERE id = {lot}")


def test_who_is_near_a_bidder_is_never_drawn_and_a_small_pool_is_refused() -> None:
    found = make_opened(pool=(5, 3))
    community_id = found.scene.community_id
    with clock.fixed(after(found, hours=1)):
        found.judge()
        tied = builders.actor(community_id, found.pool[0])
        db.write(declare_conflict, tied, found.tendering.firms[0], "持有股份")
        lot = found.list_panel()
        with db.read() as session:
            told = lot_queries.get_lot(session, community_id, lot)
        assert told.barred == {"conflict": 1}
        assert told.candidates == 7
    with clock.fixed(after(found, hours=4)):
        found.draw(lot)
        assert found.pool[0] not in {seat.person_id for seat in found.seats()}


def test_a_pool_too_small_is_refused_not_shrunk() -> None:
    found = make_opened(pool=(3, 9))
    with clock.fixed(after(found, hours=1)):
        found.judge()
        with pytest.raises(panel_refusals.PoolTooSmall) as refused:
            found.list_panel()
        assert refused.value.facts == {"people": 1, "experts": 1}


def test_a_tie_is_broken_by_a_public_lot() -> None:
    found = make_scored(EVEN, (8_800_000, 8_800_000, 9_200_000))
    with clock.fixed(after(found, days=1)):
        with pytest.raises(refusals.TieUndrawn):
            found.notice()
        plan = SeedPlan(SeedSource.LOTTERY, clock.now() + timedelta(hours=2), "双色球下一期")
        lot = db.write(awards.publish_tie_list, found.officer, found.tender_id, plan)
    with clock.fixed(after(found, days=2)):
        db.write(awards.draw_tie, found.officer, lot, "01 02 03 04 05 06 07")
        ranking = found.ranking()
        assert ranking.leading_tie == ()
        with db.read() as session:
            told = lot_queries.get_lot(session, found.scene.community_id, lot)
            order = lot_queries.tie_order(session, found.scene.community_id, found.tender_id)
        assert told.purpose is LotPurpose.TIE
        assert order[ranking.lines[0].bid_id] == 1
        with pytest.raises(refusals.NoTie):
            db.write(awards.publish_tie_list, found.officer, found.tender_id, plan)
        assert found.award(found.notice()).bid_id == ranking.lines[0].bid_id


def test_an_abnormally_low_price_waits_for_its_explanation() -> None:
    found = make_scored(EVEN, (9_000_000, 9_200_000, 5_400_000))
    with clock.fixed(after(found, days=1)):
        with pytest.raises(refusals.LowPriceOpen):
            found.notice()
        low = found.bid_id(2)
        with pytest.raises(refusals.NotExplained):
            db.write(reviews.decide_price, found.officer, low, False, "没有说明")
        with pytest.raises(NoBid):
            db.write(reviews.explain_price, found.tendering.bidders[0], low, "冒充")
        db.write(reviews.explain_price, found.tendering.bidders[2], low, "自有设备，材料有库存")
        db.write(reviews.decide_price, found.officer, low, True, "说明合理")
        with pytest.raises(refusals.NotAsked):
            db.write(reviews.decide_price, found.officer, low, False, "再来一次")
        assert found.award(found.notice()).bid_id == low


def test_a_low_price_that_is_not_explained_is_out() -> None:
    found = make_scored(EVEN, (9_000_000, 9_200_000, 5_400_000))
    with clock.fixed(after(found, days=9)):
        low = found.bid_id(2)
        db.write(reviews.decide_price, found.officer, low, False, "逾期没有说明")
        assert bid_state(low) is BidState.DISQUALIFIED
        assert found.award(found.notice()).bid_id == found.bid_id(0)
