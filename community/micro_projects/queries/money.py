"""How much of a project's money is there, by source, and what is set aside and paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from community import ledger
from community.micro_projects.models import AwardHold, Payout
from community.micro_projects.rules.money import (
    PAYING_ORDER,
    MoneySource,
    book_name,
    money_path,
)


@dataclass(frozen=True, slots=True)
class HeldForAward:
    """What was set aside for an award, and how much of it was paid so far."""

    id: int
    award_id: int
    amount_fen: int
    paid_fen: int
    released_fen: int
    is_free: bool

    @property
    def left_fen(self) -> int:
        """Tell what is still set aside."""
        return 0 if self.is_free else self.amount_fen - self.paid_fen - self.released_fen


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payment out of a project's money."""

    award_id: int
    amount_fen: int
    payee: str
    transaction_id: int
    paid_at: datetime


def free_by_source(session: Session, community_id: int, project_id: int) -> dict[MoneySource, int]:
    """Tell each source's money that is neither spent nor set aside."""
    free: dict[MoneySource, int] = {}
    for source in PAYING_ORDER:
        account_id = ledger.find_account(
            session,
            community_id,
            ledger.BookKind.PROJECT,
            money_path(source),
            book_name(project_id),
        )
        if account_id is not None:
            free[source] = ledger.get_account(session, community_id, account_id).balance.available
    return free


def free_money(session: Session, community_id: int, project_id: int) -> int:
    """Tell how many fen of a project's money are neither spent nor set aside."""
    return sum(free_by_source(session, community_id, project_id).values())


def holds_of(session: Session, community_id: int, project_id: int) -> tuple[HeldForAward, ...]:
    """List what was set aside for a project's awards."""
    rows = session.scalars(
        select(AwardHold)
        .where(AwardHold.community_id == community_id, AwardHold.project_id == project_id)
        .order_by(AwardHold.id)
    )
    return tuple(
        HeldForAward(
            row.id,
            row.award_id,
            row.amount_fen,
            row.paid_fen,
            row.released_fen,
            row.freed_at is not None,
        )
        for row in rows
    )


def payouts_of(session: Session, community_id: int, project_id: int) -> tuple[PayoutView, ...]:
    """List what was paid out of a project's money, the oldest first."""
    rows = session.execute(
        select(Payout, AwardHold.award_id)
        .join(
            AwardHold,
            (AwardHold.community_id == Payout.community_id) & (AwardHold.id == Payout.hold_id),
        )
        .where(Payout.community_id == community_id, AwardHold.project_id == project_id)
        .order_by(Payout.id)
    )
    return tuple(
        PayoutView(award_id, row.amount_fen, row.payee, row.transaction_id, row.paid_at)
        for row, award_id in rows
    )


def paid_by_source(session: Session, community_id: int, hold_id: int) -> dict[MoneySource, int]:
    """Tell how much of an award's payments each source bore."""
    paid: dict[MoneySource, int] = {}
    transactions = session.scalars(
        select(Payout.transaction_id)
        .where(Payout.community_id == community_id, Payout.hold_id == hold_id)
        .order_by(Payout.id)
    ).all()
    for transaction_id in transactions:
        for line in ledger.lines_of(session, community_id, transaction_id):
            if line.amount > 0:
                path = ledger.get_account(session, community_id, line.account_id).path
                source = MoneySource(path.partition("/")[0])
                paid[source] = paid.get(source, 0) + line.amount
    return paid
