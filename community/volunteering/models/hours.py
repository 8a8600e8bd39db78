"""Records of hours with every version of them, doubts about them, and hours filled in later."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.volunteering.rules.kinds import HoursClass, ServiceKind
from community.volunteering.rules.states import (
    BackFillState,
    DisputeState,
    HoursSource,
    HoursState,
)


class HoursRecord(CommunityRow, Base):
    """Hours of one person on one day, with what 民政部令第67号 Art. 7 asks for.

    `hours_class` is the class the record has once confirmed; until then it shows as pending.
    `version` is the newest row of `hours_version`; `posted_version` the one that counts in the
    hours book, None when none does. `rule_set_id` is the set that decides it. `record_by` is the
    day by which it must be recorded. `organization_id` names the group somebody served with.
    """

    __tablename__ = "hours_record"
    __table_args__ = (
        own_key(),
        same_community("shift_id", "shift"),
        same_community("activity_id", "activity"),
        same_community("rule_set_id", "rule_set"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_fit_a_day"),
        CheckConstraint("hours_class <> 'pending'", name="class_is_the_one_once_confirmed"),
        CheckConstraint(
            "(state = 'confirmed') = (posted_version IS NOT NULL)", name="confirmed_means_posted"
        ),
        Index(
            "uq_hours_record_shift",
            "community_id",
            "shift_id",
            "person_id",
            unique=True,
            sqlite_where=text("shift_id IS NOT NULL"),
            postgresql_where=text("shift_id IS NOT NULL"),
        ),
        UniqueConstraint("community_id", "source", "source_key"),
        Index("ix_hours_record_person", "community_id", "person_id", "served_on"),
        Index("ix_hours_record_state", "community_id", "state", "record_by"),
        Index("ix_hours_record_day", "community_id", "served_on"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shift_id: Mapped[int | None]
    activity_id: Mapped[int | None]
    source: Mapped[HoursSource] = mapped_column(choice(HoursSource, "source_is_known"))
    source_key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind, "kind_is_known"))
    title: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(String(400), default="")
    place: Mapped[str] = mapped_column(String(80), default="")
    organising_unit: Mapped[str] = mapped_column(String(60))
    person_in_charge_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    served_on: Mapped[date]
    hours_class: Mapped[HoursClass] = mapped_column(choice(HoursClass, "class_is_known"))
    state: Mapped[HoursState] = mapped_column(choice(HoursState, "state_is_known"))
    minutes: Mapped[int]
    attended_bp: Mapped[int] = mapped_column(default=10_000)
    rule_set_id: Mapped[int]
    beneficiary_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    posted_version: Mapped[int | None]
    posted_transaction_id: Mapped[int | None]
    record_by: Mapped[date]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class HoursVersion(CommunityRow, Base):
    """What a record said, who wrote it and why; never changed, so a correction keeps both."""

    __tablename__ = "hours_version"
    __table_args__ = (
        same_community("record_id", "hours_record"),
        UniqueConstraint("community_id", "record_id", "version"),
    )

    record_id: Mapped[int]
    version: Mapped[int]
    minutes: Mapped[int]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class HoursDispute(CommunityRow, Base):
    """A volunteer's doubt about hours (民政部令第67号 Arts. 12, 13), answered by a day."""

    __tablename__ = "hours_dispute"
    __table_args__ = (
        same_community("record_id", "hours_record"),
        Index("ix_hours_dispute_state", "community_id", "state", "answer_by"),
        Index(
            "uq_hours_dispute_open",
            "community_id",
            "record_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    record_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question: Mapped[str] = mapped_column(String(400))
    claimed_minutes: Mapped[int | None]
    asked_at: Mapped[datetime]
    answer_by: Mapped[date]
    state: Mapped[DisputeState] = mapped_column(
        choice(DisputeState, "state_is_known"), default=DisputeState.OPEN
    )
    answer: Mapped[str] = mapped_column(String(400), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class BackFill(CommunityRow, Base):
    """Hours filled in later: evidence, a second person's approval, a quota, public for ever."""

    __tablename__ = "back_fill"
    __table_args__ = (
        own_key(),
        same_community("activity_id", "activity"),
        same_community("record_id", "hours_record"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_fit_a_day"),
        CheckConstraint(
            "decided_by IS NULL OR (decided_by <> asked_by AND decided_by <> person_id)",
            name="decided_by_a_second_person",
        ),
        Index("ix_back_fill_state", "community_id", "state", "asked_at"),
        Index("ix_back_fill_person", "community_id", "person_id", "asked_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    activity_id: Mapped[int | None]
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind, "kind_is_known"))
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(80))
    served_on: Mapped[date]
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(400))
    evidence_file_id: Mapped[int]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[BackFillState] = mapped_column(
        choice(BackFillState, "state_is_known"), default=BackFillState.WAITING
    )
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(200), default="")
    record_id: Mapped[int | None]


triggers.append_only("hours_version")
triggers.refuse(
    "hours_record_keeps_its_facts",
    "hours_record",
    "UPDATE OF person_id, served_on, source, source_key, hours_class",
    "OLD.served_on <> NEW.served_on OR OLD.source <> NEW.source"
    " OR OLD.hours_class <> NEW.hours_class OR OLD.source_key <> NEW.source_key",
    "a record of hours keeps its day, source and class",
)
triggers.refuse(
    "hours_record_stays", "hours_record", "DELETE", "TRUE", "a record of hours is never deleted"
)
