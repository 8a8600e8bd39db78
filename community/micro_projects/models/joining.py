"""Who stands behind a project, and ideas that become one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community.kernel import triggers
from community.kernel.tables import Base, CommunityRow, choice, own_key, same_community
from community.micro_projects.rules.joining import MERGE_STEPS, MergerState
from community.micro_projects.rules.states import steps_sql


class ProjectEndorsement(CommunityRow, Base):
    """An adult's endorsement (附议) of a project, once each; taken back, it stays as a row."""

    __tablename__ = "project_endorsement"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        UniqueConstraint("community_id", "project_id", "person_id"),
        Index("ix_project_endorsement_person", "community_id", "person_id"),
    )

    project_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    endorsed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    # Who wrote it down at the desk for somebody without a phone.
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ProjectMerge(CommunityRow, Base):
    """That a project is to go into another (合并), and whether both authors agreed."""

    __tablename__ = "project_merge"
    __table_args__ = (
        own_key(),
        same_community("project_id", "project"),
        same_community("into_id", "project"),
        Index("ix_project_merge_into", "community_id", "into_id"),
        Index(
            "uq_project_merge_open",
            "community_id",
            "project_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint("project_id <> into_id", name="two_projects"),
        CheckConstraint(
            "state <> 'merged' OR (agreed_at IS NOT NULL AND into_agreed_at IS NOT NULL)",
            name="merged_by_consent",
        ),
    )

    project_id: Mapped[int]
    into_id: Mapped[int]
    state: Mapped[MergerState] = mapped_column(choice(MergerState, "state"))
    reason: Mapped[str] = mapped_column(String(200))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    into_agreed_at: Mapped[datetime | None]


triggers.refuse(
    "project_endorsement_no_delete", "project_endorsement", "DELETE", "TRUE", "it is kept"
)
triggers.refuse("project_merge_no_delete", "project_merge", "DELETE", "TRUE", "it is kept")
triggers.refuse(
    "project_merge_steps",
    "project_merge",
    "UPDATE OF state",
    steps_sql("state", MERGE_STEPS),
    "a merger goes only the steps of its table",
)
