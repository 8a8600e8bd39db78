"""Activities, who leads them, their shifts, and the series that makes shifts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel.tables import Base, CommunityRow, PlainJson, choice, own_key, same_community
from community.volunteering.rules.kinds import ServiceKind
from community.volunteering.rules.series import Rhythm
from community.volunteering.rules.states import ActivityState, ShiftState


class Activity(CommunityRow, Base):
    """What volunteers do together, as 民政部令第67号 Art. 7 describes it."""

    __tablename__ = "activity"
    __table_args__ = (
        own_key(),
        CheckConstraint("minimum_age BETWEEN 0 AND 120", name="age_is_possible"),
        Index("ix_activity_state", "community_id", "state"),
    )

    title: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind, "kind_is_known"))
    organising_unit: Mapped[str] = mapped_column(String(60))
    person_in_charge_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(2000), default="")
    skills: Mapped[list[str]] = mapped_column(PlainJson, default=list)
    minimum_age: Mapped[int] = mapped_column(default=0)
    photo_file_id: Mapped[int | None]
    state: Mapped[ActivityState] = mapped_column(
        choice(ActivityState, "state_is_known"), default=ActivityState.OPEN
    )
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ActivityLeader(CommunityRow, Base):
    """A person who leads an activity: scans, confirms, and answers for its roster."""

    __tablename__ = "activity_leader"
    __table_args__ = (
        same_community("activity_id", "activity"),
        UniqueConstraint("community_id", "activity_id", "person_id"),
        Index("ix_activity_leader_person", "community_id", "person_id"),
    )

    activity_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]


class ActivitySeries(CommunityRow, Base):
    """A rhythm by which shifts of an activity were made."""

    __tablename__ = "activity_series"
    __table_args__ = (own_key(), same_community("activity_id", "activity"))

    activity_id: Mapped[int]
    rhythm: Mapped[Rhythm] = mapped_column(choice(Rhythm, "rhythm_is_known"))
    first_on: Mapped[date]
    until: Mapped[date]
    created_at: Mapped[datetime]


class Shift(CommunityRow, Base):
    """A time and a place of an activity, with so many places to take.

    `taken` counts who is signed up and who has been offered a place; it is the guard row of two
    at once for the last place. `planned_ends_at` is what was announced before a shortening.
    """

    __tablename__ = "shift"
    __table_args__ = (
        own_key(),
        same_community("activity_id", "activity"),
        same_community("series_id", "activity_series"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity BETWEEN 1 AND 2000", name="capacity_is_possible"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="no_more_than_capacity"),
        Index("ix_shift_starts", "community_id", "starts_at"),
        Index("ix_shift_activity", "community_id", "activity_id", "starts_at"),
    )

    activity_id: Mapped[int]
    series_id: Mapped[int | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    planned_ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80))
    gates: Mapped[list[str]] = mapped_column(PlainJson, default=list)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    state: Mapped[ShiftState] = mapped_column(
        choice(ShiftState, "state_is_known"), default=ShiftState.OPEN
    )
    change_note: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
