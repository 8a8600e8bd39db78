"""Honours (评优): what they ask for, who was proposed, who consented, who approved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.rewards.rules.honours import HonouredSubject, HonourState


class HonourKind(CommunityRow, Base):
    """An honour of a year and the hours and points it asks for."""

    __tablename__ = "honour_kind"
    __table_args__ = (
        own_key(),
        UniqueConstraint("community_id", "year", "name"),
        CheckConstraint("least_minutes >= 0 AND least_points >= 0", name="thresholds"),
        CheckConstraint("least_minutes > 0 OR least_points > 0", name="asks_for_something"),
    )

    name: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    subject: Mapped[HonouredSubject] = mapped_column(choice(HonouredSubject, "subject"))
    least_minutes: Mapped[int]
    least_points: Mapped[int]
    words: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Honour(CommunityRow, Base):
    """One proposed or honoured person or household, with the figures the books showed."""

    __tablename__ = "honour"
    __table_args__ = (
        own_key(),
        same_community("kind_id", "honour_kind"),
        same_community("household_id", "household"),
        UniqueConstraint("community_id", "kind_id", "owner"),
        Index("ix_honour_person", "community_id", "person_id"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name="decided_has_its_moment"
        ),
        CheckConstraint(
            "(state = 'approved') = (certificate_number IS NOT NULL)",
            name="approved_has_a_certificate",
        ),
        UniqueConstraint("community_id", "certificate_number"),
    )

    kind_id: Mapped[int]
    # The ledger's opaque owner: "person:7" or "household:3".
    owner: Mapped[str] = mapped_column(String(40))
    # Who answers for consent: the person, or the household's member asked for it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    household_id: Mapped[int | None]
    served_minutes: Mapped[int]
    earned_points: Mapped[int]
    state: Mapped[HonourState] = mapped_column(choice(HonourState, "state"))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Shown to others only between consent and its withdrawal.
    consented_at: Mapped[datetime | None]
    consented_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    certificate_number: Mapped[str | None] = mapped_column(String(20))


triggers.refuse(
    "honour_figures_stand",
    "honour",
    "UPDATE OF community_id, kind_id, served_minutes, earned_points",
    "TRUE",
    "the figures of a proposal stand",
)
