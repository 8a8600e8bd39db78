"""The homes of a roll's entries."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.deliberation.models import RollUnit


def units_by_entry(
    session: Session, community_id: int, poll_id: int, entry_ids: Iterable[int] | None = None
) -> dict[int, tuple[RollUnit, ...]]:
    """Give the homes of each entry of a roll, or of some of them, in the order of their rows."""
    chosen = (
        select(RollUnit)
        .where(RollUnit.community_id == community_id, RollUnit.poll_id == poll_id)
        .order_by(RollUnit.id)
    )
    if entry_ids is not None:
        chosen = chosen.where(RollUnit.roll_entry_id.in_(tuple(entry_ids)))
    found: dict[int, list[RollUnit]] = {}
    for unit in session.scalars(chosen):
        found.setdefault(unit.roll_entry_id, []).append(unit)
    return {entry_id: tuple(units) for entry_id, units in found.items()}
