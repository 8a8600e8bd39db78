"""One log per community: its keys, leaves, full tiles and signed checkpoints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class Log(CommunityRow, Base):
    """A community's log and the name it goes by."""

    __tablename__ = "transparency_log"
    __table_args__ = (UniqueConstraint("community_id"),)

    # Fixed when the log is opened: checkpoints name it for ever, whatever the site's address.
    origin: Mapped[str] = mapped_column(String(200), unique=True)
    opened_at: Mapped[datetime]


class LogKey(CommunityRow, Base):
    """A public key that signs checkpoints; the newest signs, older ones still verify."""

    __tablename__ = "transparency_log_key"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "number"),
        CheckConstraint("LENGTH(public_key) = 32", "key_length"),
        CheckConstraint("number >= 1", "number"),
    )

    number: Mapped[int]
    public_key: Mapped[bytes]
    made_at: Mapped[datetime]


class Leaf(Base):
    """The place of a record in the log; places follow one another without a gap."""

    __tablename__ = "transparency_leaf"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "log_index"),
        UniqueConstraint("community_id", "record_id"),
        CheckConstraint("LENGTH(leaf_hash) = 32", "hash_length"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    log_index: Mapped[int]
    record_id: Mapped[int] = mapped_column(ForeignKey("transparency_record.id"))
    leaf_hash: Mapped[bytes]


class Tile(Base):
    """256 hashes of one level, once they are complete, and the hash above them."""

    __tablename__ = "transparency_tile"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "level", "number"),
        CheckConstraint("LENGTH(hashes) = 8192 AND LENGTH(root) = 32", "whole"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    level: Mapped[int]
    number: Mapped[int]
    # Before the hashes, which fill pages of their own: the level above reads roots alone.
    root: Mapped[bytes]
    hashes: Mapped[bytes]


class Checkpoint(CommunityRow, Base):
    """A signed statement of the log's size and root, as the exact bytes of its note."""

    __tablename__ = "transparency_checkpoint"
    __table_args__ = (
        own_key(),
        same_community("log_key_id", "transparency_log_key"),
        UniqueConstraint("community_id", "size"),
        CheckConstraint("size > 0 AND LENGTH(root) = 32", "whole"),
    )

    log_key_id: Mapped[int]
    size: Mapped[int]
    root: Mapped[bytes]
    note: Mapped[bytes]
    signed_at: Mapped[datetime]


for _table in (
    "transparency_log_key",
    "transparency_leaf",
    "transparency_tile",
    "transparency_checkpoint",
):
    triggers.append_only(_table)

triggers.refuse(
    "transparency_log_kept", "transparency_log", "DELETE", "TRUE", "a log is kept for ever"
)
triggers.refuse(
    "transparency_log_named",
    "transparency_log",
    "UPDATE OF community_id, origin",
    "NEW.origin <> OLD.origin OR NEW.community_id <> OLD.community_id",
    "a log keeps its origin",
)
triggers.refuse(
    "transparency_leaf_next",
    "transparency_leaf",
    "INSERT",
    "NEW.log_index <> (SELECT COALESCE(MAX(log_index) + 1, 0) FROM transparency_leaf"
    " WHERE community_id = NEW.community_id)",
    "log indexes follow one another without a gap",
)
triggers.refuse(
    "transparency_checkpoint_grows",
    "transparency_checkpoint",
    "INSERT",
    "NEW.size <= (SELECT MAX(size) FROM transparency_checkpoint"
    " WHERE community_id = NEW.community_id)",
    "a log only grows",
)
