"""Everything the fund holds about a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.trust_property.models import BankAccount, Fund, KeyHolder, Matter


def export_person(session: Session, community_id: int, person_id: int) -> dict[str, Any]:
    """Give what a person did for the funds of a community, as plain JSON values."""
    prepared = session.scalars(
        select(Fund)
        .where(Fund.community_id == community_id, Fund.prepared_by == person_id)
        .order_by(Fund.id)
    )
    added = session.scalars(
        select(BankAccount)
        .where(BankAccount.community_id == community_id, BankAccount.added_by == person_id)
        .order_by(BankAccount.id)
    )
    keys = session.scalars(
        select(KeyHolder)
        .where(KeyHolder.community_id == community_id, KeyHolder.person_id == person_id)
        .order_by(KeyHolder.id)
    )
    raised = session.scalars(
        select(Matter)
        .where(Matter.community_id == community_id, Matter.raised_by == person_id)
        .order_by(Matter.id)
    )
    return {
        "keys": [
            {
                "side": row.side.value,
                "from": row.from_at.isoformat(),
                "until": None if row.until_at is None else row.until_at.isoformat(),
                "reference": row.reference,
            }
            for row in keys
        ],
        "raised_matters": [row.title for row in raised],
        "prepared_funds": [row.name for row in prepared],
        "added_bank_accounts": [f"{row.bank_name} {row.last_digits}" for row in added],
    }
