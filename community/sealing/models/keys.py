"""The register of openers' public keys; private keys never come here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, own_key


class OpenerKey(CommunityRow, Base):
    """A person's P-256 public key, uncompressed; the one without an end counts."""

    __tablename__ = "sealing_opener_key"
    __table_args__ = (
        own_key(),
        # One key registered by two people would be one opener counted twice.
        UniqueConstraint("community_id", "public_key"),
        Index(
            "uq_sealing_opener_key_current",
            "community_id",
            "person_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        CheckConstraint("LENGTH(public_key) = 65", "length"),
        CheckConstraint("replaced_at >= registered_at", "order"),
    )

    person_id: Mapped[int]
    public_key: Mapped[bytes]
    fingerprint: Mapped[str] = mapped_column(String(60))
    registered_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


triggers.refuse(
    "sealing_opener_key_stays",
    "sealing_opener_key",
    "UPDATE",
    "NEW.public_key <> OLD.public_key OR NEW.fingerprint <> OLD.fingerprint"
    " OR NEW.registered_at <> OLD.registered_at OR NEW.community_id <> OLD.community_id"
    " OR (OLD.replaced_at IS NOT NULL AND (NEW.replaced_at IS NULL"
    " OR NEW.replaced_at <> OLD.replaced_at))",
    "a registered key never changes",
)
triggers.refuse(
    "sealing_opener_key_kept",
    "sealing_opener_key",
    "DELETE",
    "TRUE",
    "a registered key is replaced, not deleted",
)
