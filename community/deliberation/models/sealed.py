"""Sealed polls: who opens them, what proves a sealed ballot, and those that were invalid."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.sealed import Fault
from community.kernel import triggers
from community.kernel.tables import Base, choice, same_community


class PollOpener(Base):
    """One of those to whose keys the ballots of a poll are sealed; keys are the room sealing's."""

    __tablename__ = "poll_opener"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "poll_id", "person_id"),
        same_community("poll_id", "poll"),
    )

    community_id: Mapped[int]
    poll_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class SealedBallot(Base):
    """What proves an entry's sealed ballot; a secret one is destroyed when the poll closes."""

    __tablename__ = "sealed_ballot"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "poll_id", "roll_entry_id"),
        same_community("poll_id", "poll"),
        ForeignKeyConstraint(
            ["poll_id", "roll_entry_id"], ["ballot.poll_id", "ballot.roll_entry_id"]
        ),
        CheckConstraint("LENGTH(digest) = 32", "digest"),
    )

    community_id: Mapped[int]
    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    # SHA-256 of the encrypted part, to which the receipt commits with the salt.
    digest: Mapped[bytes]
    salt: Mapped[bytes]
    receipt_number: Mapped[int]


class InvalidBallot(Base):
    """A sealed ballot that came in and counts for nothing; only a named one tells whose it is."""

    __tablename__ = "invalid_ballot"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "poll_id", "tracker"),
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int]
    poll_id: Mapped[int]
    # Drawn by the site: what cannot be read has none of its own.
    tracker: Mapped[str] = mapped_column(String(26))
    fault: Mapped[Fault] = mapped_column(choice(Fault, "fault"))
    roll_entry_id: Mapped[int | None]


_POLL = "EXISTS (SELECT 1 FROM poll p WHERE p.id = {row}.poll_id AND {what})"
_FROZEN = "p.frozen_at IS NOT NULL"
_RUNS = "p.state IN ('frozen', 'open')"
_LISTED = "p.state = 'closed' AND (p.secrecy = 'secret') = (NEW.roll_entry_id IS NULL)"
_HAS_OPENERS = "EXISTS (SELECT 1 FROM poll_opener o WHERE o.poll_id = NEW.poll_id)"
for _event, _row in (("INSERT", "NEW"), ("DELETE", "OLD")):
    triggers.refuse(
        f"poll_opener_frozen_{_event.lower()}",
        "poll_opener",
        _event,
        _POLL.format(row=_row, what=_FROZEN),
        "a frozen poll keeps its openers",
    )
# Who a person is may change when duplicates are merged.
triggers.refuse(
    "poll_opener_stays",
    "poll_opener",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.community_id <> OLD.community_id",
    "an opener keeps the poll",
)
for _event in ("INSERT", "UPDATE"):
    triggers.refuse(
        f"sealed_ballot_late_{_event.lower()}",
        "sealed_ballot",
        _event,
        f"NOT {_POLL.format(row='NEW', what=_RUNS)} OR NOT {_HAS_OPENERS}",
        "the poll takes no sealed ballot now",
    )
triggers.refuse(
    "sealed_ballot_kept",
    "sealed_ballot",
    "DELETE",
    "NOT "
    + _POLL.format(
        row="OLD",
        what="(p.state = 'withdrawn' OR (p.secrecy = 'secret' AND p.closed_at IS NOT NULL))",
    ),
    "a sealed ballot is kept",
)
triggers.append_only("invalid_ballot")
triggers.refuse(
    "invalid_ballot_early",
    "invalid_ballot",
    "INSERT",
    f"NOT {_POLL.format(row='NEW', what=_LISTED)} OR NOT {_HAS_OPENERS}",
    "invalid ballots are listed when the poll has closed, secret ones without a name",
)
