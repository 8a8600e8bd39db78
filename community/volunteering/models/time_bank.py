"""Needs, offers, accepted services, and coins given away or granted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.points import DeedState
from community.volunteering.rules.time_bank import (
    NeedState,
    OfferState,
    Origin,
    Proof,
    Purse,
    ServiceState,
)


class Need(CommunityRow, Base):
    """A wish for help: who, what, where, when, how long; `entered_by` may be the desk."""

    __tablename__ = "need"
    __table_args__ = (
        own_key(),
        Index("ix_need_state", "community_id", "state", "starts_at"),
        Index("ix_need_receiver", "community_id", "receiver_id", "starts_at"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )

    receiver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Whose coins pay when the receiver pays: the receiver or, where the rule lets, the spouse.
    payer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind, "kind"))
    words: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(80))
    building: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    state: Mapped[NeedState] = mapped_column(choice(NeedState, "state"))
    closed_because: Mapped[str] = mapped_column(String(200), default="")


class Offer(CommunityRow, Base):
    """What somebody is willing to do, and when; a receiver asks the giver directly."""

    __tablename__ = "offer"
    __table_args__ = (
        own_key(),
        Index("ix_offer_state", "community_id", "state"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )

    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind, "kind"))
    words: Mapped[str] = mapped_column(String(300))
    when_words: Mapped[str] = mapped_column(String(120))
    building: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    state: Mapped[OfferState] = mapped_column(choice(OfferState, "state"))


class Acceptance(CommunityRow, Base):
    """A need that a giver took on, with arrival, leaving, confirmation and the coins moved."""

    __tablename__ = "need_acceptance"
    __table_args__ = (
        own_key(),
        same_community("need_id", "need"),
        same_community("rule_set_id", "rule_set"),
        Index("ix_need_acceptance_giver", "community_id", "giver_id", "state"),
        # A need has one giver at a time; a cancelled one makes room for the next.
        Index(
            "uq_need_acceptance_live",
            "community_id",
            "need_id",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="times_in_order"),
        CheckConstraint("coins >= 0", name="coins_not_negative"),
    )

    need_id: Mapped[int]
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rule_set_id: Mapped[int]
    purse: Mapped[Purse] = mapped_column(choice(Purse, "purse"))
    state: Mapped[ServiceState] = mapped_column(choice(ServiceState, "state"))
    arrival_code: Mapped[str] = mapped_column(String(8))
    leaving_code: Mapped[str] = mapped_column(String(8))
    agreed_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    started_by: Mapped[Proof | None] = mapped_column(choice(Proof, "started_by"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Proof | None] = mapped_column(choice(Proof, "ended_by"))
    served_minutes: Mapped[int | None]
    coins: Mapped[int] = mapped_column(default=0)
    hold_id: Mapped[int | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    disputed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    disputed_at: Mapped[datetime | None]
    dispute_words: Mapped[str] = mapped_column(String(300), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer_words: Mapped[str] = mapped_column(String(300), default="")
    cancelled_because: Mapped[str] = mapped_column(String(200), default="")


class CoinGift(CommunityRow, Base):
    """Coins given to a bound direct relative or, without `to_person_id`, to the pool."""

    __tablename__ = "coin_gift"
    __table_args__ = (
        own_key(),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("to_person_id IS NULL OR to_person_id <> from_person_id", name="to_other"),
    )

    from_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int]
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]


class CoinGrant(CommunityRow, Base):
    """Coins from the pool to somebody in need, or newly put into the pool; two people decide."""

    __tablename__ = "coin_grant"
    __table_args__ = (
        own_key(),
        Index("ix_coin_grant_state", "community_id", "state"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint(
            "state <> 'granted' OR decided_by <> proposed_by", name="two_different_people"
        ),
    )

    # Without a person the coins are new ones for the pool.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[DeedState] = mapped_column(choice(DeedState, "state"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(200), default="")


triggers.append_only("coin_gift")
for _table in ("need", "offer", "need_acceptance", "coin_grant"):
    triggers.refuse(f"{_table}_no_delete", _table, "DELETE", "TRUE", f"{_table} rows are kept")
