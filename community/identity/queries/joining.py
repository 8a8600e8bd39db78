"""Applications to join as the office sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.identity.models import ApplicationState, JoiningApplication


@dataclass(frozen=True, slots=True)
class Application:
    """An application that waits."""

    id: int
    name: str
    birth_year: int | None
    number: str
    address: str
    words: str
    asked_at: datetime


def applications(session: Session, community_id: int) -> tuple[Application, ...]:
    """Give the applications that wait, the oldest first."""
    rows = session.scalars(
        select(JoiningApplication)
        .where(
            JoiningApplication.community_id == community_id,
            JoiningApplication.state == ApplicationState.WAITING,
        )
        .order_by(JoiningApplication.asked_at, JoiningApplication.id)
    )
    return tuple(
        Application(
            row.id, row.name, row.birth_year, row.number, row.address, row.words, row.asked_at
        )
        for row in rows
    )


def count_applications(session: Session, community_id: int) -> int:
    """Count the applications that wait."""
    counted = select(func.count(JoiningApplication.id)).where(
        JoiningApplication.community_id == community_id,
        JoiningApplication.state == ApplicationState.WAITING,
    )
    return session.scalar(counted) or 0
