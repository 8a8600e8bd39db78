"""Reading budgets the owners vote on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.kernel.actor import Actor
from community.trust_property.models import Budget, BudgetVote
from community.trust_property.queries.fund import get_fund
from community.trust_property.rules.budget import BudgetLine
from community.trust_property.rules.budget_votes import VoteState


@dataclass(frozen=True, slots=True)
class BudgetVoteView:
    """A budget that owners were asked about, and what became of it."""

    id: int
    year: int
    lines: tuple[BudgetLine, ...]
    state: VoteState
    reference: str
    decided_on: date | None
    asked_at: datetime
    is_adopted: bool

    @property
    def whole_fen(self) -> int:
        """Add the lines up."""
        return sum(each.whole_fen for each in self.lines)


def budget_votes(
    session: Session, actor: Actor, fund_id: int, year: int
) -> tuple[BudgetVoteView, ...]:
    """List the votes about a year's budget, the newest first.

    Raises: FundNotFound.
    """
    get_fund(session, actor, fund_id)
    rows = session.scalars(
        select(BudgetVote)
        .where(
            BudgetVote.community_id == actor.community_id,
            BudgetVote.fund_id == fund_id,
            BudgetVote.year == year,
        )
        .order_by(BudgetVote.id.desc())
    )
    return tuple(_view(session, row) for row in rows)


def is_adopted(session: Session, row: BudgetVote) -> bool:
    """Tell whether a version of the budget stands on this vote already."""
    made = select(Budget.id).where(
        Budget.community_id == row.community_id,
        Budget.fund_id == row.fund_id,
        Budget.year == row.year,
        Budget.reference == row.reference,
        Budget.minutes_sha256 == "",
        Budget.matter_id.is_not(None),
    )
    return session.scalar(made) is not None


def _view(session: Session, row: BudgetVote) -> BudgetVoteView:
    return BudgetVoteView(
        row.id,
        row.year,
        tuple(BudgetLine(*each) for each in row.lines),
        row.state,
        row.reference,
        row.decided_on,
        row.asked_at,
        row.state is VoteState.PASSED and is_adopted(session, row),
    )
