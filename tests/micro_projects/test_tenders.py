"""A tender from its draft to its opening: who may, when, by which rule, and what stays unsaid."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from community import micro_projects
from community.kernel import clock, db
from community.kernel.errors import NotAllowed
from community.micro_projects import BidState, ProjectState, TenderMethod, TenderState
from community.micro_projects.errors import tenders as errors
from community.micro_projects.models import Bid, BidEvent
from community.micro_projects.queries.tenders import questions_of
from community.micro_projects.service.bidding import confirm_bid, withdraw_bid
from community.micro_projects.service.freezing import discard_cancelled, freeze_due_tenders
from community.micro_projects.service.tender_drafts import change_tender
from community.sealing import BoxLevel, EnvelopeCopied
from tests import builders
from tests.micro_projects.scene import make_project, state_of
from tests.micro_projects.tendering import (
    MICROSECOND,
    draft_of,
    make_tendering,
    publish,
    published,
)

pytestmark = pytest.mark.usefixtures("database")


def test_a_tender_is_checked_by_somebody_else_and_published() -> None:
    made = make_tendering()
    db.write(micro_projects.submit_for_check, made.officer, made.tender_id)
    with pytest.raises(errors.NotYetChecked):
        db.write(micro_projects.publish_tender, made.officer, made.tender_id)
    with pytest.raises(errors.SamePerson):
        db.write(micro_projects.check_tender, made.officer, made.tender_id, True)
    with pytest.raises(NotAllowed):
        db.write(micro_projects.check_tender, made.scene.neighbour, made.tender_id, True)
    db.write(micro_projects.check_tender, made.checker, made.tender_id, False, "缺工期")
    assert made.view().state is TenderState.DRAFT
    publish(made)
    found = made.view()
    assert (found.state, found.minimum_bids) == (TenderState.ENQUIRY, 3)
    assert state_of(made.scene, made.project_id) is ProjectState.PROCURING


@pytest.mark.parametrize(
    ("amount", "method", "is_fit"),
    [
        (1_000_000, TenderMethod.QUOTATION, True),
        (10_000_000, TenderMethod.QUOTATION, True),
        (10_000_001, TenderMethod.QUOTATION, False),
        (2_000_000, TenderMethod.DIRECT, True),
        (2_000_001, TenderMethod.DIRECT, False),
        (10_000_001, TenderMethod.OPEN, True),
    ],
)
def test_the_method_follows_amount_and_kind(
    amount: int, method: TenderMethod, is_fit: bool
) -> None:
    made = make_tendering()
    project_id = make_project(made.scene, budget_fen=20_000_000)
    draft = draft_of(method=method, budget_fen=amount)
    if is_fit:
        assert db.write(micro_projects.draft_tender, made.officer, project_id, draft)
    else:
        with pytest.raises(errors.MethodTooSmall):
            db.write(micro_projects.draft_tender, made.officer, project_id, draft)


def test_a_draft_is_refused_where_weights_times_or_money_are_wrong() -> None:
    made = make_tendering()
    right = draft_of()
    assert right.opens_at is not None
    for wrong, reason in (
        (replace(right, criteria=right.criteria[:2]), errors.WeightsWrong),
        (replace(right, deadline=right.opens_at), errors.TimesWrong),
        (replace(right, budget_fen=right.budget_fen + 1), errors.OverBudget),
        (replace(right, level=BoxLevel.L2, openers=(1,), opener_threshold=1), errors.OpenersWrong),
    ):
        with pytest.raises(reason):
            db.write(change_tender, made.officer, made.tender_id, wrong)
    with pytest.raises(errors.TenderRunning):
        db.write(micro_projects.draft_tender, made.officer, made.project_id, right)


def test_a_deadline_nearer_than_the_rule_set_is_refused() -> None:
    made = make_tendering()
    draft = draft_of()
    assert draft.opens_at is not None
    short = replace(draft, deadline=draft.opens_at + timedelta(days=17), questions_until=None)
    db.write(change_tender, made.officer, made.tender_id, short)
    with pytest.raises(errors.TimeTooShort):
        publish(made)


def test_bids_come_in_from_the_start_to_a_microsecond_before_the_deadline() -> None:
    made = published()
    found = made.view()
    assert found.opens_at is not None
    assert found.deadline is not None
    with clock.fixed(found.opens_at - MICROSECOND), pytest.raises(errors.BiddingNotOpen):
        made.bid(0)
    with clock.fixed(found.opens_at):
        made.bid(0)
    with clock.fixed(found.deadline - MICROSECOND):
        made.bid(1)
    # Nothing was frozen and no job ran: the clock alone says no.
    with clock.fixed(found.deadline):
        assert found.written_state is TenderState.ENQUIRY
        for place in (2, 0):
            with pytest.raises(errors.TooLate):
                made.bid(place, 8_000_000)
        for act in (withdraw_bid, confirm_bid):
            with pytest.raises(errors.TooLate):
                db.write(act, made.bidders[0], made.tender_id)


def test_only_a_firms_staff_bids_and_only_its_own_bid() -> None:
    made = published()
    with made.bidding():
        made.bid(0)
        for outsider in (made.scene.neighbour, made.officer):
            with pytest.raises(NotAllowed):
                db.write(
                    micro_projects.submit_bid,
                    outsider,
                    made.tender_id,
                    micro_projects.BidContent(1, "x"),
                )
        with pytest.raises(errors.NoBid):
            db.write(withdraw_bid, made.bidders[1], made.tender_id)
        assert made.own(1) is None


def test_replacing_and_withdrawing_keep_the_trace() -> None:
    made = published()
    with made.bidding():
        first = made.bid(0, 8_800_000)
        assert made.bid(0, 8_800_000) == first
        made.bid(0, 8_500_000)
        db.write(withdraw_bid, made.bidders[0], made.tender_id)
        made.bid(0, 8_400_000)
        made.bid(1)
        made.bid(2)
        assert made.bids() == ()
    with made.at_deadline():
        assert made.open() is TenderState.EVALUATING
    prices = {each.organization_id: each.price_fen for each in made.bids()}
    assert prices[made.firms[0]] == 8_400_000
    with db.read() as session:
        acts = [
            each.value
            for each in session.scalars(
                select(BidEvent.act)
                .join(Bid, Bid.id == BidEvent.bid_id)
                .where(Bid.organization_id == made.firms[0])
                .order_by(BidEvent.id)
            )
        ]
    assert acts == ["put", "replaced", "withdrawn", "replaced"]


def test_two_of_three_are_never_opened_and_the_tender_is_repeated() -> None:
    made = published()
    with made.bidding():
        made.bid(0)
        made.bid(1)
    with made.at_deadline():
        assert made.open() is TenderState.UNSUCCESSFUL
        assert made.open() is TenderState.UNSUCCESSFUL
    assert made.bids() == ()
    assert state_of(made.scene, made.project_id) is ProjectState.APPROVED
    with made.at_deadline():
        again = db.write(micro_projects.retender, made.officer, made.tender_id)
        with pytest.raises(errors.NotFailed):
            db.write(micro_projects.retender, made.officer, made.tender_id)
        with db.read() as session:
            new = micro_projects.find_tender(session, made.community_id, again)
    assert (new.retender_of_id, new.attempt, new.state) == (made.tender_id, 2, TenderState.DRAFT)


def test_a_job_freezes_what_is_due_and_tells_a_hidden_root() -> None:
    made = published()
    with made.bidding():
        for place in range(3):
            made.bid(place)
    with made.at_deadline():
        assert db.write(freeze_due_tenders, made.scene.system) == 1
        assert db.write(freeze_due_tenders, made.scene.system) == 0
        found = made.view()
        assert found.written_state is TenderState.FROZEN
        assert found.frozen_salt is None
        assert made.bids() == ()
        made.open()
        found = made.view()
        assert found.frozen_salt is not None
    commitments = sorted(bytes.fromhex(each.commitment) for each in made.bids())
    root = hashlib.sha256(b"".join(commitments)).digest()
    assert hashlib.sha256(found.frozen_salt + root).hexdigest() == found.frozen_hash


def test_an_amendment_asks_for_confirmation_and_the_rule_judges_the_rest() -> None:
    made = published(firms=5)
    with made.bidding() as deadline:
        for place in range(4):
            made.bid(place)
        with pytest.raises(errors.DeadlineEarlier):
            db.write(
                micro_projects.amend_tender, made.officer, made.tender_id, "改了图", clock.now()
            )
        db.write(micro_projects.amend_tender, made.officer, made.tender_id, "第三页图纸更正")
        own = made.own(0)
        assert own is not None
        assert not own.is_confirmed
        for place in range(3):
            db.write(confirm_bid, made.bidders[place], made.tender_id)
            db.write(confirm_bid, made.bidders[place], made.tender_id)
    # Near the deadline an amendment moves it.
    with clock.fixed(deadline - timedelta(days=3)), pytest.raises(errors.DeadlineTooNear):
        db.write(micro_projects.amend_tender, made.officer, made.tender_id, "又改")
    with made.at_deadline():
        made.open()
    states = {each.organization_id: (each.state, each.price_fen) for each in made.bids()}
    assert states[made.firms[0]] == (BidState.PENDING, 8_800_000)
    assert states[made.firms[3]] == (BidState.DISQUALIFIED, None)


def test_unconfirmed_bids_do_not_make_the_minimum() -> None:
    made = published()
    with made.bidding():
        for place in range(3):
            made.bid(place)
        db.write(micro_projects.amend_tender, made.officer, made.tender_id, "第三页图纸更正")
        db.write(confirm_bid, made.bidders[0], made.tender_id)
        db.write(confirm_bid, made.bidders[1], made.tender_id)
    with made.at_deadline():
        assert made.open() is TenderState.UNSUCCESSFUL
    assert made.bids() == ()


def test_questions_carry_no_name_and_appear_with_their_answer() -> None:
    made = published()
    asked = db.write(micro_projects.ask_question, made.bidders[0], made.tender_id, "能否夜间施工？")
    with pytest.raises(errors.WordsNameSomebody):
        db.write(
            micro_projects.ask_question,
            made.bidders[0],
            made.tender_id,
            "清和园艺服务部能夜间施工吗",
        )
    with pytest.raises(NotAllowed):
        db.write(micro_projects.ask_question, made.scene.neighbour, made.tender_id, "多少钱？")
    with db.read() as session:
        assert questions_of(session, made.community_id, made.tender_id) == ()
    db.write(micro_projects.answer_question, made.officer, asked, "二十二点前可以。")
    with pytest.raises(errors.QuestionAnswered):
        db.write(micro_projects.answer_question, made.officer, asked, "不行")
    with db.read() as session:
        [told] = questions_of(session, made.community_id, made.tender_id)
    assert told.answer == "二十二点前可以。"
    until = made.view().questions_until
    assert until is not None
    with clock.fixed(until), pytest.raises(errors.QuestionsOver):
        db.write(micro_projects.ask_question, made.bidders[0], made.tender_id, "还能问吗？")


def test_a_cancelled_tender_says_why_and_opens_nothing() -> None:
    made = published()
    with made.bidding():
        for place in range(3):
            made.bid(place)
        db.write(micro_projects.cancel_tender, made.officer, made.tender_id, "预算调整")
        with pytest.raises(errors.TenderStateWrong):
            made.bid(0)
    with made.at_deadline():
        assert made.view().state is TenderState.CANCELLED
        db.write(freeze_due_tenders, made.scene.system)
        assert db.write(discard_cancelled, made.scene.system) == 1
        assert db.write(discard_cancelled, made.scene.system) == 0
    assert made.bids() == ()
    assert made.view().ended_reason == "预算调整"


def test_another_community_finds_nothing() -> None:
    made = published()
    other = builders.make_community("yinxing", "银杏里社区")
    with db.read() as session, pytest.raises(errors.TenderNotFound):
        micro_projects.find_tender(session, other, made.tender_id)


@pytest.mark.parametrize("openers", [3, 4])
def test_three_of_five_openers_open_and_what_is_copied_is_refused(openers: int) -> None:
    made = published(BoxLevel.L2)
    with made.bidding():
        for place in range(3):
            made.bid(place, 9_000_000 - place)
        [firm, other] = made.firms[:2]
        content = micro_projects.write_bid(micro_projects.BidContent(8_000_000, "x"))
        sealed = made.seal(0, content)
        db.write(micro_projects.submit_sealed_bid, made.bidders[0], made.tender_id, sealed)
        with pytest.raises(EnvelopeCopied):
            db.write(micro_projects.submit_sealed_bid, made.bidders[1], made.tender_id, sealed)
        with pytest.raises(errors.WrongEnvelope):
            db.write(
                micro_projects.submit_bid,
                made.bidders[0],
                made.tender_id,
                micro_projects.BidContent(1, "x"),
            )
    with made.at_deadline():
        assert made.give_shares(2) is False
        with pytest.raises(errors.StillSealed):
            made.open()
        assert made.bids() == ()
        assert made.give_shares(openers, since=2) is True
    found = made.view()
    assert (found.written_state, found.opened_at) == (TenderState.EVALUATING, found.deadline)
    prices = {each.organization_id: each.price_fen for each in made.bids()}
    assert (prices[firm], prices[other]) == (8_000_000, 8_999_999)


def test_an_envelope_that_holds_no_bid_is_void() -> None:
    made = published(BoxLevel.L2)
    with made.bidding():
        for place in range(3):
            made.bid(place)
        sealed = made.seal(0, b'{"price_fen":-1,"proposal":"x"}')
        db.write(micro_projects.submit_sealed_bid, made.bidders[0], made.tender_id, sealed)
    with made.at_deadline():
        made.give_shares(3)
    [void] = [each for each in made.bids() if each.organization_id == made.firms[0]]
    assert (void.state, void.price_fen) == (BidState.DISQUALIFIED, None)
