"""Bodies, the dated figures by which they decide, and their members with terms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.bodies import BodyKind, Office, PassingBase, Side
from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community


class Body(CommunityRow, Base):
    """A body (议事组织): a residents' council, the owners' meeting, a committee."""

    __tablename__ = "body"
    __table_args__ = (own_key(), UniqueConstraint("community_id", "name"))

    kind: Mapped[BodyKind] = mapped_column(choice(BodyKind, "body_kind"))
    name: Mapped[str] = mapped_column(String(60))
    term_months: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class BodyRule(CommunityRow, Base):
    """A dated set of a body's figures; a meeting keeps the set it was called under."""

    __tablename__ = "body_rule"
    __table_args__ = (
        own_key(),
        same_community("body_id", "body"),
        UniqueConstraint("community_id", "body_id", "valid_from"),
        CheckConstraint("notice_days >= 0 AND posting_days >= 0", name="days_count_up"),
        CheckConstraint("quorum_num > 0 AND quorum_num <= quorum_den", name="quorum_is_a_share"),
        CheckConstraint(
            "passing_num <= passing_den AND 2 * passing_num >= passing_den",
            name="no_minority_decides",
        ),
        CheckConstraint("demand_num > 0 AND demand_num <= demand_den", name="demand_is_a_share"),
        CheckConstraint("speech_seconds > 0 AND speeches_each > 0", name="one_may_speak"),
    )

    body_id: Mapped[int]
    valid_from: Mapped[date]
    legal_basis: Mapped[str] = mapped_column(String(200))
    adopted_by_words: Mapped[str] = mapped_column(String(200))
    notice_days: Mapped[int]
    quorum_num: Mapped[int]
    quorum_den: Mapped[int]
    passing_num: Mapped[int]
    passing_den: Mapped[int]
    is_passing_inclusive: Mapped[bool]
    passing_base: Mapped[PassingBase] = mapped_column(choice(PassingBase, "passing_base"))
    demand_num: Mapped[int]
    demand_den: Mapped[int]
    posting_days: Mapped[int]
    speech_seconds: Mapped[int]
    speeches_each: Mapped[int]
    meetings_a_year: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class BodyMember(CommunityRow, Base):
    """A member's term (任期): from a day to before another."""

    __tablename__ = "body_member"
    __table_args__ = (
        own_key(),
        same_community("body_id", "body"),
        UniqueConstraint("community_id", "body_id", "person_id", "from_on"),
        Index("ix_body_member_term", "community_id", "body_id", "until_on"),
        CheckConstraint("until_on >= from_on", name="a_term_goes_forward"),
    )

    body_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    office: Mapped[Office] = mapped_column(choice(Office, "office"))
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_reason: Mapped[str] = mapped_column(String(200), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


triggers.append_only("body_rule")
triggers.refuse(
    "body_member_stands",
    "body_member",
    "UPDATE",
    "NEW.body_id <> OLD.body_id OR NEW.from_on <> OLD.from_on OR NEW.until_on > OLD.until_on",
    "a term only ends earlier",
)
