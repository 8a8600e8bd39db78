"""Whether there is a community yet."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.kernel.tables import Community


def count_communities(session: Session) -> int:
    """Tell how many communities this installation serves."""
    return session.scalar(select(func.count(Community.id))) or 0
