"""Reading the compliance review of bids, and what was asked about abnormally low prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.micro_projects.models import Bid, BidReview, LowPriceQuery
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.low_prices import is_abnormally_low


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What the review said of a bid; the last one counts."""

    bid_id: int
    is_responsive: bool
    reason: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class LowPriceView:
    """What was asked about a price, what its bidder said, and what was decided."""

    id: int
    bid_id: int
    due_on: date
    answer: str
    answered_at: datetime | None
    is_accepted: bool | None
    decision: str
    decided_at: datetime | None


def reviews_of(session: Session, community_id: int, tender_id: int) -> dict[int, ReviewView]:
    """Give for each bid of a tender the review that counts."""
    rows = session.scalars(
        select(BidReview)
        .join(Bid, Bid.id == BidReview.bid_id)
        .where(BidReview.community_id == community_id, Bid.tender_id == tender_id)
        .order_by(BidReview.id)
    )
    return {
        row.bid_id: ReviewView(row.bid_id, row.is_responsive, row.reason, row.reviewed_at)
        for row in rows
    }


def low_prices_of(session: Session, community_id: int, tender_id: int) -> dict[int, LowPriceView]:
    """Give for each bid of a tender what was asked about its price."""
    rows = session.scalars(
        select(LowPriceQuery)
        .join(Bid, Bid.id == LowPriceQuery.bid_id)
        .where(LowPriceQuery.community_id == community_id, Bid.tender_id == tender_id)
    )
    return {row.bid_id: _low_price(row) for row in rows}


def find_low_price(session: Session, community_id: int, bid_id: int) -> LowPriceView | None:
    """Find what was asked about a bid's price."""
    row = session.scalar(
        select(LowPriceQuery).where(
            LowPriceQuery.community_id == community_id, LowPriceQuery.bid_id == bid_id
        )
    )
    return None if row is None else _low_price(row)


def low_bids(session: Session, community_id: int, tender_id: int) -> dict[int, list[int]]:
    """Name the valid bids whose price is abnormally low, each with the other valid prices."""
    terms = award_terms(session, community_id, clock.today())
    prices = {
        row.id: row.price_fen or 0
        for row in session.scalars(
            select(Bid)
            .where(
                Bid.community_id == community_id,
                Bid.tender_id == tender_id,
                Bid.state == BidState.VALID,
            )
            .order_by(Bid.id)
        )
    }
    found: dict[int, list[int]] = {}
    for bid_id, price in prices.items():
        others = [other for each, other in prices.items() if each != bid_id]
        if is_abnormally_low(price, others, terms.low_mean_bp, terms.low_next_bp):
            found[bid_id] = others
    return found


def pending_bids(session: Session, community_id: int, tender_id: int) -> int:
    """Count the opened bids that still wait for their review."""
    rows = session.scalars(
        select(Bid.id).where(
            Bid.community_id == community_id,
            Bid.tender_id == tender_id,
            Bid.state == BidState.PENDING,
        )
    )
    return len(rows.all())


def _low_price(row: LowPriceQuery) -> LowPriceView:
    return LowPriceView(
        row.id,
        row.bid_id,
        row.due_on,
        row.answer,
        row.answered_at,
        row.is_accepted,
        row.decision,
        row.decided_at,
    )
