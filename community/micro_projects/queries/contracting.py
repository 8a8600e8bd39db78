"""What a contract needs to know of its award and of the money set aside for it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.micro_projects.errors.awards import AwardNotFound
from community.micro_projects.models import Award, AwardHold, Contract
from community.micro_projects.queries.awards import AwardView, find_award, open_blocks
from community.micro_projects.queries.money import HeldForAward
from community.micro_projects.rules.awards import AwardState
from community.micro_projects.rules.contracts import ContractableAward, ContractState


def get_contractable(session: Session, community_id: int, award_id: int) -> ContractableAward:
    """Get an award as a contract needs it.

    Raises: AwardNotFound.
    """
    row = session.get(Award, award_id)
    if row is None or row.community_id != community_id:
        raise AwardNotFound
    return ContractableAward(
        row.id,
        row.project_id,
        row.tender_id,
        row.organization_id,
        row.amount_fen,
        row.state is AwardState.ACTIVE and row.closed_at is None,
        row.standstill_until,
        open_blocks(session, community_id, row.id),
    )


def awards_without_contract(session: Session, community_id: int) -> tuple[AwardView, ...]:
    """List the awards that stand and have no contract yet, the oldest first."""
    taken = select(Contract.award_id).where(
        Contract.community_id == community_id, Contract.state != ContractState.CANCELLED
    )
    ids = session.scalars(
        select(Award.id)
        .where(
            Award.community_id == community_id,
            Award.state == AwardState.ACTIVE,
            Award.closed_at.is_(None),
            Award.id.not_in(taken),
        )
        .order_by(Award.id)
    )
    return tuple(find_award(session, community_id, award_id) for award_id in ids)


def get_hold(session: Session, community_id: int, award_id: int) -> HeldForAward | None:
    """Find what is set aside for an award."""
    row = session.scalar(
        select(AwardHold).where(
            AwardHold.community_id == community_id, AwardHold.award_id == award_id
        )
    )
    if row is None:
        return None
    return HeldForAward(
        row.id,
        row.award_id,
        row.amount_fen,
        row.paid_fen,
        row.released_fen,
        row.freed_at is not None,
    )
