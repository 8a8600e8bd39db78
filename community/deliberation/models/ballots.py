"""Ballots: one for each entry of the roll, what happened to it, and the secret ones counted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.polls import Origin
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, PlainJson, choice, same_community


class BallotAct(StrEnum):
    """What happened to an entry's ballot."""

    CAST = "cast"
    CHANGED = "changed"


class Ballot(CommunityRow, Base):
    """The one ballot of an entry as it counts now.

    When a secret poll closes, everything that tells the choice is destroyed and only that there
    was a ballot stays: `pairs`, `tracker`, `salt` and `receipt_number` are then null.
    They are null of a sealed ballot too (`SealedBallot`): a named one's are written at its opening.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        same_community("poll_id", "poll"),
        UniqueConstraint("poll_id", "roll_entry_id"),
        ForeignKeyConstraint(["poll_id", "roll_entry_id"], ["roll_entry.poll_id", "roll_entry.id"]),
        CheckConstraint(
            "(pairs IS NULL) = (tracker IS NULL) AND (pairs IS NULL) = (salt IS NULL)"
            " AND (pairs IS NULL) = (receipt_number IS NULL)",
            name="whole_or_destroyed",
        ),
        CheckConstraint("pairs IS NOT NULL OR reason IS NULL", name="reason_destroyed_too"),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    pairs: Mapped[Any | None] = mapped_column(PlainJson)
    # Why one objects, where the question asks for it.
    reason: Mapped[str | None] = mapped_column(String(200))
    # By which the voter finds the ballot in the published list.
    tracker: Mapped[str | None] = mapped_column(String(26))
    salt: Mapped[bytes | None]
    receipt_number: Mapped[int | None]
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    cast_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cast_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)


class BallotEvent(CommunityRow, Base):
    """One act upon an entry's ballot; in a secret poll the choice goes when the poll closes."""

    __tablename__ = "ballot_event"
    __table_args__ = (
        same_community("poll_id", "poll"),
        same_community("roll_entry_id", "roll_entry"),
        Index("ix_ballot_event_community_id_poll_id", "community_id", "poll_id", "roll_entry_id"),
    )

    poll_id: Mapped[int]
    roll_entry_id: Mapped[int]
    act: Mapped[BallotAct] = mapped_column(choice(BallotAct, "act"))
    pairs: Mapped[Any | None] = mapped_column(PlainJson)
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime]


class CountedBallot(Base):
    """A secret ballot after closing: no key, time or order in common with the electorate."""

    __tablename__ = "counted_ballot"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "poll_id", "tracker"),
        same_community("poll_id", "poll"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int]
    poll_id: Mapped[int]
    tracker: Mapped[str] = mapped_column(String(26))
    pairs: Mapped[Any] = mapped_column(PlainJson)
    reason: Mapped[str] = mapped_column(String(200), default="")


_LOSES_ITS_NAME = (
    "EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.secrecy = 'secret'"
    " AND (p.closed_at IS NOT NULL OR p.state = 'withdrawn'))"
)
_DECIDED = "EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.state = 'decided')"
# Sealed to openers: until the poll has closed nobody knows what it says, neither does its row.
_SEALED = "EXISTS (SELECT 1 FROM poll_opener o WHERE o.poll_id = NEW.poll_id)"
_NAMED_AND_CLOSED = (
    "EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id"
    " AND p.state = 'closed' AND p.secrecy = 'named')"
)
_OPENED = f"({_SEALED} AND OLD.pairs IS NULL AND {_NAMED_AND_CLOSED})"
# An instant outside the poll's hours, papers aside: those are opened when it has closed, and
# until it is decided.
_LATE = (
    "NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.frozen_at IS NOT NULL"
    " AND ((NEW.origin NOT IN ('paper', 'city') AND p.state IN ('frozen', 'open')"
    " AND NEW.cast_at >= p.opens_at AND NEW.cast_at < p.closes_at)"
    " OR (NEW.origin IN ('paper', 'city') AND p.state = 'closed')))"
)
triggers.refuse(
    "ballot_late",
    "ballot",
    "INSERT",
    f"{_LATE} OR (NEW.pairs IS NULL) <> {_SEALED}",
    "the poll takes no ballot now",
)
triggers.refuse("ballot_kept", "ballot", "DELETE", "TRUE", "a ballot is kept")
triggers.refuse(
    "ballot_changed",
    "ballot",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.roll_entry_id <> OLD.roll_entry_id"
    f" OR (NEW.pairs IS NULL AND NOT {_LOSES_ITS_NAME}"
    f" AND NOT ({_SEALED} AND OLD.pairs IS NULL))"
    f" OR (NEW.cast_at <> OLD.cast_at AND {_SEALED} AND {_LATE})"
    " OR (NEW.pairs IS NOT NULL AND (OLD.pairs IS NULL OR NEW.pairs <> OLD.pairs"
    " OR NEW.cast_at <> OLD.cast_at OR NEW.tracker <> OLD.tracker)"
    f" AND ({_LATE} OR {_SEALED}) AND NOT {_OPENED})",
    "the poll takes no ballot now",
)
triggers.refuse(
    "ballot_event_kept", "ballot_event", "DELETE", "TRUE", "ballot_event is append-only"
)
triggers.refuse(
    "ballot_event_changed",
    "ballot_event",
    "UPDATE",
    "NEW.poll_id <> OLD.poll_id OR NEW.roll_entry_id <> OLD.roll_entry_id OR NEW.act <> OLD.act"
    " OR NEW.origin <> OLD.origin OR NEW.happened_at <> OLD.happened_at"
    f" OR (NEW.pairs IS NULL AND OLD.pairs IS NOT NULL AND NOT {_LOSES_ITS_NAME})"
    " OR (NEW.pairs IS NOT NULL AND (OLD.pairs IS NULL OR NEW.pairs <> OLD.pairs))",
    "ballot_event is append-only",
)
triggers.append_only("counted_ballot")
triggers.refuse(
    "counted_ballot_early",
    "counted_ballot",
    "INSERT",
    f"NOT {_LOSES_ITS_NAME} OR {_DECIDED}",
    "secret ballots are counted when the poll has closed",
)
