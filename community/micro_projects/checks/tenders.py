"""What is never false of tenders and bids, in words, from rows alone."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import sealing
from community.micro_projects.models import Bid, BidEvent, Tender, TenderCriterion
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.tenders import (
    SEALED_METHODS,
    UNOPENED,
    WHOLE_WEIGHT,
    counts_at_freeze,
)


def problems(session: Session) -> list[str]:
    """List what is wrong in the rows of tenders and bids."""
    return [*_late(session), *_told_too_early(session), *_frozen(session), *_weights(session)]


def _late(session: Session) -> list[str]:
    """Name acts upon bids outside [opens_at, deadline)."""
    rows = session.execute(
        select(BidEvent.id, Bid.tender_id)
        .join(Bid, Bid.id == BidEvent.bid_id)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(
            Tender.method.in_(SEALED_METHODS),
            (BidEvent.acted_at >= Tender.deadline)
            | (BidEvent.acted_at < Tender.opens_at)
            | (BidEvent.acted_at > Tender.frozen_at),
        )
    )
    return [f"tenders: act {act} upon a bid of tender {tender} was late" for act, tender in rows]


def _told_too_early(session: Session) -> list[str]:
    """Name bids whose price or plan is known though their tender was never opened."""
    rows = session.execute(
        select(Bid.id, Tender.id)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(
            Tender.method.in_(SEALED_METHODS),
            Tender.opened_at.is_(None),
            Bid.price_fen.is_not(None) | (Bid.proposal != "") | Bid.opened_at.is_not(None),
        )
    )
    found = [f"tenders: bid {bid} of tender {tender} is known unopened" for bid, tender in rows]
    ahead = session.scalars(
        select(Tender.id).where(
            Tender.method.in_(SEALED_METHODS),
            Tender.opened_at.is_(None),
            Tender.published_at.is_not(None),
            Tender.state.not_in((*UNOPENED, "unsuccessful", "cancelled")),
        )
    )
    return found + [f"tenders: tender {each} is judged unopened" for each in ahead]


def _frozen(session: Session) -> list[str]:
    """Check each frozen tender against its box, and that too few bids were never opened."""
    found = []
    for row in session.scalars(select(Tender).where(Tender.frozen_at.is_not(None))):
        assert row.box_id is not None
        assert row.frozen_salt is not None
        box = sealing.get_box(session, row.community_id, row.box_id)
        told = hashlib.sha256(row.frozen_salt + (box.set_hash or b"")).hexdigest()
        if box.set_hash is None or told != row.frozen_hash:
            found.append(f"tenders: tender {row.id} told another frozen set than its box holds")
        if row.opened_at is not None and _count(session, row) < row.minimum_bids:
            found.append(f"tenders: tender {row.id} was opened with too few bids")
    return found


def _count(session: Session, row: Tender) -> int:
    rows = session.scalars(
        select(Bid.confirmed_amendment).where(
            Bid.community_id == row.community_id,
            Bid.tender_id == row.id,
            Bid.state != BidState.WITHDRAWN,
        )
    )
    return sum(counts_at_freeze(row.unconfirmed, each, row.amendments) for each in rows)


def _weights(session: Session) -> list[str]:
    rows = session.execute(
        select(Tender.id, func.sum(TenderCriterion.weight))
        .join(TenderCriterion, TenderCriterion.tender_id == Tender.id)
        .where(Tender.published_at.is_not(None))
        .group_by(Tender.id)
    )
    return [
        f"tenders: the criteria of tender {tender} make {weight} points"
        for tender, weight in rows
        if weight != WHOLE_WEIGHT
    ]
