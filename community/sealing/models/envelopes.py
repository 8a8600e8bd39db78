"""Envelopes with their trace, their contents, openers' shares, and the keys that came of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, choice, own_key, same_community
from community.sealing.rules.boxes import EndedAs, HowOpened


class Envelope(Base):
    """One envelope that was handed in; replaced and withdrawn ones leave their row behind."""

    __tablename__ = "sealing_envelope"
    __table_args__ = (
        own_key(),
        same_community("box_id", "sealing_box"),
        Index(
            "uq_sealing_envelope_current",
            "community_id",
            "box_id",
            "owner",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_sealing_envelope_copies", "community_id", "ciphertext_hash"),
        CheckConstraint("LENGTH(commitment) = 32", "commitment"),
        CheckConstraint("owner <> ''", "owner"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL) AND ended_at >= received_at", "end"
        ),
    )

    # Drawn at random: a number in order of arrival would tell how many came before.
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    box_id: Mapped[int]
    owner: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime]
    commitment: Mapped[bytes]
    # Of encrypted ones only: a hash without salt of anything readable could be guessed.
    ciphertext_hash: Mapped[bytes | None]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[EndedAs | None] = mapped_column(choice(EndedAs, "ended_as"))


class Content(Base):
    """Salt and content of a current envelope, encrypted under a key of the installation."""

    __tablename__ = "sealing_content"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "envelope_id"),
        same_community("envelope_id", "sealing_envelope"),
    )

    community_id: Mapped[int]
    envelope_id: Mapped[int] = mapped_column(BigInteger)
    kept: Mapped[bytes]


class Share(Base):
    """What one opener gave for one envelope; without bytes: it could not be decrypted."""

    __tablename__ = "sealing_key_share"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "envelope_id", "place"),
        same_community("envelope_id", "sealing_envelope"),
        CheckConstraint("LENGTH(share) = 32", "length"),
    )

    community_id: Mapped[int]
    envelope_id: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[int]
    share: Mapped[bytes | None]
    given_at: Mapped[datetime]


class Opening(Base):
    """The key by which an encrypted envelope can be read, and who gave it."""

    __tablename__ = "sealing_envelope_key"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "envelope_id"),
        same_community("envelope_id", "sealing_envelope"),
        CheckConstraint("LENGTH(envelope_key) = 32", "length"),
        CheckConstraint("how IN ('openers', 'owner')", "by_key"),
    )

    community_id: Mapped[int]
    envelope_id: Mapped[int] = mapped_column(BigInteger)
    how: Mapped[HowOpened] = mapped_column(choice(HowOpened, "how"))
    envelope_key: Mapped[bytes]
    given_at: Mapped[datetime]


_BOX = (
    "(SELECT 1 FROM sealing_box b WHERE b.id = NEW.box_id"
    " AND b.community_id = NEW.community_id AND "
)
triggers.refuse(
    "sealing_envelope_in_time",
    "sealing_envelope",
    "INSERT",
    f"NOT EXISTS {_BOX} b.frozen_at IS NULL AND NEW.received_at >= b.opens_at"
    " AND NEW.received_at < b.deadline) OR NEW.ended_at IS NOT NULL",
    "no envelope is taken in outside [start, deadline)",
)
triggers.refuse(
    "sealing_envelope_no_copy",
    "sealing_envelope",
    "INSERT",
    "EXISTS (SELECT 1 FROM sealing_envelope e WHERE e.community_id = NEW.community_id"
    " AND e.ciphertext_hash = NEW.ciphertext_hash"
    " AND (e.box_id <> NEW.box_id OR e.owner <> NEW.owner))",
    "a copied envelope is no envelope",
)
triggers.refuse(
    "sealing_envelope_stays",
    "sealing_envelope",
    "UPDATE",
    "NEW.id <> OLD.id OR NEW.community_id <> OLD.community_id OR NEW.box_id <> OLD.box_id"
    " OR NEW.owner <> OLD.owner OR NEW.received_at <> OLD.received_at"
    " OR NEW.commitment <> OLD.commitment"
    " OR (NEW.ciphertext_hash IS NULL) <> (OLD.ciphertext_hash IS NULL)"
    " OR NEW.ciphertext_hash <> OLD.ciphertext_hash OR OLD.ended_at IS NOT NULL"
    f" OR NOT EXISTS {_BOX} b.frozen_at IS NULL AND NEW.ended_at < b.deadline)",
    "an envelope is only replaced or withdrawn, and only before the deadline",
)
triggers.refuse(
    "sealing_envelope_kept", "sealing_envelope", "DELETE", "TRUE", "an envelope leaves its trace"
)
triggers.refuse(
    "sealing_content_in_time",
    "sealing_content",
    "INSERT",
    "NOT EXISTS (SELECT 1 FROM sealing_envelope e JOIN sealing_box b ON b.id = e.box_id"
    " WHERE e.id = NEW.envelope_id AND e.community_id = NEW.community_id"
    " AND e.ended_at IS NULL AND b.frozen_at IS NULL)",
    "no content is taken in after freezing",
)
triggers.refuse(
    "sealing_content_stays", "sealing_content", "UPDATE", "TRUE", "a content never changes"
)
triggers.refuse(
    "sealing_content_kept",
    "sealing_content",
    "DELETE",
    "EXISTS (SELECT 1 FROM sealing_envelope e JOIN sealing_box b ON b.id = e.box_id"
    " WHERE e.id = OLD.envelope_id AND e.community_id = OLD.community_id"
    " AND e.ended_at IS NULL AND b.discarded_at IS NULL"
    " AND (b.keeps_contents OR b.opened_at IS NULL))",
    "a content that counts is kept",
)
for _table in ("sealing_key_share", "sealing_envelope_key"):
    triggers.refuse(f"{_table}_stays", _table, "UPDATE", "TRUE", f"{_table} is append-only")
    triggers.refuse(
        f"{_table}_kept",
        _table,
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM sealing_envelope e JOIN sealing_box b ON b.id = e.box_id"
        " WHERE e.id = OLD.envelope_id AND e.community_id = OLD.community_id"
        " AND b.opened_at IS NOT NULL AND NOT b.keeps_contents)",
        f"{_table} is append-only",
    )
    triggers.refuse(
        f"{_table}_after_deadline",
        _table,
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM sealing_envelope e JOIN sealing_box b ON b.id = e.box_id"
        " WHERE e.id = NEW.envelope_id AND e.community_id = NEW.community_id"
        " AND e.ended_at IS NULL AND b.level = 'l2' AND b.frozen_at IS NOT NULL"
        " AND b.opened_at IS NULL AND b.discarded_at IS NULL"
        " AND NEW.given_at >= b.deadline)",
        "shares and keys are given after the deadline, until the box is open",
    )
