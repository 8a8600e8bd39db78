"""The rows of one table that are a person's: what every part's copy is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from community.kernel.tables import CommunityRow

Row = TypeVar("Row", bound=CommunityRow)


def rows_of(
    session: Session, community_id: int, table: type[Row], *is_theirs: ColumnElement[bool]
) -> Sequence[Row]:
    """Give a community's rows that meet one of the conditions, in the order they were made."""
    here = select(table).where(table.community_id == community_id, or_(*is_theirs))
    return session.scalars(here.order_by(table.id)).all()
