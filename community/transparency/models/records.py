"""Records as they were published, byte for byte, and the salts of what they hide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow
from community.transparency.rules.records import MOST_BYTES


class Record(CommunityRow, Base):
    """A published record; nothing of it ever changes.

    `ref` is the number of its subject, by which the room that published it finds it again.
    """

    __tablename__ = "transparency_record"
    __table_args__ = (
        UniqueConstraint("community_id", "id"),
        Index("ix_transparency_record_kind", "community_id", "kind", "ref"),
        CheckConstraint(f"LENGTH(content) BETWEEN 2 AND {MOST_BYTES}", "size"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    ref: Mapped[int | None]
    content: Mapped[bytes]


class Salt(Base):
    """What a hidden value was and its salt; erasing the row leaves only a hash behind."""

    __tablename__ = "transparency_salt"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "value"),
        CheckConstraint("LENGTH(salt) = 16", "salt_length"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    value: Mapped[str] = mapped_column(String(200))
    salt: Mapped[bytes]
    hidden_at: Mapped[datetime]


triggers.append_only("transparency_record")
