"""The public copies of papers, and every opening of an original."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, same_community


class PaperTwin(CommunityRow, Base):
    """The copy (公开副本) of a paper with personal data blacked out, by both hashes."""

    __tablename__ = "trust_twin"
    __table_args__ = (
        same_community("file_id", "stored_file"),
        UniqueConstraint("community_id", "original_sha256", "sha256"),
        CheckConstraint("original_sha256 <> sha256", name="something_is_blacked_out"),
    )

    original_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int]
    made_at: Mapped[datetime]


class PaperOpening(CommunityRow, Base):
    """That somebody opened an original (查看原件), in which role and why."""

    __tablename__ = "trust_paper_opening"
    __table_args__ = (
        same_community("fund_id", "trust_fund"),
        same_community("file_id", "stored_file"),
        Index("ix_trust_paper_opening_fund", "community_id", "fund_id"),
    )

    fund_id: Mapped[int]
    file_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(120))
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]


for name in ("trust_twin", "trust_paper_opening"):
    triggers.append_only(name)
