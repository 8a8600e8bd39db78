"""Long work at a roll: drawing it up, freezing it, taking over a city's ballots, in pieces."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, PlainJson, choice, same_community


class RollWorkKind(StrEnum):
    """What is done to a roll too long for one command."""

    POST = "post"
    FREEZE = "freeze"
    CITY = "city"


class RollWork(CommunityRow, Base):
    """Work at a poll's roll from its button to its end; one at a time, its place is the job's.

    `lines` is what the pieces are cut from, kept as it was read once so that no piece sees other
    registers than the one before; it is dropped at the end. `told` counts the entries that were
    published of a frozen roll.
    """

    __tablename__ = "roll_work"
    __table_args__ = (
        same_community("poll_id", "poll"),
        Index("ix_roll_work_community_id_poll_id", "community_id", "poll_id", "id"),
        Index(
            "uq_roll_work_at_hand",
            "poll_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NULL OR lines IS NULL", name="forgets_its_lines"),
        CheckConstraint("told >= 0", name="told"),
    )

    poll_id: Mapped[int]
    kind: Mapped[RollWorkKind] = mapped_column(choice(RollWorkKind, "kind"))
    job_id: Mapped[int | None]
    # Why gaps are let stand, for a freeze.
    waiver: Mapped[str] = mapped_column(String(200), default="")
    # As JSON; long, and read by its own job alone.
    lines: Mapped[str | None] = mapped_column(deferred=True)
    told: Mapped[int] = mapped_column(default=0)
    # Numbers of the roll whose other ballot counts, for a city's ballots.
    passed_over: Mapped[list[int]] = mapped_column(PlainJson)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
