"""The browser wizard's answers until the first community stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, PlainJson


class SetupProgress(Base):
    """How far the wizard is: one row for the installation, its answers by step.

    `token_hash` lets whoever finished it see the staff's slips once more the same day.
    """

    __tablename__ = "setup_progress"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answers: Mapped[Any] = mapped_column(PlainJson)
    token_hash: Mapped[bytes | None]
    community_id: Mapped[int | None]
    finished_at: Mapped[datetime | None]
