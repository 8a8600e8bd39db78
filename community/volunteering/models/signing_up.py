"""Who comes to which shift, who waits, who hands a place on, who may not come, who can what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.volunteering.rules.states import SignUpState, SwapState


class SignUp(CommunityRow, Base):
    """One person and one shift: one row for ever, whose state moves.

    `signed_up_by` is somebody else where a leader, the desk or a guardian did it.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        own_key(),
        same_community("shift_id", "shift"),
        UniqueConstraint("community_id", "shift_id", "person_id"),
        CheckConstraint(
            "(state = 'offered') = (offer_lapses_at IS NOT NULL)", name="an_offer_has_its_end"
        ),
        Index("ix_sign_up_person", "community_id", "person_id", "shift_id"),
    )

    shift_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[SignUpState] = mapped_column(choice(SignUpState, "state_is_known"))
    signed_up_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_up_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    offer_lapses_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]


class ShiftSwap(CommunityRow, Base):
    """A place that its holder hands on, for another shift of the activity or for nothing."""

    __tablename__ = "shift_swap"
    __table_args__ = (
        same_community("shift_id", "shift"),
        same_community("wanted_shift_id", "shift"),
        Index(
            "uq_shift_swap_open",
            "community_id",
            "shift_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    shift_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wanted_shift_id: Mapped[int | None]
    state: Mapped[SwapState] = mapped_column(
        choice(SwapState, "state_is_known"), default=SwapState.OPEN
    )
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class VolunteerSkill(CommunityRow, Base):
    """A skill a volunteer has."""

    __tablename__ = "volunteer_skill"
    __table_args__ = (UniqueConstraint("community_id", "person_id", "skill"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    skill: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]


class VolunteerBlock(CommunityRow, Base):
    """A time in which a person may not sign up or be checked in, with the reason."""

    __tablename__ = "volunteer_block"
    __table_args__ = (Index("ix_volunteer_block_person", "community_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(200))
    until: Mapped[date]
    blocked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    blocked_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
