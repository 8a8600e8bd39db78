"""Private trees: commitments of a poll or tender that wait, uncounted, until it closes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key, same_community


class PrivateTree(CommunityRow, Base):
    """One poll's or tender's tree; `subject` is opaque text of the room that asks."""

    __tablename__ = "transparency_private_tree"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "subject"))

    subject: Mapped[str] = mapped_column(String(120))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class PrivateCommitment(Base):
    """A commitment at its place of arrival, and the random number that its receipt names."""

    __tablename__ = "transparency_private_commitment"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "tree_id", "place"),
        UniqueConstraint("community_id", "tree_id", "number"),
        same_community("tree_id", "transparency_private_tree"),
        CheckConstraint("LENGTH(commitment) = 32", "commitment_length"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int]
    tree_id: Mapped[int]
    place: Mapped[int]
    number: Mapped[int]
    commitment: Mapped[bytes]
    kept_at: Mapped[datetime]


class PrivateRoot(Base):
    """What the record of one hour hides: salt and size; published when the tree closes."""

    __tablename__ = "transparency_private_root"
    __table_args__ = (
        PrimaryKeyConstraint("community_id", "tree_id", "hour"),
        same_community("tree_id", "transparency_private_tree"),
        CheckConstraint("LENGTH(salt) = 32", "salt_length"),
    )

    community_id: Mapped[int]
    tree_id: Mapped[int]
    # Seconds since 1970; the start of the hour, or the moment of closing.
    hour: Mapped[int]
    salt: Mapped[bytes]
    size: Mapped[int]
    record_id: Mapped[int] = mapped_column(ForeignKey("transparency_record.id"))


triggers.append_only("transparency_private_commitment")
triggers.append_only("transparency_private_root")
triggers.refuse(
    "transparency_private_tree_kept",
    "transparency_private_tree",
    "DELETE",
    "TRUE",
    "a private tree is closed, not deleted",
)
triggers.refuse(
    "transparency_private_tree_closed",
    "transparency_private_tree",
    "UPDATE",
    "OLD.closed_at IS NOT NULL OR NEW.subject <> OLD.subject",
    "a closed tree stays closed",
)
triggers.refuse(
    "transparency_private_commitment_late",
    "transparency_private_commitment",
    "INSERT",
    "NOT EXISTS (SELECT 1 FROM transparency_private_tree t WHERE t.id = NEW.tree_id"
    " AND t.community_id = NEW.community_id AND t.closed_at IS NULL)"
    " OR NEW.place <> (SELECT COALESCE(MAX(place) + 1, 0) FROM transparency_private_commitment"
    " WHERE community_id = NEW.community_id AND tree_id = NEW.tree_id)",
    "the tree is closed, or a place is passed over",
)
