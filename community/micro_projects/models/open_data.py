"""What was published about each contracting process: releases that are never changed again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, BigId, CommunityRow, own_key, same_community


class OcdsProcess(CommunityRow, Base):
    """A contracting process and its number for the world: a tender's attempt, or a direct award."""

    __tablename__ = "ocds_process"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("tender_id", "tender"),
        same_community("award_id", "award"),
        UniqueConstraint("ocid"),
        UniqueConstraint("community_id", "tender_id"),
        UniqueConstraint("community_id", "award_id"),
        UniqueConstraint("community_id", "project_id", "attempt"),
        CheckConstraint("(tender_id IS NULL) <> (award_id IS NULL)", name="tender_or_direct_award"),
        CheckConstraint("attempt >= 1", name="attempt"),
    )

    project_id: Mapped[int]
    tender_id: Mapped[int | None]
    award_id: Mapped[int | None]
    attempt: Mapped[int]
    ocid: Mapped[str] = mapped_column(String(120))


class OcdsRelease(CommunityRow, Base):
    """One release of a process, in the bytes in which it was published.

    `feed_place` counts the community's releases without a gap, in the order of their commits.
    """

    __tablename__ = "ocds_release"
    __table_args__ = (
        same_community("process_id", "ocds_process"),
        UniqueConstraint("community_id", "feed_place"),
        UniqueConstraint("process_id", "number"),
        UniqueConstraint("release_id"),
        Index("ix_ocds_release_process", "community_id", "process_id", "number"),
        CheckConstraint("number >= 1 AND feed_place >= 1", name="counted_from_one"),
    )

    process_id: Mapped[int]
    number: Mapped[int]
    release_id: Mapped[str] = mapped_column(String(130))
    # The kinds of the release, parted by commas.
    tags: Mapped[str] = mapped_column(String(300))
    content: Mapped[bytes]
    published_at: Mapped[datetime]
    feed_place: Mapped[int]


class OcdsFeed(Base):
    """How many releases a community has published.

    Whoever publishes locks this row until the commit, so a later place is never seen first.
    """

    __tablename__ = "ocds_feed"

    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id"), primary_key=True)
    last_place: Mapped[int]


triggers.append_only("ocds_process")
triggers.append_only("ocds_release")
triggers.refuse(
    "ocds_feed_counts",
    "ocds_feed",
    "UPDATE",
    "NEW.last_place <> OLD.last_place + 1 OR NEW.community_id <> OLD.community_id",
    "a feed counts one by one",
)
triggers.refuse("ocds_feed_no_delete", "ocds_feed", "DELETE", "TRUE", "a feed is kept")
