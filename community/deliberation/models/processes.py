"""四议两公开: the process of one matter and its steps as they were signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.deliberation.rules.motions import steps_sql
from community.deliberation.rules.processes import PROCESS_STEPS, ProcessState, Step
from community.kernel import triggers
from community.kernel.tables import (
    Base,
    CommunityRow,
    PlainJson,
    choice,
    own_key,
    same_community,
)


class GuidedProcess(CommunityRow, Base):
    """A matter on its way through the six steps (四议两公开), with the shares it is held to."""

    __tablename__ = "guided_process"
    __table_args__ = (
        own_key(),
        CheckConstraint(
            "review_num <= review_den AND attend_num <= attend_den AND passing_num <= passing_den"
            " AND 2 * passing_num >= passing_den",
            name="shares_of_a_whole",
        ),
    )

    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str]
    subject: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[ProcessState] = mapped_column(choice(ProcessState, "state"))
    legal_basis: Mapped[str] = mapped_column(String(200))
    review_num: Mapped[int]
    review_den: Mapped[int]
    attend_num: Mapped[int]
    attend_den: Mapped[int]
    passing_num: Mapped[int]
    passing_den: Mapped[int]
    posting_days: Mapped[int]
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]


class ProcessStep(CommunityRow, Base):
    """One step as it was held: who should have come, who came, what came out, who signed."""

    __tablename__ = "process_step"
    __table_args__ = (
        own_key(),
        same_community("process_id", "guided_process"),
        UniqueConstraint("community_id", "process_id", "position"),
        CheckConstraint("position >= 1 AND position <= 6", name="six_steps"),
        CheckConstraint("yes <= present AND present <= expected", name="votes_within_people"),
    )

    process_id: Mapped[int]
    position: Mapped[int]
    step: Mapped[Step] = mapped_column(choice(Step, "step"))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(1_000))
    expected: Mapped[int]
    present: Mapped[int]
    yes: Mapped[int]
    passed: Mapped[bool]
    # Names as they stand on the signed paper.
    signers: Mapped[Any] = mapped_column(PlainJson)
    file_id: Mapped[int]
    file_sha256: Mapped[str] = mapped_column(String(64))
    notice_id: Mapped[int | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


triggers.append_only("process_step")
triggers.refuse(
    "process_step_in_order",
    "process_step",
    "INSERT",
    "NEW.position > 1 AND NOT EXISTS (SELECT 1 FROM process_step s WHERE s.process_id ="
    " NEW.process_id AND s.position = NEW.position - 1 AND s.passed)",
    "no step is skipped",
)
triggers.refuse(
    "guided_process_steps",
    "guided_process",
    "UPDATE OF state",
    steps_sql(PROCESS_STEPS),
    "a process goes only the steps of its table",
)
