"""Do payments add up, and does each award's rest stand on hold in the books?"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community import ledger
from community.micro_projects.models import AwardHold, Payout


def problems(session: Session) -> list[str]:
    """List awards whose payments do not add up, or whose rest is not on hold."""
    paid = dict(
        session.execute(
            select(Payout.hold_id, func.sum(Payout.amount_fen)).group_by(Payout.hold_id)
        ).all()
    )
    found = []
    for row in session.scalars(select(AwardHold).order_by(AwardHold.id)):
        if int(paid.get(row.id, 0)) != row.paid_fen:
            found.append(f"award hold {row.id}: payments do not add up to {row.paid_fen}")
        if row.ledger_hold_id is None:
            continue
        lines = ledger.held_lines(session, row.community_id, row.ledger_hold_id)
        left = row.amount_fen - row.paid_fen - row.released_fen
        held = sum(line.amount for line in lines if line.amount > 0)
        if held != left:
            found.append(f"award hold {row.id}: its rest is not on hold in the books")
    return found
