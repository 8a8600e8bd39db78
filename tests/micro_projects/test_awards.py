"""From opened bids to an award that stands: review, panel, sheets, ranking, standstill, next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from community.kernel import clock, db
from community.kernel.actor import Actor
from community.kernel.errors import NotAllowed
from community.micro_projects.errors import awards as refusals
from community.micro_projects.errors.money import ProjectMoneyShort
from community.micro_projects.queries.money import free_money
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.complaints import ComplaintGround, Remedy
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service import awards, complaints, reviews
from community.micro_projects.service.complaints import Verdict
from community.micro_projects.service.money import hold_award
from tests.micro_projects.awarding import (
    Awarding,
    after,
    bid_state,
    make_opened,
    make_scored,
)

pytestmark = pytest.mark.usefixtures("database")

EVEN = {0: 5_000, 1: 5_000, 2: 5_000}


def touch(statement: str) -> None:
    """Go around the application."""

    def act(session: Session, actor: Actor) -> None:
        session.execute(text(statement))

    db.write(act, Actor.system(1))


def test_the_whole_way_to_an_award_whose_money_is_held() -> None:
    found = make_scored({0: 5_500, 1: 5_000, 2: 4_000})
    with clock.fixed(after(found, days=1)):
        ranking = found.ranking()
        # 15 x 88,000 / 90,000 = 14.67; the first has 75.00 + 14.67, the second 70.00 + 15.00.
        assert [(one.price_score, one.technical) for one in ranking.lines[:2]] == [
            (1_467, 7_500),
            (1_500, 7_000),
        ]
        award_id = found.notice()
        row = found.award(award_id)
        assert row.amount_fen == 9_000_000
        assert row.standstill_until is not None
        with pytest.raises(refusals.StandstillRuns):
            db.write(awards.finalize_award, found.officer, award_id)
    last = row.standstill_until - timedelta(microseconds=1)
    with clock.fixed(last), pytest.raises(refusals.StandstillRuns):
        db.write(awards.finalize_award, found.officer, award_id)
    with clock.fixed(row.standstill_until):
        assert db.write(awards.finalize_due_awards, found.scene.system) == 1
        assert db.write(awards.finalize_due_awards, found.scene.system) == 0
        assert found.award(award_id).state is AwardState.ACTIVE
        assert found.tendering.view().state is TenderState.AWARDED
        with db.read() as session:
            left = free_money(session, found.scene.community_id, found.tendering.project_id)
        assert left == 500_000


def test_the_standstill_counts_working_days() -> None:
    found = make_scored(EVEN)
    moment = after(found, days=1)
    with clock.fixed(moment):
        row = found.award(found.notice())
    assert row.standstill_until is not None
    # 14 December 2026 is a Monday: five working days are Tuesday to Friday and Monday.
    assert clock.day_of(moment).isoformat() == "2026-12-15"
    assert clock.day_of(row.standstill_until).isoformat() == "2026-12-23"


def test_a_disqualified_bid_is_told_why_and_is_never_the_base() -> None:
    found = make_scored(EVEN, (9_500_000, 8_800_000, 7_000_000), True, True, False)
    with clock.fixed(after(found, days=1)):
        assert [one.price_score for one in found.ranking().lines] == [1_500, 1_389]
        assert found.bids()[2].disqualified_reason == "没有盖章"
        award = found.award(found.notice())
    assert award.organization_id == found.tendering.firms[1]


def test_a_disqualification_needs_its_reason_and_an_officer() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        with pytest.raises(refusals.ReasonWanted):
            db.write(reviews.judge_bid, found.officer, found.bid_id(0), False)
        for other in (found.scene.neighbour, found.tendering.bidders[1], found.scene.auditor):
            with pytest.raises(NotAllowed):
                db.write(reviews.judge_bid, other, found.bid_id(0), True)


def test_all_disqualified_ends_the_tender_and_frees_the_project() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        with pytest.raises(refusals.ReviewOpen):
            db.write(awards.declare_failed, found.officer, found.tender_id)
        found.judge(False, False, False)
        db.write(awards.declare_failed, found.officer, found.tender_id)
        assert found.tendering.view().state is TenderState.UNSUCCESSFUL
        with pytest.raises(refusals.NotEvaluating):
            db.write(awards.notice_award, found.officer, found.tender_id)


def test_a_tender_with_a_valid_bid_left_has_not_failed() -> None:
    found = make_opened()
    with clock.fixed(after(found, hours=1)):
        found.judge(False, True, False)
        with pytest.raises(refusals.StillSomebody):
            db.write(awards.declare_failed, found.officer, found.tender_id)


def test_the_winner_refuses_and_the_next_follows() -> None:
    found = make_scored({0: 5_500, 1: 5_000, 2: 4_000})
    with clock.fixed(after(found, days=1)):
        first = found.notice()
        with pytest.raises(refusals.NotTheBidder):
            db.write(awards.refuse_award, found.tendering.bidders[1], first, "不是我")
        db.write(awards.refuse_award, found.tendering.bidders[0], first, "工期排不开")
        assert found.award(first).state is AwardState.REFUSED
        # The refused bid stays compliant, so nobody's score changes.
        assert bid_state(found.bid_id(0)) is BidState.VALID
        second = found.award(found.notice())
        assert (second.place, second.organization_id) == (2, found.tendering.firms[1])


def test_an_objection_blocks_and_upheld_puts_the_next_bidder_there() -> None:
    found = make_scored({0: 5_500, 1: 5_000, 2: 4_000})
    with clock.fixed(after(found, days=1)):
        first = found.notice()
        words = "中选单位的业绩证明不实"
        loser = found.tendering.bidders[1]
        made = db.write(complaints.object_to, loser, first, ComplaintGround.FALSE_PAPERS, words)
        with pytest.raises(refusals.ComplaintTwice):
            db.write(complaints.object_to, loser, first, ComplaintGround.OTHER, words)
        until = found.award(first).standstill_until
        assert until is not None
    with clock.fixed(until):
        assert db.write(awards.finalize_due_awards, found.scene.system) == 0
        with pytest.raises(refusals.ObjectionOpen):
            db.write(awards.finalize_award, found.officer, first)
        with pytest.raises(IntegrityError):
            touch(f"UPDATE award SET state = 'active', final_at = 1 WHERE id = {first}")
        verdict = Verdict(True, "经核实，业绩证明系伪造", Remedy.BIDDER_OUT)
        with pytest.raises(refusals.OwnComplaint):
            db.write(complaints.answer_complaint, found.officer, made, verdict)
        with pytest.raises(NotAllowed):
            db.write(complaints.answer_complaint, loser, made, verdict)
        db.write(complaints.answer_complaint, found.scene.street, made, verdict)
        with pytest.raises(refusals.ComplaintAnsweredAlready):
            db.write(complaints.answer_complaint, found.scene.street, made, verdict)
        assert found.award(first).state is AwardState.CANCELLED
        assert bid_state(found.bid_id(0)) is BidState.DISQUALIFIED
        second = found.award(found.notice())
        assert second.organization_id == found.tendering.firms[1]


def test_an_objection_after_the_standstill_is_late_and_a_complaint_follows_an_answer() -> None:
    found = make_scored({0: 5_500, 1: 5_000, 2: 4_000})
    loser = found.tendering.bidders[1]
    with clock.fixed(after(found, days=1)):
        award_id = found.notice()
        until = found.award(award_id).standstill_until
        assert until is not None
        made = db.write(complaints.object_to, loser, award_id, ComplaintGround.SCORING, "算错了")
        with pytest.raises(refusals.ObjectFirst):
            db.write(complaints.complain, loser, made, "不服")
        db.write(complaints.answer_complaint, found.scene.street, made, Verdict(False, "计算无误"))
        ruled = db.write(complaints.complain, loser, made, "不服答复")
        with pytest.raises(NotAllowed):
            db.write(
                complaints.answer_complaint, found.tendering.checker, ruled, Verdict(False, "否")
            )
    with clock.fixed(until):
        with pytest.raises(refusals.ObjectionLate):
            db.write(
                complaints.object_to, found.scene.neighbour, award_id, ComplaintGround.OTHER, "晚"
            )
        with pytest.raises(refusals.ObjectionOpen):
            db.write(awards.finalize_award, found.officer, award_id)
        db.write(complaints.answer_complaint, found.scene.street, ruled, Verdict(False, "维持"))
        db.write(awards.finalize_award, found.officer, award_id)


def test_a_short_fund_leaves_the_award_as_it_was() -> None:
    found = make_scored(EVEN)
    with clock.fixed(after(found, days=1)):
        award_id = found.notice()
        until = found.award(award_id).standstill_until
        assert until is not None
    _spend_all(found)
    with clock.fixed(until):
        with pytest.raises(ProjectMoneyShort):
            db.write(awards.finalize_award, found.officer, award_id)
        assert found.award(award_id).state is AwardState.PENDING


def test_the_database_refuses_what_must_never_be() -> None:
    found = make_scored(EVEN, (9_500_000, 8_800_000, 7_000_000), True, True, False)
    with clock.fixed(after(found, days=1)):
        award_id = found.notice()
        other = found.bid_id(2)
        insert = (
            "INSERT INTO award (community_id, project_id, tender_id, bid_id, organization_id,"
            " method, amount_fen, state, place, reason, near_jobs, split_words, noticed_at,"
            " ended_words) SELECT community_id, project_id, tender_id, {bid}, {firm}, method,"
            " {fen}, 'pending', 1, 'x', '[]', '', noticed_at, '' FROM award"
        )
        firms = found.tendering.firms
        for statement in (
            # On a disqualified bid; twice for one tender; for another price.
            insert.format(bid=other, firm=firms[2], fen=7_000_000),
            insert.format(bid=found.bid_id(0), firm=firms[0], fen=9_500_000),
            f"UPDATE award SET amount_fen = 1 WHERE id = {award_id}",
            f"UPDATE bid SET state = 'disqualified' WHERE id = {found.bid_id(1)}",
            f"DELETE FROM award WHERE id = {award_id}",
        ):
            with pytest.raises(IntegrityError):
                touch(statement)


def _spend_all(found: Awarding) -> None:
    db.write(hold_award, found.scene.system, found.tendering.project_id, 999_999, 1_000_000)
