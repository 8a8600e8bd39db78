"""The compliance review before the scores, and abnormally low prices that wait for a word."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from community import transparency
from community.kernel import calendar, clock, events
from community.kernel.actor import Actor
from community.kernel.errors import N_
from community.kernel.sentences import say
from community.micro_projects import permissions
from community.micro_projects.errors.awards import (
    BidVoid,
    NotAsked,
    NotEvaluating,
    NotExplained,
    ReasonWanted,
    ReviewClosed,
)
from community.micro_projects.errors.tenders import NoBid
from community.micro_projects.events import BidJudged
from community.micro_projects.models import (
    Bid,
    BidReview,
    LowPriceQuery,
    PanelSeat,
    ScoreSheet,
    Tender,
)
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.reviews import low_bids, pending_bids
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.tenders import TenderState
from community.micro_projects.service.suppliers import own_firm, tell_staff
from community.micro_projects.service.tender_steps import load_tender, lock_tender

REVIEWED, LOW_PRICE = "bid.reviewed", "bid.low_price"

transparency.name_kinds({REVIEWED: N_("投标审查结论"), LOW_PRICE: N_("低价说明的结论")})


def judge_bid(
    session: Session, actor: Actor, bid_id: int, is_responsive: bool, reason: str = ""
) -> None:
    """Say whether a bid meets what the tender demands; its bidder is told at once.

    It may be said anew until a member of the panel has signed. When the last bid is reviewed,
    abnormally low prices are asked about.
    Raises: NoBid, NotEvaluating, ReviewClosed, ReasonWanted, BidVoid.
    """
    actor.check(permissions.AWARD.code)
    bid, tender = _load(session, actor, bid_id)
    if not is_responsive and not reason:
        raise ReasonWanted
    if is_responsive and (bid.price_fen is None or bid.price_fen > tender.budget_fen):
        raise BidVoid
    if has_sheets(session, tender):
        raise ReviewClosed
    review = BidReview(
        community_id=actor.community_id,
        bid_id=bid.id,
        is_responsive=is_responsive,
        reason=reason,
        reviewed_by=actor.person_id,
        reviewed_at=clock.now(),
    )
    session.add(review)
    state = BidState.VALID if is_responsive else BidState.DISQUALIFIED
    settle_bid(session, actor, bid, state, reason)
    if not pending_bids(session, actor.community_id, tender.id):
        ask_low_prices(session, actor, tender)


def settle_bid(session: Session, actor: Actor, bid: Bid, state: BidState, reason: str) -> None:
    """Let a bid count or not, publish it and tell its bidder."""
    bid.state, bid.disqualified_reason = state, reason if state is BidState.DISQUALIFIED else ""
    session.flush()
    told = {
        "tender": bid.tender_id,
        "bid": bid.id,
        "organization": bid.organization_id,
        "state": state.value,
        "reason": reason,
    }
    transparency.publish(session, bid.community_id, REVIEWED, told, bid.id)
    good = state is BidState.VALID
    title = say(N_("您的投标通过审查")) if good else say(N_("您的投标被判定无效"))
    body = title if good else say(N_("理由：{reason}"), reason=reason)
    link = f"projects/tenders/{bid.tender_id}/evaluation"
    tell_staff(session, actor, bid.organization_id, title, body, link)
    events.tell(session, BidJudged(bid.community_id, bid.id))


def ask_low_prices(session: Session, actor: Actor, tender: Tender) -> int:
    """Ask each bidder of an abnormally low price for an explanation, once; gives how many."""
    community_id, today = actor.community_id, clock.today()
    days = award_terms(session, community_id, today).explain_days
    asked = 0
    for bid_id, others in low_bids(session, community_id, tender.id).items():
        known = session.scalar(select(LowPriceQuery.id).where(LowPriceQuery.bid_id == bid_id))
        if known is not None:
            continue
        due_on = calendar.add_working_days(session, community_id, today, days)
        row = LowPriceQuery(
            community_id=community_id,
            bid_id=bid_id,
            others=others,
            asked_by=actor.person_id,
            asked_at=clock.now(),
            due_on=due_on,
        )
        session.add(row)
        asked += 1
        bid = session.get_one(Bid, bid_id)
        tell_staff(
            session,
            actor,
            bid.organization_id,
            say(N_("请说明报价为什么这么低")),
            say(
                N_(
                    "您的报价明显低于其他单位，请在 {day} 前说明怎样保证质量和履约；"
                    "不说明按无效处理。"
                ),
                day=due_on.isoformat(),
            ),
            f"projects/bids/{bid_id}/price",
            "todo",
        )
    session.flush()
    return asked


def explain_price(session: Session, actor: Actor, bid_id: int, words: str) -> None:
    """Explain one's own abnormally low price; a later word replaces an earlier one until decided.

    Another's bid answers as one that does not exist. Raises: NoBid, NotAsked.
    """
    actor.check(permissions.SUPPLY.code)
    bid = session.get(Bid, bid_id)
    if bid is None or bid.community_id != actor.community_id:
        raise NoBid
    if own_firm(session, actor) != bid.organization_id:
        raise NoBid
    done = session.execute(
        update(LowPriceQuery)
        .where(
            LowPriceQuery.community_id == actor.community_id,
            LowPriceQuery.bid_id == bid_id,
            LowPriceQuery.decided_at.is_(None),
        )
        .values(answer=words, answered_by=actor.person_id, answered_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise NotAsked


def decide_price(
    session: Session, actor: Actor, bid_id: int, is_accepted: bool, words: str
) -> None:
    """Accept the explanation of a low price, or disqualify the bid, in public, with the reason.

    Without an explanation a price is refused only after its day.
    Raises: NoBid, NotEvaluating, NotAsked, NotExplained.
    """
    actor.check(permissions.AWARD.code)
    bid, tender = _load(session, actor, bid_id)
    row = session.scalar(
        select(LowPriceQuery).where(
            LowPriceQuery.community_id == actor.community_id, LowPriceQuery.bid_id == bid_id
        )
    )
    if row is None:
        raise NotAsked
    waits = clock.today() <= row.due_on or is_accepted
    if row.answered_at is None and waits:
        raise NotExplained(due=row.due_on.isoformat())
    done = session.execute(
        update(LowPriceQuery)
        .where(LowPriceQuery.id == row.id, LowPriceQuery.decided_at.is_(None))
        .values(
            is_accepted=is_accepted,
            decision=words,
            decided_by=actor.person_id,
            decided_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result
        raise NotAsked
    session.refresh(row)
    told = {"bid": bid_id, "accepted": is_accepted, "reason": words}
    transparency.publish(session, actor.community_id, LOW_PRICE, told, bid_id)
    if not is_accepted:
        settle_bid(session, actor, bid, BidState.DISQUALIFIED, words)
        ask_low_prices(session, actor, tender)


def has_sheets(session: Session, tender: Tender) -> bool:
    """Tell whether a member of a tender's panel has signed."""
    found = session.scalar(
        select(ScoreSheet.id)
        .join(PanelSeat, PanelSeat.id == ScoreSheet.seat_id)
        .where(PanelSeat.community_id == tender.community_id, PanelSeat.tender_id == tender.id)
        .limit(1)
    )
    return found is not None


def _load(session: Session, actor: Actor, bid_id: int) -> tuple[Bid, Tender]:
    bid = session.get(Bid, bid_id)
    if bid is None or bid.community_id != actor.community_id:
        raise NoBid
    found = load_tender(session, actor, bid.tender_id)
    if found.opened_at is None:
        raise NoBid  # before the opening no number may tell of a bid
    if found.state is not TenderState.EVALUATING:
        raise NotEvaluating
    tender = lock_tender(session, actor, bid.tender_id)
    session.refresh(bid)
    return bid, tender
