"""What bids were given, told once every member of the panel has signed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.micro_projects.models import Tender
from community.micro_projects.open_contracting import facts
from community.micro_projects.queries.panels import sheets_of
from community.micro_projects.queries.ranking import find_ranking
from community.micro_projects.queries.tenders import criteria_of

WHOLE = 100 * 100


def scores_of(
    session: Session, tender: Tender
) -> tuple[dict[int, tuple[facts.Score, ...]], dict[int, int]]:
    """Give each bid's scores and place; nothing while anybody has still to sign."""
    found = find_ranking(session, tender.community_id, tender.id)
    if found is None:
        return {}, {}
    criteria = {each.id: each for each in criteria_of(session, tender.community_id, tender.id)}
    technical_most = WHOLE - found.price_weight * 100
    scores = {
        line.bid_id: [
            facts.Score("price", "price", line.price_score, found.price_weight * 100),
            facts.Score("technical", "technical", line.technical, technical_most),
            facts.Score("total", "total", line.total, WHOLE),
        ]
        for line in found.lines
    }
    for sheet in sheets_of(session, tender.community_id, tender.id):
        for (bid_id, criterion_id), hundredths in sorted(sheet.marks.items()):
            # A voided sheet counts nothing, and a bid that fell out has no scores.
            if sheet.is_void or bid_id not in scores:
                continue
            criterion = criteria[criterion_id]
            scores[bid_id].append(
                facts.Score(
                    f"{criterion.number}-{sheet.number}",
                    criterion.kind.value,
                    hundredths,
                    criterion.weight * 100,
                    str(sheet.number),
                )
            )
    places = {line.bid_id: line.place for line in found.lines}
    return {bid_id: tuple(each) for bid_id, each in scores.items()}, places
