"""Who comes before whom in a tender: from valid bids, signed sheets and drawn lots alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.micro_projects.errors.awards import SheetsOpen
from community.micro_projects.errors.panels import SheetHidden
from community.micro_projects.models import Award, Bid
from community.micro_projects.queries.award_terms import award_terms
from community.micro_projects.queries.lots import panel_lot, tie_order
from community.micro_projects.queries.panels import sheets_of, unsigned
from community.micro_projects.queries.tenders import criteria_of
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.bids import BidState
from community.micro_projects.rules.panels import is_quorate
from community.micro_projects.rules.scores import PricedBid, Ranked, rank_bids
from community.micro_projects.rules.tenders import CriterionKind


@dataclass(frozen=True, slots=True)
class Ranking:
    """The places of a tender's valid bids, and whether enough sheets are left to decide."""

    lines: tuple[Ranked, ...]
    is_quorate: bool
    price_weight: int
    # Bids whose organisations refused the award, or were found unfit for it after the scores.
    passed_over: frozenset[int]

    @property
    def first(self) -> Ranked | None:
        """Find the first who may still be awarded."""
        return next((one for one in self.lines if one.bid_id not in self.passed_over), None)

    @property
    def leading_tie(self) -> tuple[int, ...]:
        """Name the bids that share the first place and that no lot has parted."""
        found = self.first
        if found is None:
            return ()
        others = tuple(one for one in found.tied_with if one not in self.passed_over)
        return (found.bid_id, *others) if others else ()


def get_ranking(session: Session, community_id: int, tender_id: int) -> Ranking:
    """Work out the ranking; nobody gets it before every member has signed.

    Raises: SheetsOpen, SheetHidden while there is no panel.
    """
    waits = unsigned(session, community_id, tender_id)
    if waits is None:
        raise SheetHidden
    if waits:
        raise SheetsOpen(count=waits)
    sheets = [each for each in sheets_of(session, community_id, tender_id) if not each.is_void]
    bids = session.scalars(
        select(Bid)
        .where(
            Bid.community_id == community_id,
            Bid.tender_id == tender_id,
            Bid.state == BidState.VALID,
        )
        .order_by(Bid.id)
    )
    priced = [
        PricedBid(
            row.id,
            row.price_fen or 0,
            tuple(
                sum(points for (bid_id, _), points in each.marks.items() if bid_id == row.id)
                for each in sheets
            ),
        )
        for row in bids
    ]
    weight = sum(
        each.weight
        for each in criteria_of(session, community_id, tender_id)
        if each.kind is CriterionKind.PRICE
    )
    lot = panel_lot(session, community_id, tender_id)
    assert lot is not None, "there are sheets, so there is a panel"
    # A panel is judged by the rules it was drawn under, whatever was set since.
    share = award_terms(session, community_id, clock.day_of(lot.listed_at)).expert_share
    return Ranking(
        rank_bids(priced, weight, tie_order(session, community_id, tender_id)),
        is_quorate([each.kind for each in sheets], share),
        weight,
        _passed_over(session, community_id, tender_id),
    )


def find_ranking(session: Session, community_id: int, tender_id: int) -> Ranking | None:
    """Find the ranking; None before every member has signed."""
    if unsigned(session, community_id, tender_id) != 0:
        return None
    return get_ranking(session, community_id, tender_id)


def _passed_over(session: Session, community_id: int, tender_id: int) -> frozenset[int]:
    rows = session.scalars(
        select(Award.bid_id).where(
            Award.community_id == community_id,
            Award.tender_id == tender_id,
            Award.state.in_((AwardState.REFUSED, AwardState.CANCELLED)),
        )
    )
    return frozenset(bid_id for bid_id in rows if bid_id is not None)
