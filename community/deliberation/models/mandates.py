"""Ballots that others bring: a written mandate for one poll, or a vote by phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class Mandate(CommunityRow, Base):
    """That a voter had somebody vote in one poll (书面委托), with the paper that says so.

    The voter takes it back by voting in person.
    """

    __tablename__ = "ballot_mandate"
    __table_args__ = (
        own_key(),
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        same_community("scan_id", "stored_file"),
        UniqueConstraint("poll_id", "roll_entry_id"),
        Index("ix_ballot_mandate_community_id_holder_id", "community_id", "holder_id", "poll_id"),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scan_id: Mapped[int]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PhoneCall(CommunityRow, Base):
    """That a voter was called, was told the question, and agreed to the words read back."""

    __tablename__ = "ballot_phone_call"
    __table_args__ = (
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        Index("ix_ballot_phone_call_community_id_poll_id", "community_id", "poll_id"),
        CheckConstraint("words <> ''", name="says_what_was_agreed"),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    caller_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(String(200))


triggers.refuse("ballot_phone_call_kept", "ballot_phone_call", "DELETE", "TRUE", "a call is kept")
triggers.refuse(
    "ballot_phone_call_changed",
    "ballot_phone_call",
    "UPDATE",
    "NEW.roll_entry_id <> OLD.roll_entry_id OR NEW.called_at <> OLD.called_at"
    " OR NEW.words <> OLD.words",
    "a call is kept as it was written",
)
# Two rows that were one human being are merged; nothing else of a mandate changes.
triggers.refuse("ballot_mandate_kept", "ballot_mandate", "DELETE", "TRUE", "a mandate is kept")
triggers.refuse(
    "ballot_mandate_changed",
    "ballot_mandate",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.roll_entry_id <> OLD.roll_entry_id"
    " OR NEW.scan_id <> OLD.scan_id OR NEW.recorded_at <> OLD.recorded_at",
    "a mandate is kept as it was written",
)
_PROOF = (
    "EXISTS (SELECT 1 FROM {table} x WHERE x.poll_id = NEW.poll_id"
    " AND x.roll_entry_id = NEW.roll_entry_id)"
)
for _origin, _table in (("proxy", "ballot_mandate"), ("phone", "ballot_phone_call")):
    for _event in ("INSERT", "UPDATE"):
        triggers.refuse(
            f"ballot_by_{_origin}_{_event.lower()}",
            "ballot",
            _event,
            f"NEW.origin = '{_origin}' AND NEW.pairs IS NOT NULL"
            f" AND NOT {_PROOF.format(table=_table)}",
            f"a ballot by {_origin} has its proof",
        )
