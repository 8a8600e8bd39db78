"""What tenders hold about a person: of which ones they keep a key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.models import Bid, BidEvent, Tender, TenderOpener, TenderQuestion


def export_tenders(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give the tenders a person opens, the questions asked and the bids handed in."""
    opener = session.scalars(
        select(Tender.number)
        .join(TenderOpener, TenderOpener.tender_id == Tender.id)
        .where(TenderOpener.community_id == community_id, TenderOpener.person_id == person_id)
        .order_by(Tender.id)
    )
    asked = session.scalars(
        select(TenderQuestion)
        .where(TenderQuestion.community_id == community_id, TenderQuestion.asked_by == person_id)
        .order_by(TenderQuestion.id)
    )
    acts = session.execute(
        select(BidEvent, Bid.tender_id)
        .join(Bid, Bid.id == BidEvent.bid_id)
        .where(BidEvent.community_id == community_id, BidEvent.acted_by == person_id)
        .order_by(BidEvent.id)
    )
    return {
        "tender_opener_of": list(opener),
        "tender_questions": [
            {"words": row.words, "asked_at": row.asked_at.isoformat()} for row in asked
        ],
        "bid_acts": [
            {"tender": tender, "act": row.act.value, "acted_at": row.acted_at.isoformat()}
            for row, tender in acts
        ],
    }
