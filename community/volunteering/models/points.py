"""What each posting of points or coins was earned by, and awards for good deeds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.volunteering.rules.kinds import DeedKind, ServiceKind
from community.volunteering.rules.points import Book, DeedState, Source


class Earning(CommunityRow, Base):
    """Why somebody got points or coins: one row a source and book, so nothing earns twice.

    `units` went to the owner, `pooled_units` to the community pool (coins beyond the cap).
    """

    __tablename__ = "earning"
    __table_args__ = (
        own_key(),
        UniqueConstraint(
            "community_id", "book", "source", "source_id", "version", name="uq_earning_source"
        ),
        same_community("rule_set_id", "rule_set"),
        Index("ix_earning_person_day", "community_id", "person_id", "book", "served_on"),
        Index("ix_earning_owner_day", "community_id", "owner", "book", "served_on"),
        CheckConstraint("units >= 0 AND pooled_units >= 0", name="not_negative"),
    )

    book: Mapped[Book] = mapped_column(choice(Book, "book"))
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    source_id: Mapped[int]
    # A corrected record of hours earns anew after the earlier version was taken back.
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    activity_id: Mapped[int | None]
    rule_set_id: Mapped[int]
    kind: Mapped[ServiceKind | None] = mapped_column(choice(ServiceKind, "kind"))
    title: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int]
    units_before_caps: Mapped[int]
    units: Mapped[int]
    pooled_units: Mapped[int] = mapped_column(default=0)
    # Caps count by the day served, expiry by the day earned: hours of 30 December that are
    # confirmed in January must not end before they arrive.
    served_on: Mapped[date]
    earned_on: Mapped[date]
    expires_on: Mapped[date | None]
    earned_at: Mapped[datetime]
    transaction_id: Mapped[int | None]
    pool_transaction_id: Mapped[int | None]
    reversed_at: Mapped[datetime | None]
    reversed_because: Mapped[str | None] = mapped_column(String(200))
    # What was already spent when an earning was taken back: owed, never below zero.
    unrecovered_units: Mapped[int] = mapped_column(default=0)


class GoodDeed(CommunityRow, Base):
    """A good deed put forward for an award of points; never how somebody votes."""

    __tablename__ = "good_deed"
    __table_args__ = (
        own_key(),
        same_community("rule_set_id", "rule_set"),
        Index("ix_good_deed_state", "community_id", "state"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("decided_by IS NULL OR person_id <> proposed_by", name="not_own_deed"),
        CheckConstraint(
            "NOT (state = 'granted' AND needs_second AND decided_by = proposed_by)",
            name="two_different_people",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[DeedKind] = mapped_column(choice(DeedKind, "kind"))
    happened_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    points: Mapped[int]
    rule_set_id: Mapped[int]
    needs_second: Mapped[bool]
    state: Mapped[DeedState] = mapped_column(choice(DeedState, "state"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(200), default="")


triggers.refuse("earning_no_delete", "earning", "DELETE", "TRUE", "an earning is kept")
triggers.refuse(
    "earning_figures_stand",
    "earning",
    "UPDATE OF units, pooled_units, source, source_id, book, minutes, rule_set_id",
    "TRUE",
    "an earning is reversed, not changed",
)
triggers.refuse("good_deed_no_delete", "good_deed", "DELETE", "TRUE", "a good deed is kept")
