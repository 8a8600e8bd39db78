"""Paper ballots: printed for an entry, logged when they come back, read by two people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, own_key, same_community


class BallotPaper(CommunityRow, Base):
    """The paper of an entry (纸质票): its code is on the sheet, and tells the finder nothing.

    It is logged unopened when it comes back, before the poll closes; a paper that was never
    logged is not counted.
    """

    __tablename__ = "ballot_paper"
    __table_args__ = (
        own_key(),
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        UniqueConstraint("poll_id", "roll_entry_id"),
        UniqueConstraint("code"),
        Index("ix_ballot_paper_community_id_poll_id", "community_id", "poll_id"),
        CheckConstraint(
            "returned_at IS NULL OR returned_at >= printed_at", name="printed_before_returned"
        ),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(16))
    printed_at: Mapped[datetime]
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    returned_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PaperCount(CommunityRow, Base):
    """The witnessed count (唱票、监票) of a poll's papers, and who stood by."""

    __tablename__ = "paper_count"
    __table_args__ = (
        same_community("poll_id", "poll"),
        UniqueConstraint("poll_id"),
        Index("ix_paper_count_community_id", "community_id", "poll_id"),
    )

    poll_id: Mapped[int]
    witnesses: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(80), default="")
    began_at: Mapped[datetime]
    began_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PaperReading(CommunityRow, Base):
    """What one person read on a paper; the third, with a reason, settles where two differ.

    A spoilt paper (废票) has no choice and a reason. In a secret poll the choice goes when the
    poll is decided.
    """

    __tablename__ = "paper_reading"
    __table_args__ = (
        same_community("paper_id", "ballot_paper"),
        UniqueConstraint("paper_id", "place"),
        UniqueConstraint("paper_id", "reader_id"),
        Index("ix_paper_reading_community_id_paper_id", "community_id", "paper_id"),
        CheckConstraint("place IN (1, 2, 3)", name="two_and_one_who_settles"),
        CheckConstraint("place < 3 OR reason <> ''", name="settled_with_a_reason"),
        CheckConstraint(
            "NOT is_spoilt OR (pairs IS NULL AND reason <> '')", name="spoilt_says_why"
        ),
    )

    paper_id: Mapped[int]
    place: Mapped[int]
    reader_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_spoilt: Mapped[bool] = mapped_column(default=False)
    pairs: Mapped[Any | None] = mapped_column(PlainJson)
    reason: Mapped[str] = mapped_column(String(200), default="")
    read_at: Mapped[datetime]


_POLL = "SELECT 1 FROM poll p WHERE p.id = NEW.poll_id"
triggers.refuse("ballot_paper_kept", "ballot_paper", "DELETE", "TRUE", "a paper is kept")
triggers.refuse(
    "ballot_paper_changed",
    "ballot_paper",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.roll_entry_id <> OLD.roll_entry_id OR NEW.code <> OLD.code"
    " OR NEW.printed_at <> OLD.printed_at"
    " OR (OLD.returned_at IS NOT NULL AND (NEW.returned_at IS NULL"
    " OR NEW.returned_at <> OLD.returned_at))",
    "a paper keeps its code and its return",
)
triggers.refuse(
    "ballot_paper_late",
    "ballot_paper",
    "UPDATE",
    "OLD.returned_at IS NULL AND NEW.returned_at IS NOT NULL AND NOT EXISTS"
    f" ({_POLL} AND p.frozen_at IS NOT NULL AND p.closed_at IS NULL"
    " AND NEW.returned_at < p.closes_at)",
    "the paper came back too late",
)
triggers.append_only("paper_count")
triggers.refuse("paper_reading_kept", "paper_reading", "DELETE", "TRUE", "a reading is kept")
_PAPER = (
    "EXISTS (SELECT 1 FROM ballot_paper b JOIN poll p ON p.id = b.poll_id"
    " WHERE b.id = NEW.paper_id AND {such})"
)
_SECRET = _PAPER.format(such="p.secrecy = 'secret'")
_BEING_COUNTED = _PAPER.format(
    such="b.returned_at IS NOT NULL AND p.state = 'closed'"
    " AND EXISTS (SELECT 1 FROM paper_count c WHERE c.poll_id = p.id)"
)
triggers.refuse(
    "paper_reading_early",
    "paper_reading",
    "INSERT",
    f"NOT {_BEING_COUNTED}",
    "papers are read at the witnessed count",
)
triggers.refuse(
    "paper_reading_changed",
    "paper_reading",
    "UPDATE",
    "NEW.paper_id <> OLD.paper_id OR NEW.place <> OLD.place OR NEW.is_spoilt <> OLD.is_spoilt"
    " OR NEW.read_at <> OLD.read_at OR (NEW.pairs IS NOT NULL AND (OLD.pairs IS NULL"
    " OR NEW.pairs <> OLD.pairs)) OR (NEW.pairs IS NULL AND OLD.pairs IS NOT NULL"
    f" AND NOT {_SECRET})",
    "a reading is kept as it was written",
)
# A paper counts when it came back and two people read it.
for _event in ("INSERT", "UPDATE"):
    triggers.refuse(
        f"ballot_of_paper_{_event.lower()}",
        "ballot",
        _event,
        "NEW.origin = 'paper' AND NEW.pairs IS NOT NULL AND (SELECT count(*) FROM ballot_paper b"
        " JOIN paper_reading r ON r.paper_id = b.id WHERE b.poll_id = NEW.poll_id"
        " AND b.roll_entry_id = NEW.roll_entry_id) < 2",
        "two people read a paper before it counts",
    )
