"""Hours and doubts whose day has passed: what the street office looks at first."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from community.kernel import clock
from community.volunteering.models import HoursDispute, HoursRecord
from community.volunteering.rules.states import DisputeState, HoursState

WAITING = (HoursState.PENDING, HoursState.IN_REVIEW, HoursState.IN_SECOND_REVIEW)


def overdue_hours_count(session: Session, community_id: int) -> int:
    """Count hours and doubts whose day has passed (民政部令第67号 Arts. 11, 13)."""
    today = clock.today()
    return _count(
        session,
        HoursRecord.community_id == community_id,
        HoursRecord.state.in_(WAITING),
        HoursRecord.record_by < today,
    ) + _count(
        session,
        HoursDispute.community_id == community_id,
        HoursDispute.state == DisputeState.OPEN,
        HoursDispute.answer_by < today,
    )


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*where)) or 0
